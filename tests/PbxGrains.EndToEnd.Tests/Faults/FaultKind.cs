using System.Globalization;

namespace PbxGrains.EndToEnd.Tests.Faults;

/// <summary>What may go wrong.</summary>
internal enum FaultKind
{
    /// <summary>A PBX does not send its reports.</summary>
    ReportsDropped,

    /// <summary>A PBX sends each report twice.</summary>
    ReportsDoubled,

    /// <summary>Neighbouring reports of a PBX change places.</summary>
    ReportsSwapped,

    /// <summary>Reports of a PBX are late.</summary>
    ReportsLate,

    /// <summary>Reports are taken, but their 200 is lost on the way back.</summary>
    AnswersLost,

    /// <summary>Reports are taken, but their 200 comes after the PBX has given up waiting.</summary>
    AnswersLate,

    /// <summary>A PBX restarts: sessions end, running calls vanish, unsent reports are lost.</summary>
    Reboot,

    /// <summary>Answers and files of a PBX break off in the middle.</summary>
    BodiesCut,

    /// <summary>A PBX answers everything with 504.</summary>
    ServerErrors,

    /// <summary>A PBX starts calls, but its answers to that are lost.</summary>
    DialAnswersLost,

    /// <summary>The clock of a PBX is set ahead or back.</summary>
    PbxClockStepped,

    /// <summary>The way between silos and a PBX is slow.</summary>
    PbxDelayed,

    /// <summary>Packets are lost between silos and a PBX.</summary>
    PbxLossy,

    /// <summary>Connections to a PBX are reset in the midst of answers.</summary>
    PbxReset,

    /// <summary>A PBX cannot be connected to: partition between it and the silos, while its reports arrive.</summary>
    PbxPartitioned,

    /// <summary>Half of the PBXs accept connections and say nothing; their reports vanish.</summary>
    HalfSilent,

    /// <summary>Half of the PBXs do not even accept connections; their reports vanish.</summary>
    HalfVanished,

    /// <summary>The way between a silo and PostgreSQL is slow.</summary>
    DatabaseDelayed,

    /// <summary>Connections between a silo and PostgreSQL are reset in the midst of answers.</summary>
    DatabaseReset,

    /// <summary>Partition between one silo and PostgreSQL: packets vanish.</summary>
    DatabasePartitioned,

    /// <summary>A worker is killed (SIGKILL) right after a record was acknowledged, and started again after a while.</summary>
    WorkerKilled,

    /// <summary>A front is killed (SIGKILL) right after a record was acknowledged, and started again after a while.</summary>
    FrontKilled,

    /// <summary>A worker is asked to end (SIGTERM), and started again after a while.</summary>
    WorkerStopped,

    /// <summary>A front is asked to end (SIGTERM), and started again after a while.</summary>
    FrontStopped,

    /// <summary>The clock of a silo is set ahead or back while it runs.</summary>
    SiloClockStepped,

    /// <summary>PostgreSQL restarts: a fast shutdown right after a record was acknowledged, and a start.</summary>
    DatabaseRestarted,

    /// <summary>PostgreSQL ends without writing anything down (SIGQUIT) right after a record was acknowledged, and starts after a while.</summary>
    DatabaseCrashed,

    /// <summary>PostgreSQL is away for long.</summary>
    DatabaseOutage,

    /// <summary>Another client takes every connection PostgreSQL has, ours included.</summary>
    ConnectionsTaken,

    /// <summary>Commits take long, some seconds.</summary>
    DiskSlow,
}

/// <summary>Something that goes wrong for a while.</summary>
/// <param name="At">When it begins, after the start of the calls.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">The PBX, the silo, or a number that decides which half.</param>
/// <param name="Length">How long.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, int Target, TimeSpan Length)
{
    /// <summary>True when it is one PBX's own.</summary>
    public bool IsOfOnePbx => Kind < FaultKind.HalfSilent;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,7:0.0} s  {Kind} {Target} for {Length.TotalSeconds:0.0} s");
}
