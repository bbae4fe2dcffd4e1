using System.Text.Json.Nodes;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>Two fronts behind a proxy that gives each request to the next of them.</summary>
public sealed class SeveralFrontsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Connections = 8;

    private readonly List<(string Cursor, string Id)> _read = [];
    private Installation _installation = null!;
    private int _changes;

    public static bool ProxyExists => RoundRobinProxy.Exists;

    public async ValueTask InitializeAsync() => _installation = await Installation.CreateAsync();

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact(SkipUnless = nameof(ProxyExists), Skip = RoundRobinProxy.Missing)]
    public async Task A_reader_goes_from_front_to_front_also_when_one_is_killed_and_misses_nothing()
    {
        _ = await _installation.StartSiloAsync();
        var first = await _installation.StartFrontAsync("client");
        var second = await _installation.StartFrontAsync("client");
        await _installation.RegisterAsync("paris", _installation.Fleet.Pbxs[0]);
        _ = await _installation.WaitAsync("/api/pbx/sites/paris", s => s["status"]?["health"]?.GetValue<string>() == "online", "the site is online");
        await using var proxy = await RoundRobinProxy.StartAsync(first, second);
        using var client = proxy.Client(like: first.Http);

        var fronts = new List<string?>();
        for (var i = 0; i < Connections; i++)
        {
            fronts.Add(await ReadOnceAsync(client));
        }

        fronts.Distinct().Should().HaveCount(2, "nobody sticks to a front");

        var killedAfter = await ReadWhileFrontIsKilledAsync(client, second);
        output.WriteLine($"The reader's front was killed after {killedAfter} events.");
        for (var i = 0; i < Connections; i++)
        {
            (await ReadOnceAsync(client)).Should().Be(AddressOf(first));
        }

        await CompareWithLogAsync(client);
        _read.Count.Should().BeGreaterThan(killedAfter);
    }

    /// <summary>Something happens while nobody reads; then somebody connects, sees it, sees something more, and hangs up.</summary>
    private async Task<string?> ReadOnceAsync(HttpClient client)
    {
        await SomethingHappensAsync();
        await using var reading = await EventReading.OpenAsync(client, LastCursor);
        (await ReadAsync(reading)).Should().BeTrue("the stream goes on");
        await SomethingHappensAsync();
        (await ReadAsync(reading)).Should().BeTrue("the stream goes on");
        return reading.Front;
    }

    /// <summary>Reads from that front until it is killed and the connection ends; tells how much had been read before.</summary>
    private async Task<int> ReadWhileFrontIsKilledAsync(HttpClient client, HostProcess front)
    {
        EventReading reading;
        while ((reading = await EventReading.OpenAsync(client, LastCursor)).Front != AddressOf(front))
        {
            await reading.DisposeAsync();
        }

        await using (reading)
        {
            await SomethingHappensAsync();
            (await ReadAsync(reading)).Should().BeTrue("the stream goes on");
            var before = _read.Count;
            await SomethingHappensAsync();
            await front.KillAsync();
            await SomethingHappensAsync();
            while (await ReadAsync(reading))
            {
                // What was on its way.
            }

            return before;
        }
    }

    private async Task<bool> ReadAsync(EventReading reading)
    {
        if (await reading.NextAsync() is not var (cursor, told))
        {
            return false;
        }

        _read.Add((cursor, Id(told)));
        return true;
    }

    /// <summary>Reads on until the reader has as much as the log, and compares.</summary>
    private async Task CompareWithLogAsync(HttpClient client)
    {
        var page = await _installation.GetAsync("/api/pbx/events/page?after=beginning&limit=1000");
        var log = page["items"]!.AsArray().Select(item => Id(item!)).ToList();
        await using (var reading = await EventReading.OpenAsync(client, LastCursor))
        {
            while (_read.Count < log.Count && await ReadAsync(reading))
            {
                // On to the end.
            }
        }

        output.WriteLine($"{log.Count} events, {_changes} of them made here.");
        _read.Select(one => one.Id).Take(log.Count).Should().Equal(log);
        _read.Should().OnlyHaveUniqueItems();
    }

    /// <summary>An extension changes its status, and everybody can know.</summary>
    private async Task SomethingHappensAsync()
    {
        var (status, word) = ++_changes % 2 == 0 ? (ExtensionStatus.Registered, "idle") : (ExtensionStatus.Busy, "busy");
        await _installation.Fleet.Pbxs[0].SetExtensionStatusAsync("1005", status);
        _ = await _installation.WaitAsync("/api/pbx/sites/paris/extensions/1005", e => e["status"]?.GetValue<string>() == word, $"1005 is {word}");
    }

    private string? LastCursor => _read.Count > 0 ? _read[^1].Cursor : null;

    private static string AddressOf(HostProcess front) => $"127.0.0.1:{front.Port}";

    private static string Id(JsonNode told) => told["id"]!.GetValue<string>();
}
