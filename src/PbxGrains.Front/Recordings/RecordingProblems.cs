using Microsoft.AspNetCore.Http.HttpResults;
using PbxGrains.Front.Problems;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Front.Recordings;

/// <summary>Why a recording cannot be heard, as problems.</summary>
internal static class RecordingProblems
{
    public const string Unknown = "recording-unknown";
    public const string Pending = "recording-pending";
    public const string Absent = "recording-absent";
    public const string Expired = "recording-expired";
    public const string VaultUnavailable = "recording-vault-unavailable";

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);

    public static ProblemHttpResult NotKnown(string id) => Problem.Of(
        StatusCodes.Status404NotFound, Unknown, "No such recording", $"No call record names a recording '{Problem.Shown(id)}'. The recording of a call record has its address in recording.url.");

    /// <summary>The recording is not to be had now, or not at all.</summary>
    public static IResult NotReady(RecordingRow row, DateTimeOffset now) => row.State switch
    {
        RecordingState.Expired => Problem.Of(
            StatusCodes.Status410Gone,
            Expired,
            "The recording's time is over",
            $"It was kept until {row.ExpiresAt:yyyy-MM-dd} and then removed, as the site's retention wants it.",
            More(row, ("sha256", row.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : null))),
        RecordingState.Absent => Problem.Of(
            StatusCodes.Status404NotFound, Absent, "The recording is not to be had", row.Detail ?? "The PBX does not have it any more.", More(row)),
        _ => new RetryLater(
            Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                Pending,
                "The recording is not here yet",
                $"{row.Detail ?? "It is still to be fetched from the PBX."} It is fetched as soon as it can be; ask again later.",
                More(row)),
            Wait(row, now)),
    };

    public static IResult SiteRemoved(RecordingRow row) => Problem.Of(
        StatusCodes.Status404NotFound,
        Absent,
        "The recording is not to be had",
        $"Site '{row.SiteId}' is not registered any more, so nobody can fetch it from its PBX.",
        KeyValuePair.Create<string, object?>("reason", "siteRemoved"));

    public static IResult NoVault(VaultFault? fault) => new RetryLater(
        Problem.Of(
            StatusCodes.Status503ServiceUnavailable,
            VaultUnavailable,
            "The recordings cannot be reached",
            fault switch
            {
                null => "Recordings are switched off in this installation (Recordings:Store).",
                VaultFault.Denied => "Their folder or object store does not let this process in. Its log tells more.",
                _ => "Their folder or object store does not answer just now. Try again in a moment.",
            }),
        RetryLater.NextPoll);

    private static KeyValuePair<string, object?>[] More(RecordingRow row, params ReadOnlySpan<(string Name, object? Value)> others)
    {
        var members = new List<KeyValuePair<string, object?>> { KeyValuePair.Create<string, object?>("reason", row.Reason) };
        foreach (var (name, value) in others)
        {
            members.Add(KeyValuePair.Create(name, value));
        }

        return [.. members];
    }

    private static TimeSpan Wait(RecordingRow row, DateTimeOffset now)
    {
        var wait = row.NextTryAt - now ?? LongestWait;
        return wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
    }
}
