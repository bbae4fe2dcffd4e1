using PbxGrains.Grains.Cdrs;

namespace PbxGrains.Grains.Tests.Cdrs;

public sealed class WindowSizeTests
{
    private readonly WindowSize _size = new();

    [Fact]
    public void Windows_halve_down_to_an_hour()
    {
        List<TimeSpan> sizes = [_size.Current];
        while (_size.TooSlow(_size.Current))
        {
            sizes.Add(_size.Current);
        }

        sizes.Select(s => s.TotalHours).Should().Equal(24, 12, 6, 3, 1.5, 1);
    }

    [Fact]
    public void They_grow_again_after_some_that_worked()
    {
        _ = _size.TooSlow(_size.Current);

        var worked = WorkUntil(TimeSpan.FromDays(1));

        worked.Should().Be(WindowSize.FirstPatience * 2);
    }

    [Fact]
    public void Each_relapse_makes_the_next_try_later()
    {
        _ = _size.TooSlow(_size.Current);
        _ = _size.TooSlow(_size.Current);
        var first = WorkUntil(TimeSpan.FromHours(12));
        _ = _size.TooSlow(_size.Current);

        WorkUntil(TimeSpan.FromHours(12)).Should().Be(first * 2);
    }

    [Fact]
    public void A_window_shorter_than_asked_for_proves_nothing()
    {
        _ = _size.TooSlow(_size.Current);

        for (var i = 0; i < 1000; i++)
        {
            _size.Worked(TimeSpan.FromHours(11));
        }

        _size.Current.Should().Be(TimeSpan.FromHours(12));
    }

    private int WorkUntil(TimeSpan size)
    {
        var windows = 0;
        while (_size.Current < size)
        {
            _size.Worked(_size.Current);
            windows++;
        }

        return windows;
    }
}
