using System.Globalization;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Tests.Events;

/// <summary>A reader with a bad line. The seed is printed; PBXGRAINS_TEST_SEED repeats it.</summary>
public sealed class BrokenReaderTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Disconnections = 200;
    private const int LargestBite = 6;

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("PBXGRAINS_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
    private readonly List<string> _names = [];
    private readonly List<EventCursor> _cursors = [];
    private FrontLab _front = null!;
    private HttpClient _client = null!;
    private int _seen;

    public async ValueTask InitializeAsync()
    {
        _front = await FrontLab.StartAsync();

        // Hangs up at once, where a client otherwise waits for two seconds whether the rest is short.
        _client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = _front.Admin.BaseAddress };
        _client.DefaultRequestHeaders.Authorization = _front.Admin.DefaultRequestHeaders.Authorization;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _front.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_that_is_cut_off_200_times_gets_every_event_once_however_the_writers_interleave()
    {
        output.WriteLine($"Seed {_seed}");
        var random = new Random(_seed);
        var writers = new InterleavedWriters(_front, _seed, () => Volatile.Read(ref _seen));
        var writing = writers.RunAsync(TestContext.Current.CancellationToken);

        for (var disconnection = 0; disconnection < Disconnections; disconnection++)
        {
            await BiteAsync(random.Next(LargestBite));
            if (writing.IsFaulted)
            {
                await writing;
            }
        }

        writers.Stop();
        await writing;
        while (_seen < writers.Committed.Count)
        {
            await BiteAsync(Math.Min(1 + random.Next(50), writers.Committed.Count - _seen));
        }

        output.WriteLine($"{_seen} events");
        _names.Should().OnlyHaveUniqueItems($"seed {_seed}").And.BeEquivalentTo(writers.Committed, $"seed {_seed}");
        _cursors.Should().BeInAscendingOrder($"seed {_seed}").And.OnlyHaveUniqueItems();
        _seen.Should().BeGreaterThan(Disconnections);
    }

    /// <summary>Connects, reads so many events and hangs up in the middle of everything.</summary>
    private async Task BiteAsync(int count)
    {
        await using var reader = _cursors.Count == 0
            ? await StreamReading.OpenAsync(_client, "?after=beginning")
            : await StreamReading.OpenAsync(_client, lastEventId: _cursors[^1].ToString());
        foreach (var (_, id, json) in await reader.NextAsync(count))
        {
            EventCursor.TryParse(id, out var cursor).Should().BeTrue();
            _cursors.Add(cursor);
            _names.Add(json.GetProperty("id").GetString()!);
            Volatile.Write(ref _seen, _names.Count);
        }
    }
}
