using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Calls;

/// <summary>Shows the verdict of a dry run, check by check.</summary>
internal static class CallRehearsal
{
    /// <summary>Writes the checks and what follows from them.</summary>
    public static void Tell(Terminal terminal, OriginateResource verdict, OriginateInput call)
    {
        if (verdict.Checks is { Count: > 0 } checks)
        {
            terminal.Rows(
                [Text.Column_check, Text.Column_verdict, Text.Column_finding],
                [.. checks.Select(check => (IReadOnlyList<string>)[Sentence.OfValue("Check", check.Check), Sentence.OfValue("Verdict", check.Verdict), Words(check)])]);
        }

        if (verdict.State == "possible")
        {
            terminal.Good(Sentence.Of(Text.Call_possible, call.Extension, call.Destination));
        }
        else
        {
            terminal.Fail(Sentence.Of(Text.Call_impossible, call.Extension, call.Destination));
        }
    }

    /// <summary>Ours where the reader's language is not the API's and every particular is there; the API's sentence otherwise.</summary>
    private static string Words(OriginateCheck check)
    {
        var words = Sentence.ReaderKnowsApiLanguage ? check.Message : Sentence.OfValue("Check_finding", check.Finding, check.Message ?? string.Empty);
        foreach (var (name, value) in check.Facts ?? new Dictionary<string, string>())
        {
            words = words?.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        return words is null || words.Contains('{', StringComparison.Ordinal) ? check.Message ?? check.Finding ?? string.Empty : words;
    }
}
