using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>Values as PostgreSQL takes and returns them, so that what was sent equals what is read.</summary>
internal static class CallRecordText
{
    /// <summary>The same text where PostgreSQL takes it, which is nearly always; else with U+FFFD for what it does not.</summary>
    public static string Storable(string text) =>
        text.Contains('\0', StringComparison.Ordinal) || text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Sql.Storable(text) : text;

    /// <inheritdoc cref="Storable" />
    public static string? StorableOrNull(string? text) => text is null ? null : Storable(text);

    public static DateTime Microseconds(DateTime time) =>
        DateTime.SpecifyKind(time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)), DateTimeKind.Unspecified);

    public static DateTimeOffset Microseconds(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>Binds a time of a PBX's own clock, whatever its kind says.</summary>
    public static NpgsqlParameterCollection WallClock(this NpgsqlParameterCollection parameters, DateTime time) =>
        parameters.Bind(NpgsqlDbType.Timestamp, Microseconds(time));
}
