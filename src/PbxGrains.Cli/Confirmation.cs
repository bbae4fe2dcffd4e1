using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli;

/// <summary>Makes sure that something that cannot be undone is meant.</summary>
internal static class Confirmation
{
    /// <summary>Asks; where nobody can be asked, <c>--yes</c> is demanded.</summary>
    /// <returns>The exit code when it is not to be done; null when it is.</returns>
    public static async Task<ExitCode?> RefusedAsync(Session session, bool yes, string question, CancellationToken ct)
    {
        if (yes)
        {
            return null;
        }

        if (!session.Terminal.Interactive)
        {
            session.Terminal.Fail(Text.Yes_needed);
            return ExitCode.Usage;
        }

        return await session.Terminal.Confirm(question, suggestion: false, ct) ? null : ExitCode.Refused;
    }
}
