using System.Diagnostics;
using System.Security.Cryptography;
using CsCheck;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Storage.Tests.Recordings;

public sealed class FolderVaultTests : IDisposable
{
    private static readonly string[] Nasty = ["../../x", "/etc/passwd", "a\0b", "..\\..\\x", new('x', 4096), ".", ""];

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("pbxgrains-vault-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Root => Path.Combine(_parent.FullName, "vault");

    private FolderVault Vault => new(Root);

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task What_is_put_is_read_back_from_any_offset()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);

        var receipt = await PutAsync(Vault, Id("a"), bytes);

        receipt.Bytes.Should().Be(bytes.Length);
        receipt.Sha256.Should().Equal(SHA256.HashData(bytes));
        (await ReadAsync(Id("a"), 0)).Should().Equal(bytes);
        (await ReadAsync(Id("a"), 123_456)).Should().Equal(bytes[123_456..]);
        (await Vault.OpenAsync(Id("b"), 0, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Putting_again_replaces_and_deleting_twice_is_deleting_once()
    {
        _ = await PutAsync(Vault, Id("a"), [1, 2, 3]);
        _ = await PutAsync(Vault, Id("a"), [4]);
        (await ReadAsync(Id("a"), 0)).Should().Equal([4]);

        await Vault.DeleteAsync(Id("a"), Ct);
        await Vault.DeleteAsync(Id("a"), Ct);

        (await Vault.OpenAsync(Id("a"), 0, Ct)).Should().BeNull();
    }

    [Fact]
    public void Whatever_the_PBX_calls_a_recording_its_file_stays_in_the_folder() =>
        Gen.OneOf(Gen.String, Gen.Int[0, Nasty.Length - 1].Select(i => Nasty[i])).Sample(
            name =>
            {
                var id = RecordingId.Of("paris", name);
                _ = PutAsync(Vault, id, [1]).GetAwaiter().GetResult();

                return RecordingId.IsValid(id) && File.Exists(Path.Combine(Root, id[..2], id[2..4], id)) && Directory.GetFileSystemEntries(_parent.FullName).Length == 1;
            },
            iter: 100,
            threads: 1);

    [Theory]
    [InlineData("../../x")]
    [InlineData("")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcde/")]
    public async Task A_name_that_is_no_id_is_refused_before_anything_is_touched(string name)
    {
        await FluentActions.Awaiting(() => PutAsync(Vault, name, [1])).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Vault.OpenAsync(name, 0, Ct)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Vault.DeleteAsync(name, Ct)).Should().ThrowAsync<ArgumentException>();
        Directory.Exists(Root).Should().BeFalse();
    }

    [Fact]
    public async Task What_breaks_off_leaves_nothing_and_the_file_before_stays()
    {
        _ = await PutAsync(Vault, Id("a"), [1, 2, 3]);

        await FluentActions.Awaiting(() => Vault.PutAsync(Id("a"), new BrokenStream(200_000), Ct)).Should().ThrowAsync<EndOfStreamException>();

        (await ReadAsync(Id("a"), 0)).Should().Equal([1, 2, 3]);
        Directory.GetFiles(Path.Combine(Root, "incoming")).Should().BeEmpty();
    }

    [Fact]
    public async Task What_a_killed_process_left_half_written_is_swept_after_a_while_and_is_no_recording_meanwhile()
    {
        _ = await PutAsync(Vault, Id("a"), [1]);
        var left = Path.Combine(Root, "incoming", $"{Id("b")}-1.part");
        await File.WriteAllBytesAsync(left, [1, 2], Ct);

        (await Vault.SweepAsync(DateTimeOffset.UtcNow.AddHours(-1), Ct)).Should().Be(0);
        (await ListAsync()).Should().Equal(Id("a"));
        (await Vault.SweepAsync(DateTimeOffset.UtcNow.AddHours(1), Ct)).Should().Be(1);

        File.Exists(left).Should().BeFalse();
        (await ReadAsync(Id("a"), 0)).Should().Equal([1]);
    }

    [Fact]
    public async Task Everything_is_for_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        _ = await PutAsync(Vault, Id("a"), [1]);

        Directory.GetDirectories(Root, "*", SearchOption.AllDirectories).Append(Root).Select(Mode).Should().OnlyContain(mode => mode == "700");
        Directory.GetFiles(Root, "*", SearchOption.AllDirectories).Select(Mode).Should().OnlyContain(mode => mode == "600");

        static string Mode(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_one_is_a_vault_that_does_not_answer()
    {
        await File.WriteAllTextAsync(Root, "a file where the folder should be", Ct);

        (await FluentActions.Awaiting(() => PutAsync(Vault, Id("a"), [1])).Should().ThrowAsync<VaultUnavailableException>()).Which.Message.Should().NotContain(_parent.Name);
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such_and_leaves_nothing()
    {
        Directory.CreateDirectory(Root);
        Assert.SkipUnless(OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", Root), "This needs the right to mount a small disk.");
        try
        {
            _ = await PutAsync(Vault, Id("a"), new byte[50_000]);

            (await FluentActions.Awaiting(() => PutAsync(Vault, Id("b"), new byte[1_000_000])).Should().ThrowAsync<VaultUnavailableException>()).Which.Fault.Should().Be(VaultFault.Full);

            (await ListAsync()).Should().Equal(Id("a"));
            Directory.GetFiles(Path.Combine(Root, "incoming")).Should().BeEmpty();
            _ = await PutAsync(Vault, Id("b"), new byte[50_000]);
        }
        finally
        {
            _ = await RunAsync("umount", Root);
        }
    }

    private static string Id(string name) => RecordingId.Of("paris", name);

    private static async Task<VaultReceipt> PutAsync(FolderVault vault, string id, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        return await vault.PutAsync(id, content, Ct);
    }

    private async Task<byte[]> ReadAsync(string id, long offset)
    {
        await using var stream = await Vault.OpenAsync(id, offset, Ct);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }

    private async Task<List<string>> ListAsync()
    {
        var ids = new List<string>();
        await foreach (var entry in Vault.ListAsync(Ct))
        {
            ids.Add(entry.RecordingId);
        }

        return ids;
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            await process.WaitForExitAsync(Ct);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Gives some bytes and then breaks.</summary>
    private sealed class BrokenStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new EndOfStreamException("The PBX broke off.");
    }
}
