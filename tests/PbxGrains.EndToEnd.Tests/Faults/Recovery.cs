using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>
/// Measures how long it takes after a fault until each site concerned is polled and online again, and a report of it is
/// answered 200. Other faults that are on meanwhile count in.
/// </summary>
/// <param name="installation">What recovers.</param>
/// <param name="board">Tells how the sites do.</param>
/// <param name="patience">How long it may take.</param>
internal sealed class Recovery(FaultInstallation installation, SiteBoard board, TimeSpan patience)
{
    /// <summary>A telephone nobody else uses: its changes make its PBX report something.</summary>
    private const string Bell = "1020";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan BetweenRings = TimeSpan.FromSeconds(1);

    /// <summary>Waits for it.</summary>
    /// <param name="since">From when on.</param>
    /// <param name="sites">Who is concerned; none: every site that reports, through whichever front.</param>
    /// <returns>How long it took; null when patience was over.</returns>
    public async Task<TimeSpan?> MeasureAsync(TimeSpan since, IReadOnlyList<string> sites)
    {
        var concerned = Enumerable.Range(0, installation.Pbxs.Count)
            .Where(i => sites.Count == 0 || sites.Contains(FaultInstallation.SiteOf(i), StringComparer.Ordinal))
            .Select(i => new Waiting(FaultInstallation.SiteOf(i), installation.Pbxs[i]))
            .ToList();
        var rungAt = since;
        while (installation.Relay.Now - since < patience)
        {
            var taken = installation.Relay.FirstTakenAfter(since);
            if (concerned.All(site => taken.ContainsKey(site.Site) && site.Polled && board.Of(site.Site) is { Health: "online" } seen && seen.At > since))
            {
                return installation.Relay.Now - since;
            }

            if (installation.Relay.Now - rungAt > BetweenRings)
            {
                rungAt = installation.Relay.Now;
                foreach (var quiet in concerned.Where(site => !taken.ContainsKey(site.Site)))
                {
                    await quiet.Pbx.SetExtensionStatusAsync(Bell, quiet.Turn() ? ExtensionStatus.Busy : ExtensionStatus.Registered);
                }
            }

            await Task.Delay(Pause);
        }

        return null;
    }

    private sealed class Waiting(string site, SimulatedPbx pbx)
    {
        private readonly long _before = RequestsOf(pbx);
        private bool _turn;

        public string Site => site;

        public SimulatedPbx Pbx => pbx;

        /// <summary>True when its PBX was asked something since.</summary>
        public bool Polled => RequestsOf(pbx) > _before;

        public bool Turn() => _turn = !_turn;

        private static long RequestsOf(SimulatedPbx pbx) => pbx.Counters.Requests.Values.Sum();
    }
}
