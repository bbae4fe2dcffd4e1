using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Tests.Cdrs;

/// <summary>Puts call records into a front's ledger and asks for them.</summary>
internal static class Ledger
{
    /// <summary>Noon in Paris on the first of July.</summary>
    public static readonly DateTime WallClock = new(2026, 7, 1, 12, 0, 0);

    public static readonly DateTimeOffset Noon = new(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A record of which only the required is known, so many minutes after noon.</summary>
    public static CallRecordRow Named(string site, string callId, int minute = 0, string leg = "") => new()
    {
        SiteId = site,
        CallId = callId,
        Identity = SHA256.HashData(Encoding.UTF8.GetBytes($"{site} {callId} {minute} {leg}")),
        StartWallClock = WallClock.AddMinutes(minute),
        StartedAt = Noon.AddMinutes(minute),
        Source = RecordedSource.Push,
        SeenAt = Noon.AddMinutes(minute + 1),
    };

    /// <summary>An answered call from outside.</summary>
    public static CallRecordRow Inbound(string site, string callId, int minute = 0) => Named(site, callId, minute) with
    {
        Direction = RecordedDirection.Inbound,
        RawType = "Inbound",
        Disposition = RecordedDisposition.Answered,
        RawStatus = "ANSWERED",
        Caller = "0612345678",
        CallerE164 = "+33612345678",
        Callee = "6200(4002)",
        CalledGroup = "6200",
        AnsweredBy = "4002",
        Did = "+33140000000",
        SourceTrunk = "carrier",
        TotalSeconds = 50,
        RingSeconds = 8,
        TalkSeconds = 42,
        Recording = "20260701-4002.wav",
        Extensions = ["4002"],
        Raw = """{"event":"NewCdr"}""",
    };

    /// <summary>An answered call to the outside.</summary>
    public static CallRecordRow Outbound(string site, string callId, string dialled, string? e164, int minute = 0) => Named(site, callId, minute) with
    {
        Direction = RecordedDirection.Outbound,
        Disposition = RecordedDisposition.Answered,
        Caller = "4002",
        Callee = dialled,
        CalleeE164 = e164,
        DestinationTrunk = "carrier",
        Extensions = ["4002"],
    };

    public static async Task RecordAsync(this FrontLab front, params CallRecordRow[] rows)
    {
        await using var ledger = new CallRecordLedger(front.Service<NpgsqlDataSource>(), TimeProvider.System, NullLogger<CallRecordLedger>.Instance);
        _ = await ledger.AppendAsync(rows, TestContext.Current.CancellationToken);
    }

    /// <summary>Makes many records of a site quickly: answered calls from outside, a second apart.</summary>
    public static Task FillAsync(this FrontLab front, string site, int count) => front.SqlAsync($$"""
        INSERT INTO pbx.call_record (site_id, call_id, identity, start_wall_clock, started_at, total_seconds, talk_seconds, direction, disposition,
            caller, caller_e164, callee, extensions, raw, pushed_at, exact_fields)
        SELECT '{{site}}', '178.' || i, sha256(('{{site}}' || i)::bytea), '2026-07-01'::timestamp + i * interval '1 second', '2026-07-01Z'::timestamptz + i * interval '1 second',
            60, 50, 'inbound', 'answered', '0612345678', '+33612345678', '4002', ARRAY['4002'], repeat('x', 300), now(), 0
        FROM generate_series(1, {{count}}) AS i
        """);

    public static async Task SqlAsync(this FrontLab front, string sql)
    {
        await using var session = new NpgsqlConnection(front.ConnectionString);
        await session.OpenAsync();
        await using var command = new NpgsqlCommand(sql, session) { CommandTimeout = 0 };
        _ = await command.ExecuteNonQueryAsync();
    }

    public static async Task<JsonElement> GetAsync(this FrontLab front, string route) => await (await front.Admin.SendAsync(HttpMethod.Get, route)).JsonAsync();

    /// <summary>The call ids of a list.</summary>
    public static IEnumerable<string> Calls(this JsonElement page) => page.GetProperty("items").EnumerateArray().Select(record => record.Text("callId")!);
}
