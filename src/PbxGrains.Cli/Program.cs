using PbxGrains.Cli;
using PbxGrains.Cli.Terminals;

var commandLine = new PbxCommandLine(Terminal.ForProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
using var interruption = new Interruption();
return (int)await commandLine.RunAsync(args, interruption.Token);
