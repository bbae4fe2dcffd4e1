using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PbxGrains.Hosting.Recordings;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Hosting.Tests.Recordings;

public sealed class S3VaultTests : IAsyncLifetime
{
    private const string Secret = "hush-secret-key";

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("pbxgrains-s3-");
    private S3Stub _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Spool => Path.Combine(_parent.FullName, "spool");

    public async ValueTask InitializeAsync() => _store = await S3Stub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _parent.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_put_is_an_object_of_our_own_name_and_is_read_back_from_any_offset()
    {
        using var vault = NewVault();
        var bytes = RandomNumberGenerator.GetBytes(300_000);

        var receipt = await PutAsync(vault, Id("../../x"), bytes);

        (receipt.Bytes, Convert.ToHexString(receipt.Sha256)).Should().Be((bytes.Length, Convert.ToHexString(SHA256.HashData(bytes))));
        _store.Objects.Should().ContainSingle().Which.Key.Should().Be($"recordings/{Id("../../x")[..2]}/{Id("../../x")}");
        (await ReadAsync(vault, Id("../../x"), 0)).Should().Equal(bytes);
        (await ReadAsync(vault, Id("../../x"), 299_000)).Should().Equal(bytes[299_000..]);
        Directory.GetFiles(Spool, "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_deleting_it_is_nothing()
    {
        using var vault = NewVault();
        _ = await PutAsync(vault, Id("a"), [1]);

        await vault.DeleteAsync(Id("a"), Ct);
        await vault.DeleteAsync(Id("a"), Ct);

        (await vault.OpenAsync(Id("a"), 0, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task All_files_are_listed_over_several_pages()
    {
        using var vault = NewVault();
        string[] ids = [.. Enumerable.Range(0, 5).Select(i => Id($"{i}"))];
        foreach (var id in ids)
        {
            _ = await PutAsync(vault, id, [1]);
        }

        var listed = new List<VaultEntry>();
        await foreach (var entry in vault.ListAsync(Ct))
        {
            listed.Add(entry);
        }

        listed.Select(entry => entry.RecordingId).Should().BeEquivalentTo(ids);
        listed.Should().OnlyContain(entry => entry.WrittenAt == new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(S3Fault.SlowDown, VaultFault.Unreachable)]
    [InlineData(S3Fault.Hang, VaultFault.Unreachable)]
    [InlineData(S3Fault.Reset, VaultFault.Unreachable)]
    [InlineData(S3Fault.Denied, VaultFault.Denied)]
    [InlineData(S3Fault.Full, VaultFault.Full)]
    public async Task A_store_that_fails_is_told_as_such_and_works_again_afterwards(S3Fault fault, VaultFault told)
    {
        using var vault = NewVault(timeout: TimeSpan.FromSeconds(1));
        _store.Fault = fault;

        var put = (await FluentActions.Awaiting(() => PutAsync(vault, Id("a"), [1, 2, 3])).Should().ThrowAsync<VaultUnavailableException>()).Which;
        var open = (await FluentActions.Awaiting(() => vault.OpenAsync(Id("a"), 0, Ct)).Should().ThrowAsync<VaultUnavailableException>()).Which;
        (put.Fault, open.Fault).Should().Be((told, told));
        (put.ToString() + open).Should().NotContain(Secret);
        Directory.GetFiles(Spool, "*", SearchOption.AllDirectories).Should().BeEmpty();

        _store.Fault = S3Fault.None;
        _ = await PutAsync(vault, Id("a"), [1, 2, 3]);
        (await ReadAsync(vault, Id("a"), 0)).Should().Equal([1, 2, 3]);
    }

    [Fact]
    public async Task A_store_that_breaks_off_in_the_middle_is_no_end_of_the_recording()
    {
        using var vault = NewVault();
        _ = await PutAsync(vault, Id("a"), new byte[500_000]);
        _store.Fault = S3Fault.CutBody;

        await FluentActions.Awaiting(() => ReadAsync(vault, Id("a"), 0)).Should().ThrowAsync<IOException>();
    }

    [Fact]
    public async Task A_missing_bucket_is_no_missing_recording()
    {
        using var vault = new S3Vault(Settings() with { Bucket = "another" }, Spool);

        (await FluentActions.Awaiting(() => vault.OpenAsync(Id("a"), 0, Ct)).Should().ThrowAsync<VaultUnavailableException>()).Which.Message.Should().Contain("NoSuchBucket");
    }

    [Fact]
    public async Task What_the_PBX_breaks_off_never_reaches_the_store()
    {
        using var vault = NewVault();
        var broken = new BrokenStream();

        await FluentActions.Awaiting(() => vault.PutAsync(Id("a"), broken, Ct)).Should().ThrowAsync<EndOfStreamException>();

        _store.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("s3", "Recordings:S3:Bucket")]
    [InlineData("tape", "Recordings")]
    public void Settings_that_cannot_be_used_are_refused_at_start_with_their_name(string store, string named)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Recordings:Store", (string?)store)]).Build();

        FluentActions.Invoking(() => new ServiceCollection().AddRecordingVault(configuration)).Should().Throw<StartRefusedException>().Which.Message.Should().Contain(named);
    }

    [Theory]
    [InlineData("folder", typeof(FolderVault))]
    [InlineData("s3", typeof(S3Vault))]
    [InlineData("off", null)]
    public void The_store_is_chosen_by_configuration(string store, Type? vault)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Recordings:Store"] = store,
            ["Recordings:Folder"] = Path.Combine(_parent.FullName, "folder"),
            ["Recordings:S3:Endpoint"] = _store.Endpoint,
            ["Recordings:S3:Bucket"] = S3Stub.Bucket,
            ["Recordings:S3:AccessKey"] = "access",
            ["Recordings:S3:SecretKey"] = Secret,
        }).Build();

        using var services = new ServiceCollection().AddRecordingVault(configuration).BuildServiceProvider();

        services.GetService<IRecordingVault>()?.GetType().Should().Be(vault);
        Settings().ToString().Should().NotContain(Secret);
    }

    private static string Id(string name) => RecordingId.Of("paris", name);

    private S3Settings Settings() => new() { Endpoint = _store.Endpoint, Bucket = S3Stub.Bucket, AccessKey = "access", SecretKey = Secret };

    private S3Vault NewVault(TimeSpan? timeout = null) => new(Settings() with { Timeout = timeout ?? TimeSpan.FromSeconds(30) }, Spool);

    private static async Task<VaultReceipt> PutAsync(S3Vault vault, string id, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        return await vault.PutAsync(id, content, Ct);
    }

    private static async Task<byte[]> ReadAsync(S3Vault vault, string id, long offset)
    {
        await using var stream = await vault.OpenAsync(id, offset, Ct);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }

    private sealed class BrokenStream() : MemoryStream(new byte[100])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new EndOfStreamException("The PBX broke off.");
    }
}
