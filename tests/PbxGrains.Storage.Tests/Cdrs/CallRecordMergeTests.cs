using System.Text.Json;
using CsCheck;
using PbxGrains.Storage.Cdrs;
using static PbxGrains.Storage.Tests.Cdrs.SampleRecords;

namespace PbxGrains.Storage.Tests.Cdrs;

public sealed class CallRecordMergeTests
{
    private static readonly Gen<string?> Word = OneOf<string?>(null, "", "a", "b", "B", "ä");
    private static readonly Gen<int?> Number = OneOf<int?>(null, 0, 1, 7);
    private static readonly Gen<DateTimeOffset?> Removed = OneOf<DateTimeOffset?>(null, null, null, null, null, null, Noon, Noon.AddDays(1));

    /// <summary>Versions of one record that disagree about everything they may disagree on.</summary>
    internal static Gen<CallRecordRow> Version(string siteId, bool removing = true) =>
        from source in OneOf(RecordedSource.Push, RecordedSource.CatchUp, RecordedSource.Import)
        from words in Word.Array[16]
        from numbers in Number.Array[3]
        from minutes in Gen.Int[0, 3].Array[2]
        from direction in OneOf(RecordedDirection.Unknown, RecordedDirection.Inbound, RecordedDirection.Outbound)
        from disposition in OneOf(RecordedDisposition.Unknown, RecordedDisposition.Answered, RecordedDisposition.Busy)
        from extensions in OneOf("1", "2", "3").Array[0, 3]
        from anonymised in Removed
        from rawRemoved in Removed
        let told = CallRecordMerge.Canonical(Named(siteId, "1.1") with
        {
            CallId = words[0] ?? "1.1",
            StartedAt = Noon.AddMinutes(minutes[0]),
            TotalSeconds = numbers[0],
            RingSeconds = numbers[1],
            TalkSeconds = numbers[2],
            Direction = direction,
            RawType = words[1],
            Caller = words[2],
            CallerE164 = words[3],
            Callee = words[4],
            CalleeE164 = words[5],
            CalledGroup = words[6],
            AnsweredBy = words[7],
            Did = words[8],
            SourceTrunk = words[9],
            DestinationTrunk = words[10],
            Disposition = disposition,
            RawStatus = words[11],
            Recording = words[12],
            Extensions = extensions,
            AgentId = words[13],
            Reference = words[14],
            Raw = words[15],
            Source = source,
            SeenAt = Noon.AddMinutes(minutes[1]),
        })
        select removing ? told with { AnonymisedAt = anonymised, RawRemovedAt = rawRemoved } : told;

    [Fact]
    public void Any_order_and_repetition_of_versions_gives_the_same_record() =>
        (from versions in Version("s").Array[1, 6]
         from again in Gen.Int[0, versions.Length - 1].Array[0, 6]
         from shuffled in Gen.Shuffle(versions.Concat(again.Select(index => versions[index])).ToArray())
         select (versions, shuffled))
        .Sample(told => Json(MergeAll(told.versions)) == Json(MergeAll(told.shuffled)), iter: 3000);

    [Fact]
    public void It_does_not_matter_who_merged_what_first() =>
        Gen.Select(Version("s"), Version("s"), Version("s"))
            .Sample((a, b, c) => Json(CallRecordMerge.Of(CallRecordMerge.Of(a, b), c)) == Json(CallRecordMerge.Of(a, CallRecordMerge.Of(b, c))), iter: 3000);

    [Fact]
    public void Something_beats_nothing_and_the_list_of_the_PBX_beats_what_it_pushed()
    {
        var pushed = Inbound("s") with { TalkSeconds = 99, RingSeconds = 5, Direction = RecordedDirection.Outbound, Extensions = ["1", "2"] };
        var caughtUp = Inbound("s", source: RecordedSource.CatchUp) with { TalkSeconds = 42, Direction = RecordedDirection.Inbound, Extensions = ["1"], Recording = null };

        var merged = CallRecordMerge.Of(pushed, caughtUp);

        (merged.TalkSeconds, merged.RingSeconds, merged.Direction, merged.Recording).Should().Be((42, 5, RecordedDirection.Inbound, "0.wav"));
        merged.Extensions.Should().Equal("1");
    }

    [Fact]
    public void A_value_of_the_list_stays_exact_whatever_else_was_merged_in_between()
    {
        var caughtUp = Inbound("s", source: RecordedSource.CatchUp) with { TalkSeconds = 1 };

        var merged = CallRecordMerge.Of(CallRecordMerge.Of(caughtUp, Inbound("s") with { RingSeconds = 9 }), Inbound("s") with { TalkSeconds = 50, RingSeconds = 10 });

        (merged.TalkSeconds, merged.RingSeconds).Should().Be((1, 10));
    }

    [Fact]
    public void What_was_taken_out_does_not_come_back_with_a_repetition()
    {
        var anonymised = CallRecordMerge.Canonical(Inbound("s")) with { Caller = null, CallerE164 = null, Callee = null, Recording = null, Raw = null, AnonymisedAt = Noon };

        var merged = CallRecordMerge.Of(Inbound("s", source: RecordedSource.Import), anonymised);

        (merged.Caller, merged.CallerE164, merged.Callee, merged.Recording, merged.Raw).Should().Be((null, null, null, null, null));
        CallRecordMerge.SameContent(anonymised, merged).Should().BeTrue();
    }

    [Fact]
    public void Different_records_do_not_merge() =>
        FluentActions.Invoking(() => CallRecordMerge.Of(Inbound("s"), Inbound("s", minute: 1))).Should().Throw<ArgumentException>();

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static CallRecordRow MergeAll(IEnumerable<CallRecordRow> versions)
    {
        var all = versions.ToList();
        return all.Aggregate(CallRecordMerge.Of(all[0], all[0]), CallRecordMerge.Of);
    }

    private static string Json(CallRecordRow row) => JsonSerializer.Serialize(row) + row.ExactFields;
}
