using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Migrations;
using PbxGrains.Storage.Tests.Sites;
using PbxGrains.Testing;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

/// <summary>The ledger on a server of its own, which may be killed.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LedgerRestartTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pbxgrains-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "PostgreSQL's server programs are not installed here.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _ = await ServerAsync("stop");
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_server_is_killed_and_started_again()
    {
        const int Wanted = 300;
        await using var data = PbxDataSource.Create(await ServerAsync("start", "--fast"));
        _ = await new DatabaseMigrator(data, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(Ct);
        await using var ledger = new CallRecordLedger(data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        var site = SampleSites.NewId();
        var (acknowledged, refused) = (0, 0);
        var killed = new TaskCompletionSource();

        var sending = Enumerable.Range(0, 4).Select(async sender =>
        {
            for (var i = 0; i < Wanted; i++)
            {
                var record = Inbound(site, minute: (sender * Wanted) + i);
                await Eventually.Holds(() => TakenAsync(record), "the record to be taken");
                if (Interlocked.Increment(ref acknowledged) > Wanted)
                {
                    await killed.Task;
                }
            }
        }).ToList();

        await Eventually.Holds(() => Volatile.Read(ref acknowledged) > Wanted / 2, "some records to be taken");
        using (var server = Process.GetProcessById(int.Parse((await File.ReadAllLinesAsync(Path.Combine(_folder, "data", "postmaster.pid"), Ct))[0], CultureInfo.InvariantCulture)))
        {
            server.Kill();
        }

        killed.SetResult();
        await Eventually.Holds(() => Volatile.Read(ref refused) > 0, "the loss to be seen");
        _ = await ServerAsync("start", "--fast");
        await Task.WhenAll(sending);

        var records = await new CallRecordReader(data).ListAsync(new CallRecordFilter { SiteIds = [site] }, after: null, 10_000, Ct);
        records.Select(record => record.CallId).Should().OnlyHaveUniqueItems().And.HaveCount(4 * Wanted);

        async Task<bool> TakenAsync(CallRecordRow record)
        {
            try
            {
                _ = await ledger.AppendAsync(record, Ct);
                return true;
            }
            catch (LedgerUnavailableException)
            {
                _ = Interlocked.Increment(ref refused);
                return false;
            }
        }
    }

    private async Task<string> ServerAsync(string command, params string[] options)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Fixtures.RepositoryRoot, "scripts", "postgres.sh"), command, "--data", _folder, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var script = Process.Start(start)!;
        var said = script.StandardError.ReadToEndAsync(Ct);
        var answer = await script.StandardOutput.ReadToEndAsync(Ct);
        await script.WaitForExitAsync(Ct);
        _ = await said;
        return answer.Trim();
    }
}
