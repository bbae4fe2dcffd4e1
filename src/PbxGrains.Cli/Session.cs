using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;

namespace PbxGrains.Cli;

/// <summary>What a command works with.</summary>
/// <param name="Api">The front.</param>
/// <param name="Terminal">Where to write and ask.</param>
/// <param name="Time">The clock.</param>
internal sealed record Session(PbxApi Api, Terminal Terminal, TimeProvider Time)
{
    /// <summary>Tells what went wrong and gives the exit code for it.</summary>
    public ExitCode Refuse(ApiProblem problem)
    {
        var sentences = problem.Sentences().ToList();
        Terminal.Fail(sentences[0]);
        foreach (var more in sentences.Skip(1))
        {
            Terminal.ErrorWriter.WriteLine(Printable.Lines(more));
        }

        return problem.ExitCode;
    }

    /// <summary>Tells what is wrong with the command line and gives the exit code for it.</summary>
    public ExitCode Misused(IEnumerable<string> complaints)
    {
        foreach (var complaint in complaints)
        {
            Terminal.Fail(complaint);
        }

        return ExitCode.Usage;
    }

    /// <summary>Ends a command: the API's own JSON when that was asked for, words otherwise, or what went wrong.</summary>
    public ExitCode Show<T>(ApiAnswer<T> answer, Action<T> words)
        where T : class
    {
        if (!answer.Succeeded)
        {
            return Refuse(answer.Problem);
        }

        if (Terminal.OnlyJson)
        {
            if (answer.Json.Length > 0)
            {
                Terminal.Result(Printable.Json(answer.Json));
            }
        }
        else
        {
            words(answer.Value);
        }

        return ExitCode.Ok;
    }
}
