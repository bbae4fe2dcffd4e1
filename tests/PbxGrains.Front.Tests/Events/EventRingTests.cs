using PbxGrains.Front.Events;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Tests.Events;

public sealed class EventRingTests
{
    private readonly EventRing _ring = new(capacity: 4);

    [Fact]
    public void Before_it_knows_the_log_it_serves_nobody()
    {
        _ring.Find(EventCursor.Beginning).Should().BeNull();
    }

    [Fact]
    public void A_reader_at_the_end_waits_for_what_comes()
    {
        _ring.Start(At(10));
        var next = _ring.Find(At(10))!.Value;
        var waiting = _ring.WhenAnyFrom(next);

        waiting.IsCompleted.Should().BeFalse();
        _ring.Add([Told(11)]);

        waiting.IsCompleted.Should().BeTrue();
        _ring.Read(next, 10)!.Select(e => e.Cursor).Should().Equal(At(11));
    }

    [Fact]
    public void A_reader_in_the_middle_goes_on_behind_its_cursor()
    {
        _ring.Start(At(10));
        _ring.Add([Told(11), Told(13), Told(15)]);

        foreach (var (cursor, first) in new[] { (10, 11), (11, 13), (12, 13), (13, 15), (14, 15) })
        {
            _ring.Read(_ring.Find(At(cursor))!.Value, 1)!.Select(e => e.Cursor).Should().Equal(At(first));
        }

        _ring.Read(_ring.Find(At(15))!.Value, 1).Should().BeEmpty();
        _ring.Read(_ring.Find(At(99))!.Value, 1).Should().BeEmpty();
    }

    [Fact]
    public void A_reader_that_the_ring_has_passed_is_told_so()
    {
        _ring.Start(At(10));
        var slow = _ring.Find(At(10))!.Value;

        _ring.Add([.. Enumerable.Range(11, 6).Select(Told)]);

        _ring.Read(slow, 10).Should().BeNull();
        _ring.Find(At(11)).Should().BeNull();
        _ring.Read(_ring.Find(At(12))!.Value, 10)!.Select(e => e.Cursor.Position).Should().Equal(13, 14, 15, 16);
        _ring.End.Should().Be(At(16));
    }

    private static EventCursor At(int position) => new(1, 7, position);

    private static StreamedEvent Told(int position) => StreamedEvent.Of(new LoggedEvent(
        new EventRow { Id = Guid.CreateVersion7(), Type = "pbx.test", SiteId = "paris", Subject = "", OccurredAt = DateTimeOffset.UnixEpoch, Data = "{}" },
        At(position),
        CallSequence: null,
        DateTimeOffset.UnixEpoch));
}
