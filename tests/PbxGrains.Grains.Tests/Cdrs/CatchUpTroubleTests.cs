using PbxGrains.Contracts.Sites;
using PbxGrains.Grains.Tests.Cluster;
using PbxGrains.Simulator;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Testing;

namespace PbxGrains.Grains.Tests.Cdrs;

/// <summary>Catch-up when each of its steps happened but was not heard of, or broke off in the middle.</summary>
public sealed class CatchUpTroubleTests
{
    private static readonly DateTime Ever = new(2000, 1, 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cdr/get_random", 0.0)]
    [InlineData("cdr/download", 0.0)]
    [InlineData("cdr/download", 0.9)]
    public async Task An_answer_that_breaks_off_moves_no_watermark_and_everything_is_read_afterwards(string endpoint, double share)
    {
        await using var lab = await LabAsync();
        var pbx = lab.Fleet.Pbxs[0];
        await using var relay = new PbxRelay(pbx.Address);
        relay.Keep((path, answer) => path.EndsWith(endpoint, StringComparison.Ordinal) ? (int)(answer.Length * share) : null);

        await lab.RegisterAsync("paris", pbx, row => row with { Address = relay.Address.ToString() });
        _ = await lab.StatusAsync("paris", s => s.Health == SiteHealth.Online, "the site comes online");
        _ = await Eventually.Holds(async () => (await WindowsAsync(lab)).Any(window => window.Outcome == CatchUpOutcome.Failed), "the failure is noted");
        (await lab.Service<CatchUpWindows>().GetWatermarkAsync("paris", Ct)).Should().BeNull();
        (await LedgerAsync(lab)).Should().BeEmpty("no row of half a file is believed");
        relay.Cut.Should().BePositive();

        relay.Keep((_, _) => null);
        await lab.PassUntilAsync(async () => (await LedgerAsync(lab)).Count == pbx.Cdrs.Count, "the ledger has what the PBX has", TimeSpan.FromSeconds(1));
        (await LedgerAsync(lab)).Select(record => record.CallId).Should().BeEquivalentTo(pbx.Cdrs.Select(record => record.CallId));
        pbx.Counters.LoginsTried.Should().Be(1, "a broken file costs no session");
    }

    [Theory]
    [InlineData("pbx.catch_up_window", "NEW.rows_read > 0")]
    [InlineData("pbx.catch_up_watermark", "EXISTS (SELECT FROM pbx.catch_up_window WHERE rows_read > 0)")]
    public async Task Records_that_are_stored_but_whose_window_or_watermark_is_not_are_read_again_without_harm(string table, string refusedWhen)
    {
        await using var lab = await LabAsync();
        var pbx = lab.Fleet.Pbxs[0];
        var lastStart = pbx.Cdrs.Max(record => record.TimeStart);
        await lab.SqlAsync($"""
            CREATE FUNCTION pbx.refuse() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN IF {refusedWhen} THEN RAISE EXCEPTION 'not now'; END IF; RETURN NEW; END $f$;
            CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION pbx.refuse();
            """);

        await lab.RegisterAsync("paris", pbx);
        await lab.PassUntilAsync(async () => (await LedgerAsync(lab)).Count == pbx.Cdrs.Count, "the records are stored", TimeSpan.FromSeconds(1));
        (await WatermarkAsync(lab)).Should().NotBeAfter(lastStart);
        await lab.SqlAsync($"DROP TRIGGER refuse ON {table}");

        await lab.PassUntilAsync(async () => await WatermarkAsync(lab) > lastStart, "the watermark is set", TimeSpan.FromSeconds(1));
        var records = await LedgerAsync(lab);
        records.Select(record => record.CallId).Should().BeEquivalentTo(pbx.Cdrs.Select(record => record.CallId));
        records.Should().OnlyContain(record => record.Revision == 0);
    }

    /// <summary>A PBX with some records that nobody has asked for yet; no more calls are made.</summary>
    private static async Task<SiteLab> LabAsync()
    {
        var lab = await SiteLab.StartAsync(new FleetOptions { Sites = 1, Extensions = 6 });
        for (var i = 0; i < 10; i++)
        {
            _ = await lab.Fleet.Pbxs[0].PlaceInboundCallAsync($"70055501{i + 10}", "1001", new CallPlan { Ring = TimeSpan.FromSeconds(1), Talk = TimeSpan.FromSeconds(2) }, Ct);
            lab.Clock.Advance(TimeSpan.FromMinutes(1));
            _ = lab.Fleet.Pbxs[0].Calls;
        }

        lab.Fleet.Pbxs[0].Cdrs.Should().HaveCount(10);
        return lab;
    }

    /// <summary>The watermark; long ago while there is none.</summary>
    private static async Task<DateTime> WatermarkAsync(SiteLab lab) => await lab.Service<CatchUpWindows>().GetWatermarkAsync("paris", Ct) ?? Ever;

    private static Task<IReadOnlyList<CatchUpWindow>> WindowsAsync(SiteLab lab) => lab.Service<CatchUpWindows>().ListAsync("paris", Ever, Ever.AddYears(100), Ct);

    private static Task<IReadOnlyList<CallRecordRow>> LedgerAsync(SiteLab lab) =>
        lab.Service<CallRecordReader>().ListAsync(CallRecordFilter.All, after: null, limit: 1000, Ct);
}
