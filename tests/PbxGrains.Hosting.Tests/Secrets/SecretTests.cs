using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PbxGrains.Grains.Secrets;

namespace PbxGrains.Hosting.Tests.Secrets;

public sealed class SecretTests : IDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("pbxgrains-keys-");

    public void Dispose() => _keys.Delete(recursive: true);

    [Fact]
    public void A_secret_reads_back_in_another_process_with_the_same_keys()
    {
        var cipher = Protector("a").Protect("2ac9cb7dc02b3c0083eb70898e549b63");

        Protector("a").Unprotect(cipher).Should().Be("2ac9cb7dc02b3c0083eb70898e549b63");
        Encoding.Latin1.GetString(cipher).Should().NotContain("2ac9cb7d");
    }

    [Fact]
    public void A_secret_of_another_key_ring_is_unreadable_not_an_error()
    {
        var cipher = Protector("a").Protect("secret");

        Protector("b").Unprotect(cipher).Should().BeNull();
    }

    [Fact]
    public void Damaged_bytes_are_unreadable_not_an_error()
    {
        var protector = Protector("a");
        var cipher = protector.Protect("secret");
        cipher[^1] ^= 1;

        protector.Unprotect(cipher).Should().BeNull();
        protector.Unprotect([]).Should().BeNull();
    }

    [Fact]
    public void Only_the_owner_may_enter_the_folder_of_the_keys()
    {
        _ = Protector("a");

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(_keys.FullName, "a")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private ISecretProtector Protector(string ring)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Pbx"] = "Host=127.0.0.1",
            ["DataProtection:Folder"] = Path.Combine(_keys.FullName, ring),
        });
        builder.AddPbxCluster();
        return builder.Build().Services.GetRequiredService<ISecretProtector>();
    }
}
