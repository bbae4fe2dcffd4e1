using System.Security.Cryptography;
using System.Text;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Storage.Tests.Cdrs;

/// <summary>Call records as a normaliser would make them.</summary>
internal static class SampleRecords
{
    /// <summary>Noon in Berlin on the first of July.</summary>
    public static readonly DateTime WallClock = new(2026, 7, 1, 12, 0, 0);

    public static readonly DateTimeOffset Noon = new(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>An answered call from outside, so many minutes after noon.</summary>
    public static CallRecordRow Inbound(string siteId, int minute = 0, string? callId = null, string source = RecordedSource.Push) =>
        Named(siteId, callId ?? $"1782900000.{minute}", minute) with
        {
            Direction = RecordedDirection.Inbound,
            Disposition = RecordedDisposition.Answered,
            Caller = "0301234567",
            CallerE164 = "+49301234567",
            Callee = "6200",
            CalledGroup = "6200",
            AnsweredBy = "4002",
            Did = "+4930900",
            SourceTrunk = "carrier",
            TalkSeconds = 42,
            TotalSeconds = 50,
            Extensions = ["4002"],
            RawType = "Inbound",
            RawStatus = "ANSWERED",
            Recording = $"{minute}.wav",
            Raw = """{"event":"NewCdr"}""",
            Source = source,
        };

    /// <summary>A record of which only the required is known.</summary>
    public static CallRecordRow Named(string siteId, string callId, int minute = 0, string leg = "") => new()
    {
        SiteId = siteId,
        CallId = callId,
        Identity = SHA256.HashData(Encoding.UTF8.GetBytes($"{siteId} {callId} {minute} {leg}")),
        StartWallClock = WallClock.AddMinutes(minute),
        StartedAt = Noon.AddMinutes(minute),
        Source = RecordedSource.Push,
        SeenAt = Noon.AddMinutes(minute + 1),
    };
}
