using System.CommandLine;
using System.Globalization;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Recordings;

/// <summary><c>pbx recording …</c></summary>
internal static class RecordingCommands
{
    /// <summary>Builds the command with its subcommands.</summary>
    public static Command Build(GlobalOptions options) => new("recording", Text.Command_recording)
    {
        Get(options),
        Info(options),
    };

    private static Argument<string> RecordingId() => new("recording") { Description = Text.Argument_recording };

    private static Command Get(GlobalOptions options)
    {
        var id = RecordingId();
        var output = new Option<string?>("--out") { Description = Text.Option_out_recording, HelpName = "file" };
        var force = new Option<bool>("--force") { Description = Text.Option_force };
        var command = new Command("get", Text.Command_recording_get) { id, output, force };
        options.Run(command, (parse, session, ct) =>
            new RecordingDownload(session, parse.GetRequiredValue(id)).RunAsync(parse.GetValue(output), parse.GetValue(force), ct));
        return command;
    }

    private static Command Info(GlobalOptions options)
    {
        var id = RecordingId();
        var command = new Command("info", Text.Command_recording_info) { id };
        options.Run(command, async (parse, session, ct) => session.Show(
            await session.Api.FindRecording(parse.GetRequiredValue(id), ct),
            recording => Tell(session, recording)));
        return command;
    }

    private static void Tell(Session session, RecordingResource recording) => session.Terminal.Rows(
        [Text.Column_property, Text.Column_value],
        [
            [Text.Column_id, Or(recording.Id)],
            [Text.Column_site, Or(recording.Site)],
            [Text.Column_call, Or(recording.CallId)],
            [Text.Column_name, Or(recording.Name)],
            [Text.Column_status, Or(Sentence.OfValue("Recording", recording.State))],
            [Text.Column_reason, Or(Reason(recording))],
            [Text.Column_bytes, recording.Bytes?.ToString("N0", CultureInfo.CurrentCulture) ?? LocalTime.Unknown],
            [Text.Column_duration, LocalTime.Duration((long?)recording.DurationSeconds)],
            [Text.Column_content_type, Or(recording.ContentType)],
            ["SHA-256", Or(recording.Sha256)],
            [Text.Column_first_named, LocalTime.Of(recording.FirstNamedAt, session.Time)],
            [Text.Column_fetched, LocalTime.Of(recording.FetchedAt, session.Time)],
            [Text.Column_last_tried, LocalTime.Of(recording.LastTriedAt, session.Time)],
            [Text.Column_next_try, LocalTime.Of(recording.NextTryAt, session.Time)],
            [Text.Column_tries, recording.Tries?.ToString(CultureInfo.InvariantCulture) ?? LocalTime.Unknown],
            [Text.Column_expires, LocalTime.Of(recording.ExpiresAt, session.Time)],
        ]);

    private static string? Reason(RecordingResource recording) =>
        Sentence.ReaderKnowsApiLanguage && recording.Detail is not null ? recording.Detail : Sentence.OfValue("Recording_reason", recording.Reason, recording.Detail ?? recording.Reason);

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? LocalTime.Unknown : text;
}
