namespace PbxGrains.Storage.Cdrs;

/// <summary>The primary key of a record.</summary>
/// <param name="StartWallClock">Start by the PBX's clock.</param>
/// <param name="Identity">Fingerprint.</param>
internal sealed record CallRecordKey(DateTime StartWallClock, byte[] Identity)
{
    /// <summary>The order in which every process takes its locks.</summary>
    public static readonly IComparer<CallRecordKey> LockOrder = Comparer<CallRecordKey>.Create((a, b) =>
        a.StartWallClock.CompareTo(b.StartWallClock) is not 0 and var byStart ? byStart : a.Identity.AsSpan().SequenceCompareTo(b.Identity));

    public static CallRecordKey Of(CallRecordRow row) => new(row.StartWallClock, row.Identity);

    public bool Equals(CallRecordKey? other) => other is not null && LockOrder.Compare(this, other) == 0;

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(StartWallClock);
        hash.AddBytes(Identity);
        return hash.ToHashCode();
    }
}

/// <summary>A record was removed for its age between being found and being read: try again, then it is new.</summary>
internal sealed class CallRecordVanishedException() : Npgsql.NpgsqlException("A call record was removed while a version of it came in.")
{
    public override bool IsTransient => true;
}
