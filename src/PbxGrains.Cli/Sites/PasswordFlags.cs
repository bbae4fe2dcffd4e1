using System.CommandLine;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>Where a password comes from that nobody types: never from the command line itself, which others can see.</summary>
internal sealed class PasswordFlags
{
    private readonly Option<bool> _stdin = new("--password-stdin") { Description = Text.Option_password_stdin };
    private readonly Option<string?> _file = new("--password-file") { Description = Text.Option_password_file, HelpName = "file" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_stdin);
        command.Add(_file);
    }

    /// <summary>Reads the first line of standard input or of the file.</summary>
    /// <returns>The password, or what is wrong with it; neither when no option was given.</returns>
    public async Task<Checked> ReadAsync(ParseResult parse, Terminal terminal, CancellationToken ct)
    {
        var file = parse.GetValue(_file);
        if (!parse.GetValue(_stdin))
        {
            return file is null ? default : await ReadFirstLineAsync(file, ct);
        }

        return file is null ? SiteRules.Password(await terminal.Input.ReadLineAsync(ct) ?? string.Empty) : Checked.Bad(Text.Password_twice);
    }

    private static async Task<Checked> ReadFirstLineAsync(string file, CancellationToken ct)
    {
        try
        {
            using var reader = File.OpenText(file);
            return SiteRules.Password(await reader.ReadLineAsync(ct) ?? string.Empty);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Checked.Bad(Sentence.Of(Text.Password_file_unreadable, file, e.Message));
        }
    }
}
