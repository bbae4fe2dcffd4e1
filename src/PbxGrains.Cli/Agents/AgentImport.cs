using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Agents;

/// <summary>What <c>pbx agent import</c> was told.</summary>
/// <param name="Path">The file.</param>
/// <param name="Replace">The file holds all agents: others are removed.</param>
/// <param name="DryRun">Only show what would change.</param>
/// <param name="Yes">Do not ask.</param>
internal sealed record AgentImportWish(string Path, bool Replace, bool DryRun, bool Yes);

/// <summary>Imports agents from a file: reads it whole, shows what would change, asks, saves, and tells what was changed.</summary>
internal sealed class AgentImport(Session session)
{
    /// <summary>Runs an import.</summary>
    public async Task<ExitCode> RunAsync(AgentImportWish wish, CancellationToken ct)
    {
        if (Open(wish.Path) is not { } content)
        {
            return ExitCode.Usage;
        }

        if (content.Complaints.Count > 0)
        {
            _ = session.Misused(content.Complaints);
            session.Terminal.ErrorWriter.WriteLine(Printable.Lines(Text.Agents_nothing_saved));
            return ExitCode.Usage;
        }

        if (content.Ignored.Count > 0)
        {
            session.Terminal.Warn(Sentence.Of(Text.Agents_ignored_columns, string.Join(", ", content.Ignored)));
        }

        var set = new AgentSet(content.Agents);
        var preview = await session.Api.SaveAgents(set, wish.Replace, dryRun: true, ct);
        if (!preview.Succeeded || wish.DryRun || preview.Value.IsEmpty)
        {
            return session.Show(preview, changes => Tell(changes, wish.DryRun ? Text.Agents_would_change : Text.Agents_no_change));
        }

        if (!session.Terminal.OnlyJson)
        {
            AgentTables.Changes(session.Terminal, preview.Value);
            session.Terminal.Say(Summary(Text.Agents_would_change, preview.Value));
        }

        return await RefusedAsync(wish, preview.Value, ct) is { } refusal
            ? refusal
            : session.Show(await session.Api.SaveAgents(set, wish.Replace, dryRun: false, ct), saved => session.Terminal.Good(Summary(Text.Agents_changed, saved)));
    }

    private AgentFileContent? Open(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return AgentFile.Read(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            session.Terminal.Fail(Sentence.Of(Text.Agents_no_file, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Terminal.Fail(Sentence.Of(Text.Agents_unreadable_file, path, e.Message));
        }

        return null;
    }

    /// <summary>Where nobody can be asked, <c>--yes</c> is demanded only for what removes agents.</summary>
    private async Task<ExitCode?> RefusedAsync(AgentImportWish wish, AgentChanges changes, CancellationToken ct) =>
        wish.Replace || session.Terminal.Interactive
            ? await Confirmation.RefusedAsync(session, wish.Yes, wish.Replace ? Sentence.Of(Text.Ask_replace_agents, changes.Removed?.Count ?? 0) : Text.Ask_save_agents, ct)
            : null;

    private void Tell(AgentChanges changes, string summary)
    {
        AgentTables.Changes(session.Terminal, changes);
        session.Terminal.Good(Summary(changes.IsEmpty ? Text.Agents_no_change : summary, changes));
    }

    private static string Summary(string text, AgentChanges changes) =>
        Sentence.Of(text, changes.Added?.Count ?? 0, changes.Changed?.Count ?? 0, changes.Removed?.Count ?? 0, changes.Unchanged);
}
