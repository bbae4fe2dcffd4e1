using System.Globalization;
using PbxGrains.Yeastar.Http;

namespace PbxGrains.Yeastar.Client;

/// <summary>Downloads from a PBX (fact sheet S-Series §4.9, §4.10); the dialects differ in one field's name.</summary>
internal sealed class PbxFiles(PbxSession session, string extensionField) : IPbxFiles
{
    public Task<PbxResult<Stream>> OpenCallRecordsAsync(DateTime fromWallClock, DateTime toWallClock, CancellationToken ct) =>
        session.OpenAsync("cdr", [(extensionField, "all"), ("starttime", WallClock(fromWallClock)), ("endtime", WallClock(toWallClock))], ct);

    public Task<PbxResult<Stream>> OpenRecordingAsync(string name, CancellationToken ct) =>
        session.OpenAsync("recording", [("recording", name)], ct);

    public Task<PbxResult<Done>> AskForRecordingAsync(string name, CancellationToken ct) =>
        session.DoAsync("recording/get_random", PbxRequestBody.Of(("recording", name)), ct);

    private static string WallClock(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
