using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Tests.Sites;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class LedgerMeterTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    [Fact]
    public async Task Commits_are_counted_by_source_and_outcome_and_timed()
    {
        // Other tests of this program write at the same time: an import is ours alone.
        ConcurrentQueue<string> seen = new();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => Listen(instrument, self) };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => seen.Enqueue(Text(instrument.Name, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Enqueue(Text(instrument.Name, tags)));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => seen.Enqueue(Text(instrument.Name, tags)));
        listener.Start();
        await using var ledger = new CallRecordLedger(database.Data, TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        var record = Named(SampleSites.NewId(), "1") with { Source = RecordedSource.Import };

        _ = await ledger.AppendAsync(record, MigratedDatabase.Ct);
        _ = await ledger.AppendAsync(record, MigratedDatabase.Ct);
        _ = await ledger.AppendAsync(record with { AgentId = "a-1" }, MigratedDatabase.Ct);
        LedgerMeter.Found(RecordedSource.Import, 1);
        listener.RecordObservableInstruments();

        foreach (var outcome in new[] { "recorded", "known", "revised" })
        {
            seen.Should().Contain($"pbx.ledger.records source=import outcome={outcome}");
        }

        seen.Should().Contain("pbx.ledger.commit.duration").And.Contain("pbx.ledger.queue").And.Contain("pbx.catch_up.found source=import");
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == LedgerMeter.Name)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static string Text(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', [name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
}
