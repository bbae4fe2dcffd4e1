using PbxGrains.Cli;
using PbxGrains.Cli.Terminals;

var commandLine = new PbxCommandLine(Terminal.ForProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
return (int)await commandLine.RunAsync(args);
