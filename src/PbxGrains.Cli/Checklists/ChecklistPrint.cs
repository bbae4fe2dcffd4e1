using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Checklists;

/// <summary>Shows a checklist item by item, under the heading of its section, and sums it up.</summary>
internal sealed class ChecklistPrint(Terminal terminal)
{
    private string? _section;

    /// <summary>Shows an item: title, evidence, and what to do where something is to be done.</summary>
    public void Show(ChecklistItem item)
    {
        if (item.Section != _section)
        {
            _section = item.Section;
            terminal.Heading(Sentence.OfValue("Check_section", _section));
        }

        var (mark, colour) = item.Verdict switch
        {
            "pass" => ("✓", "green"),
            "warn" => ("!", "yellow"),
            "fail" => ("✗", "red"),
            "skipped" => ("–", "grey"),
            _ => ("i", "blue"),
        };
        terminal.Finding(mark, colour, item.Title ?? item.Id ?? LocalTime.Unknown);
        if (item.Evidence is { Length: > 0 } evidence)
        {
            terminal.Beneath(evidence);
        }

        if (item.Verdict != "pass" && item.Remedy is { Length: > 0 } remedy)
        {
            terminal.Beneath("→ " + remedy);
        }
    }

    /// <summary>Sums a run up.</summary>
    public void Conclude(ChecklistRun run)
    {
        var counts = run.Counts ?? new ChecklistCounts(0, 0, 0, 0, 0);
        terminal.Say(string.Empty);
        terminal.Say(Sentence.Of(Text.Check_counts, counts.Pass, counts.Warn, counts.Fail, counts.Skipped, counts.Notice));
        switch (run.Verdict)
        {
            case "pass":
                terminal.Good(Sentence.Of(Text.Check_passed, run.SiteId));
                break;
            case "warn":
                terminal.Warn(Sentence.Of(Text.Check_warned, run.SiteId));
                break;
            default:
                terminal.Fail(Sentence.Of(Text.Check_failed, run.SiteId));
                break;
        }
    }

    /// <summary>What the shell is told of a run.</summary>
    public static ExitCode ExitCodeOf(ChecklistRun run) => run.Verdict switch
    {
        "pass" => ExitCode.Ok,
        "warn" => ExitCode.Attention,
        _ => ExitCode.OutOfOrder,
    };
}
