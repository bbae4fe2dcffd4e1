using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Contracts;
using PbxGrains.Grains.Cdrs;
using PbxGrains.Storage;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Migrations;
using PbxGrains.Testing;
using PbxGrains.Yeastar.Cdrs;
using PbxGrains.Yeastar.Reports;

namespace PbxGrains.Grains.Tests.Cdrs;

/// <summary>
/// From the bytes on the wire to the ledger: the same records come out whichever way, in whatever spelling and order, how
/// late and how often they are told.
/// </summary>
public sealed class RecordPathProperties
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Whatever_order_and_spelling_the_ledger_would_hold_the_same() =>
        (from told in SpokenRecord.Told
         from again in Gen.Int[0, told.Length - 1].Array[0, 5]
         from shuffled in Gen.Shuffle(told.Concat(again.Select(index => told[index])).ToArray())
         select (told, shuffled))
        .SampleAsync(
            async tellings =>
            {
                var (one, other) = (Content(await MergedAsync(tellings.told)), Content(await MergedAsync(tellings.shuffled)));
                one.Should().Equal(other);
            },
            iter: 2000);

    [Fact]
    public Task What_the_PBX_knows_is_what_the_ledger_would_hold() =>
        SpokenRecord.Told.SampleAsync(async told => ShouldBe(await MergedAsync(told), told), iter: 2000);

    [Fact]
    public async Task What_the_PBX_knows_is_what_the_ledger_holds()
    {
        await using var database = await PostgresDatabase.CreateAsync(MigrateAsync);
        await using var data = PbxDataSource.Create(database.ConnectionString);
        await using var one = new CallRecordLedger(data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        await using var two = new CallRecordLedger(data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        var reader = new CallRecordReader(data);
        var sites = 0;

        await SpokenRecord.Told.SelectMany(told => Gen.Shuffle(told.Concat(told).ToArray())).SampleAsync(
            async told =>
            {
                var site = SiteId.Parse($"site-{Interlocked.Increment(ref sites)}");
                var rows = await Task.WhenAll(told.Select(telling => RowAsync(site, telling)));
                _ = await Task.WhenAll(rows.Select((row, i) => (i % 2 == 0 ? one : two).AppendAsync(row, Ct)));

                ShouldBe(await reader.ListAsync(new CallRecordFilter { SiteIds = [site.Value] }, after: null, 100, Ct), told);
            },
            iter: 60);
    }

    /// <summary>The model: what each record must say, given who told it.</summary>
    private static void ShouldBe(IReadOnlyCollection<CallRecordRow> ledger, Telling[] told)
    {
        var expected = told.GroupBy(telling => telling.Record.Key, StringComparer.Ordinal).Select(tellings =>
        {
            var record = tellings.First().Record;
            return new
            {
                record.CallId,
                StartWallClock = record.Start,
                StartedAt = new DateTimeOffset(record.Start, TimeSpan.FromHours(1)),
                TotalSeconds = (int?)record.TotalSeconds,
                TalkSeconds = (int?)record.TalkSeconds,
                RingSeconds = record.RingSeconds > 0 && tellings.Any(telling => telling.IsPushed) ? record.RingSeconds : (int?)null,
                Caller = OrNull(record.From),
                Callee = OrNull(record.To),
                SourceTrunk = OrNull(record.SourceTrunk),
                DestinationTrunk = OrNull(record.DestinationTrunk),
                RawType = (string?)record.Type,
                Recording = OrNull(record.Recording),
                Did = OrNull(record.Did),
                Disposition = record.Status switch { "ANSWERED" => "answered", "NO ANSWER" => "noAnswer", "BUSY" => "busy", "FAILED" => "failed", "VOICEMAIL" => "voicemail", _ => "unknown" },
                PushedAt = First(tellings, RecordedSource.Push),
                CaughtUpAt = First(tellings, RecordedSource.CatchUp),
                ImportedAt = First(tellings, RecordedSource.Import),
                HasRaw = tellings.Any(telling => telling.IsPushed),
            };
        });

        ledger.Select(row => new
        {
            row.CallId,
            row.StartWallClock,
            row.StartedAt,
            row.TotalSeconds,
            row.TalkSeconds,
            row.RingSeconds,
            Caller = row.Caller?.Replace(" ", "", StringComparison.Ordinal),
            Callee = row.Callee?.Replace(" ", "", StringComparison.Ordinal),
            row.SourceTrunk,
            row.DestinationTrunk,
            row.RawType,
            row.Recording,
            row.Did,
            row.Disposition,
            row.PushedAt,
            row.CaughtUpAt,
            row.ImportedAt,
            HasRaw = row.Raw is not null,
        }).Should().BeEquivalentTo(expected);
    }

    private static DateTimeOffset? First(IEnumerable<Telling> tellings, string source) =>
        tellings.Where(telling => telling.Source == source).Select(telling => (DateTimeOffset?)telling.SeenAt).Min();

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static async Task<IReadOnlyCollection<CallRecordRow>> MergedAsync(IEnumerable<Telling> told)
    {
        var merged = new Dictionary<string, CallRecordRow>(StringComparer.Ordinal);
        foreach (var telling in told)
        {
            var row = await RowAsync(SiteId.Parse("paris"), telling);
            var identity = Convert.ToHexString(row.Identity);
            merged[identity] = CallRecordMerge.Of(merged.GetValueOrDefault(identity, row), row);
        }

        return merged.Values;
    }

    private static IEnumerable<string> Content(IEnumerable<CallRecordRow> rows) => rows.Select(row => JsonSerializer.Serialize(row)).Order(StringComparer.Ordinal);

    private static async Task<CallRecordRow> RowAsync(SiteId site, Telling telling)
    {
        var wire = telling.Wire();
        var context = new CallRecordContext(site, Zone, "FR");
        if (telling.IsPushed)
        {
            var report = ReportParser.Parse(wire).Should().BeOfType<CallRecordReport>().Which;
            return CallRecordNormaliser.Row(report.Record, ReportRedaction.WithoutPinCode(wire), telling.Source, telling.SeenAt, context)!;
        }

        using var file = new MemoryStream(wire);
        var rows = await CallRecordCsv.ReadAsync(file, Ct);
        return CallRecordNormaliser.Row(rows.Value!.Rows.Should().ContainSingle().Which.Record, raw: null, telling.Source, telling.SeenAt, context)!;
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var database = PbxDataSource.Create(connectionString);
        _ = await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
    }
}
