using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>Troubles of one PBX, begun and ended.</summary>
/// <param name="installation">Whose PBXs.</param>
internal sealed class PbxTrouble(FaultInstallation installation)
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(75);

    /// <summary>Begins.</summary>
    public async Task BeginAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Reboot:
                await installation.Pbxs[fault.Target].RebootAsync(fault.Length);
                break;
            case FaultKind.AnswersLost or FaultKind.AnswersLate:
                installation.Relay.Trouble(FaultInstallation.SiteOf(fault.Target), fault.Kind);
                break;
            default:
                Set(fault.Kind, fault.Target, on: true);
                break;
        }
    }

    /// <summary>Ends.</summary>
    public void End(Fault fault)
    {
        installation.Relay.Heal(FaultInstallation.SiteOf(fault.Target));
        Set(fault.Kind, fault.Target, on: false);
    }

    private void Set(FaultKind kind, int index, bool on)
    {
        var faults = installation.Pbxs[index].Faults;
        switch (kind)
        {
            case FaultKind.ReportsDropped:
                faults.DropReports = on;
                break;
            case FaultKind.ReportsDoubled:
                faults.ReportsDuplicated = on;
                break;
            case FaultKind.ReportsSwapped:
                faults.ReportsSwapped = on;
                break;
            case FaultKind.ReportsLate:
                faults.ReportsLate = on ? Late : TimeSpan.Zero;
                break;
            case FaultKind.BodiesCut:
                faults.CutBodies = on;
                break;
            case FaultKind.ServerErrors:
                faults.ServerError = on ? 504 : 0;
                break;
            case FaultKind.DialAnswersLost:
                faults.LoseOriginateAnswer = on;
                break;
            case FaultKind.PbxClockStepped:
                faults.ClockSkew = FaultInstallation.UsualSkew(index) + (on ? ClockStep * (index % 2 == 0 ? 1 : -1) : TimeSpan.Zero);
                break;
            case FaultKind.PbxDelayed:
                Break(LinkFault.Delayed);
                break;
            case FaultKind.PbxLossy:
                Break(LinkFault.Lossy);
                break;
            case FaultKind.PbxReset:
                Break(LinkFault.Resetting);
                break;
            case FaultKind.PbxPartitioned:
                Break(LinkFault.Refusing);
                break;
            default:
                break;
        }

        void Break(LinkFault fault) => installation.PbxLinks[index].Set(on ? fault : LinkFault.None);
    }
}
