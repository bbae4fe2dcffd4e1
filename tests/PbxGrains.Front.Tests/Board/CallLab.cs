using System.Net;
using System.Security.Cryptography;
using PbxGrains.Front.Tests.Cdrs;
using PbxGrains.Front.Tests.Lab;
using PbxGrains.Storage.Cdrs;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Tests.Board;

/// <summary>Calls to look at on the board.</summary>
internal static class CallLab
{
    private const int SampleRate = 8000;

    /// <summary>Now, to the second.</summary>
    public static DateTimeOffset Now { get; } = new(DateTimeOffset.UtcNow.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>A record that began so many minutes ago.</summary>
    public static CallRecordRow Ago(this CallRecordRow row, double minutes)
    {
        var at = Now.AddMinutes(-minutes);
        return row with
        {
            StartedAt = at,
            StartWallClock = at.UtcDateTime,
            SeenAt = at.AddSeconds(row.TotalSeconds ?? 1),
            Identity = SHA256.HashData([.. row.Identity, .. BitConverter.GetBytes(at.UtcTicks)]),
        };
    }

    /// <summary>A call from outside that nobody answered.</summary>
    public static CallRecordRow Missed(string site, string callId, string? number, double minutesAgo) => (Ledger.Inbound(site, callId) with
    {
        Disposition = RecordedDisposition.NoAnswer,
        RawStatus = "NO ANSWER",
        Caller = number,
        CallerE164 = number is null ? null : "+33" + number[1..],
        AnsweredBy = null,
        TotalSeconds = 25,
        RingSeconds = 25,
        TalkSeconds = 0,
        Recording = null,
    }).Ago(minutesAgo);

    /// <summary>A key of that scope.</summary>
    public static async Task<string> KeyAsync(this FrontLab front, string scope) =>
        (await (await front.Admin.SendAsync(HttpMethod.Post, "/api/pbx/keys", new { name = $"a {scope}", scope })).JsonAsync(HttpStatusCode.Created)).Text("key")!;

    /// <summary>Puts a recording into the vault: half a second of a tone.</summary>
    public static async Task FetchedAsync(this FrontLab front, string recordingId)
    {
        var ct = TestContext.Current.CancellationToken;
        using var content = new MemoryStream(Tone());
        var receipt = await front.Service<IRecordingVault>().PutAsync(recordingId, content, ct);
        _ = await front.Service<RecordingCatalogue>().ReadyAsync(recordingId, new FetchedRecording(receipt.Bytes, receipt.Sha256, "audio/wav", 0.5), DateTimeOffset.UtcNow, ct);
    }

    private static byte[] Tone()
    {
        using var file = new MemoryStream();
        using var wave = new BinaryWriter(file);
        const int Samples = SampleRate / 2;
        wave.Write("RIFF"u8);
        wave.Write(36 + (Samples * 2));
        wave.Write("WAVEfmt "u8);
        wave.Write(16);
        wave.Write((short)1);
        wave.Write((short)1);
        wave.Write(SampleRate);
        wave.Write(SampleRate * 2);
        wave.Write((short)2);
        wave.Write((short)16);
        wave.Write("data"u8);
        wave.Write(Samples * 2);
        for (var i = 0; i < Samples; i++)
        {
            wave.Write((short)(8000 * Math.Sin(2 * Math.PI * 440 * i / SampleRate)));
        }

        return file.ToArray();
    }
}
