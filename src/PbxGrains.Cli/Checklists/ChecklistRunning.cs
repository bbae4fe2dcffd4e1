using System.Text.Json;
using PbxGrains.Cli.Api;

namespace PbxGrains.Cli.Checklists;

/// <summary>Runs a site's checklist and hears of its items as they finish.</summary>
/// <param name="api">The front.</param>
/// <param name="siteId">The site.</param>
internal sealed class ChecklistRunning(PbxApi api, string siteId)
{
    private const string WholeType = "application/json";

    /// <summary>Runs it to its end.</summary>
    /// <param name="wish">How.</param>
    /// <param name="show">Told each item once.</param>
    /// <param name="ct">Stops listening; the run goes on.</param>
    /// <exception cref="AnswerBrokenException">The connection broke before the run was over; it goes on.</exception>
    public async Task<ApiAnswer<ChecklistRun>> RunAsync(ChecklistWish wish, Action<ChecklistItem> show, CancellationToken ct)
    {
        var answer = await api.OpenChecklistRun(siteId, wish, ct);
        if (!answer.Succeeded)
        {
            return new ApiAnswer<ChecklistRun>(null, string.Empty, answer.Problem);
        }

        using var source = answer.Value;
        return source.MediaType switch
        {
            PbxApi.LinesType => await FollowAsync(source, show, ct),
            WholeType => await TakeWholeAsync(source, show, ct),
            _ => NotTheApi(),
        };
    }

    private async Task<ApiAnswer<ChecklistRun>> FollowAsync(StreamedAnswer source, Action<ChecklistItem> show, CancellationToken ct)
    {
        await foreach (var line in AnswerLines.ReadAsync(source, ct))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (Member(line, "run") is { } run)
            {
                return Run(run);
            }

            // What a newer front tells besides is left to newer binaries.
            if (Member(line, "item") is { } told && Read(told, json => JsonSerializer.Deserialize(json, ApiJson.Default.ChecklistItem)) is { } item)
            {
                show(item);
            }
        }

        throw new AnswerBrokenException("The run was not told to its end.");
    }

    private async Task<ApiAnswer<ChecklistRun>> TakeWholeAsync(StreamedAnswer source, Action<ChecklistItem> show, CancellationToken ct)
    {
        var lines = new List<string>();
        await foreach (var line in AnswerLines.ReadAsync(source, ct))
        {
            lines.Add(line);
        }

        var answer = Run(string.Join('\n', lines));
        foreach (var item in answer.Value?.Items ?? [])
        {
            show(item);
        }

        return answer;
    }

    private ApiAnswer<ChecklistRun> Run(string json) =>
        Read(json, text => JsonSerializer.Deserialize(text, ApiJson.Default.ChecklistRun)) is { } run ? new ApiAnswer<ChecklistRun>(run, json, null) : NotTheApi();

    private ApiAnswer<ChecklistRun> NotTheApi() => new(null, string.Empty, api.NotTheApi());

    private static string? Member(string line, string name) => Read(line, json =>
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object
            ? member.GetRawText()
            : null;
    });

    private static T? Read<T>(string json, Func<string, T?> read)
        where T : class
    {
        try
        {
            return read(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
