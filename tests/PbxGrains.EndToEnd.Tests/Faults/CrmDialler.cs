using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// A CRM that dials. Each wish has its own number and its own Idempotency-Key, and is repeated with that key, at the other
/// front, until somebody says what became of it; an impatient one asks both fronts at the same time.
/// </summary>
/// <param name="fronts">The fronts.</param>
/// <param name="pbxs">The PBXs, in order of their sites: they know what was dialled.</param>
/// <param name="seed">Decides who is called.</param>
/// <param name="violations">Told of what was dialled twice, or otherwise than was said.</param>
internal sealed class CrmDialler(IReadOnlyList<HttpClient> fronts, IReadOnlyList<SimulatedPbx> pbxs, int seed, Violations violations)
{
    private const string Prefix = "70077";
    private const int Impatient = 5;
    private const int FirstDialler = 1001 + FaultPlan.Telephones;
    private const int Diallers = FaultPlan.Extensions - FaultPlan.Telephones - 1;
    private const int UnderWay = 6;
    private const int MostTries = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(45);

    private readonly ConcurrentQueue<Wish> _wishes = [];

    /// <summary>How the wishes ended, by what was answered at last.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _wishes.GroupBy(wish => wish.Outcome ?? "open", StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>Wishes until it is called off; each wish is followed to its end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var random = new Random(seed);
        var running = new List<Task>();
        for (var number = 1; !ct.IsCancellationRequested; number++)
        {
            var wish = new Wish(random.Next(pbxs.Count), string.Create(CultureInfo.InvariantCulture, $"{FirstDialler + random.Next(Diallers)}"), string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:00000}1"));
            _wishes.Enqueue(wish);
            running.Add(Task.Run(() => FollowAsync(wish, number), CancellationToken.None));
            _ = running.RemoveAll(task => task.IsCompletedSuccessfully);
            if (running.Count >= UnderWay)
            {
                await Task.WhenAny(running);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }

        await Task.WhenAll(running);
    }

    /// <summary>Looks at what the PBXs were asked to dial.</summary>
    public void CheckTwice()
    {
        for (var i = 0; i < pbxs.Count; i++)
        {
            foreach (var (number, count) in pbxs[i].Counters.Dialled.Where(dialled => dialled.Key.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                violations.Checked(Invariant.NoCallTwice);
                if (count > 1)
                {
                    violations.Add(Invariant.NoCallTwice, $"{FaultInstallation.SiteOf(i)} dialled {number} {count} times");
                }
            }
        }
    }

    /// <summary>Compares what was said with what was dialled, when all is over.</summary>
    public void CheckOutcomes()
    {
        CheckTwice();
        foreach (var wish in _wishes)
        {
            var dialled = pbxs[wish.Site].Counters.Dialled.GetValueOrDefault(wish.Destination);
            if (wish.Outcome == "accepted" && dialled == 0)
            {
                violations.Add(Invariant.NoCallTwice, $"{wish} was accepted and not dialled");
            }
            else if (wish.Outcome?.StartsWith("refused", StringComparison.Ordinal) is true && dialled > 0)
            {
                violations.Add(Invariant.NoCallTwice, $"{wish} was refused ({wish.Outcome}) and dialled");
            }
        }
    }

    private async Task FollowAsync(Wish wish, int number)
    {
        if (number % Impatient == 0)
        {
            await Task.WhenAll(fronts.Select(front => TryAsync(front, wish)));
        }

        for (var tries = 0; wish.Outcome is null && tries < MostTries; tries++)
        {
            await TryAsync(fronts[(number + tries) % fronts.Count], wish);
            await Task.Delay(Pause);
        }
    }

    private async Task TryAsync(HttpClient front, Wish wish)
    {
        try
        {
            using var limit = new CancellationTokenSource(LongestAnswer);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/pbx/sites/{FaultInstallation.SiteOf(wish.Site)}/calls");
            request.Headers.Add("Idempotency-Key", wish.Key);
            request.Content = JsonContent.Create(new { extension = wish.Extension, destination = wish.Destination });
            using var answer = await front.SendAsync(request, limit.Token);
            violations.Checked(Invariant.TroubleIsForeseen);
            if (answer.StatusCode == HttpStatusCode.InternalServerError)
            {
                violations.Add(Invariant.TroubleIsForeseen, $"the dial {wish.Key} was answered 500: {await answer.Content.ReadAsStringAsync(limit.Token)}");
            }

            var said = await answer.Content.ReadFromJsonAsync<JsonNode>(limit.Token);
            wish.Hear(answer.StatusCode switch
            {
                HttpStatusCode.Created => "accepted",
                HttpStatusCode.Accepted => null,
                < HttpStatusCode.InternalServerError => $"refused {said?["code"] ?? said?["type"]}",
                HttpStatusCode.BadGateway => $"refused {said?["code"] ?? said?["type"]}",
                _ => null,
            });
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            // Nobody knows: asked again with the same key.
        }
    }

    private sealed record Wish(int Site, string Extension, string Destination)
    {
        private string? _outcome;

        public string Key { get; } = Guid.NewGuid().ToString();

        /// <summary>What was said last; null while nobody knows.</summary>
        public string? Outcome => Volatile.Read(ref _outcome);

        public void Hear(string? outcome)
        {
            if (outcome is not null)
            {
                // Of two who asked at the same time the one who heard of the call is right.
                _ = outcome == "accepted" ? Interlocked.Exchange(ref _outcome, outcome) : Interlocked.CompareExchange(ref _outcome, outcome, comparand: null);
            }
        }

        public override string ToString() => $"{FaultInstallation.SiteOf(Site)}: {Extension} to {Destination} with key {Key}";
    }
}
