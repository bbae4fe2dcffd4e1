using Spectre.Console;
using Spectre.Console.Rendering;

namespace PbxGrains.Cli.Tests;

/// <summary>A console at which somebody types prepared lines. When they are used up, nothing more is typed: the prompt waits.</summary>
internal sealed class ScriptedConsole(IAnsiConsole console, IEnumerable<string> lines) : IAnsiConsole, IAnsiConsoleInput
{
    private readonly Queue<ConsoleKeyInfo> _keys = new(lines.SelectMany(line => line.Select(Typed).Append(new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false))));

    public Profile Profile => console.Profile;

    public IAnsiConsoleCursor Cursor => console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => console.ExclusivityMode;

    public RenderPipeline Pipeline => console.Pipeline;

    public void Clear(bool home) => console.Clear(home);

    public void Write(IRenderable renderable) => console.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => console.WriteAnsi(action);

    public bool IsKeyAvailable() => _keys.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept) => _keys.TryDequeue(out var key) ? key : null;

    public async Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken)
    {
        if (_keys.TryDequeue(out var key))
        {
            return key;
        }

        await new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        return null;
    }

    private static ConsoleKeyInfo Typed(char c) => new(c, (ConsoleKey)char.ToUpperInvariant(c), char.IsUpper(c), false, false);
}
