using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests.Soak;

/// <summary>Troubles of one PBX, begun and ended.</summary>
internal static class SiteTrouble
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    /// <summary>Begins.</summary>
    public static async Task BeginAsync(Disturbance disturbance, SimulatedPbx pbx, ReportRelay relay)
    {
        switch (disturbance.Kind)
        {
            case DisturbanceKind.Reboot:
                await pbx.RebootAsync(disturbance.Length);
                break;
            case DisturbanceKind.AnswersLost or DisturbanceKind.AnswersLate:
                relay.Trouble(SoakInstallation.SiteOf(disturbance.Site), disturbance.Kind);
                break;
            default:
                Set(disturbance.Kind, pbx.Faults, on: true);
                break;
        }
    }

    /// <summary>Ends.</summary>
    public static void End(Disturbance disturbance, SimulatedPbx pbx, ReportRelay relay)
    {
        relay.Heal(SoakInstallation.SiteOf(disturbance.Site));
        Set(disturbance.Kind, pbx.Faults, on: false);
    }

    /// <summary>Ends whatever there is, but for the clock.</summary>
    public static void Heal(SimulatedPbx pbx, ReportRelay relay, int site)
    {
        relay.Heal(SoakInstallation.SiteOf(site));
        foreach (var kind in Enum.GetValues<DisturbanceKind>())
        {
            Set(kind, pbx.Faults, on: false);
        }
    }

    private static void Set(DisturbanceKind kind, PbxFaults faults, bool on)
    {
        switch (kind)
        {
            case DisturbanceKind.ReportsDropped:
                faults.DropReports = on;
                break;
            case DisturbanceKind.ReportsDoubled:
                faults.ReportsDuplicated = on;
                break;
            case DisturbanceKind.ReportsSwapped:
                faults.ReportsSwapped = on;
                break;
            case DisturbanceKind.ReportsLate:
                faults.ReportsLate = on ? Late : TimeSpan.Zero;
                break;
            case DisturbanceKind.Down:
                faults.Down = on;
                break;
            case DisturbanceKind.BlackHole:
                faults.BlackHole = on;
                break;
            case DisturbanceKind.BodiesCut:
                faults.CutBodies = on;
                break;
            case DisturbanceKind.ServerErrors:
                faults.ServerError = on ? 504 : 0;
                break;
            default:
                break;
        }
    }
}
