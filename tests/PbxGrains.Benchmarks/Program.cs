using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Running;
using PbxGrains.Benchmarks.Figures;
using PbxGrains.Benchmarks.Load;
using PbxGrains.Benchmarks.Polling;
using PbxGrains.Benchmarks.Running;

// scripts/bench.sh checks what is typed; here it is only told apart.
switch (args)
{
    case ["--micro", .. var rest]:
        _ = BenchmarkSwitcher.FromAssembly(typeof(FigureRun).Assembly).Run([.. rest]);
        return 0;
    case [BarePoller.Option, var sites, var port, var seconds]:
        await BarePoller.RunAsync(Number(sites), Number(port), TimeSpan.FromSeconds(Seconds(seconds)));
        return 0;
    case [BareEndpoint.Option]:
        await BareEndpoint.RunAsync();
        return 0;
    case [BareLedger.Option]:
        await BareLedger.RunAsync();
        return 0;
    case [LeanLoad.Option, var port, var connections, var warmUp, var seconds]:
        await LeanLoad.RunAsync(Number(port), Number(connections), Seconds(warmUp), Seconds(seconds));
        return 0;
    case [PbxFleet.Option, var sites, var extensions, var history]:
        await PbxFleet.RunAsync(Number(sites), Number(extensions), Number(history));
        return 0;
    default:
        using (var interrupted = new CancellationTokenSource())
        {
            // All that was started is ended on the way out.
            Action<PosixSignalContext> interrupt = signal =>
            {
                signal.Cancel = true;
                interrupted.Cancel();
            };
            using var interactive = PosixSignalRegistration.Create(PosixSignal.SIGINT, interrupt);
            using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, interrupt);
            return await FigureRun.RunAsync(FigureOptions.Read(args), interrupted.Token);
        }
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static double Seconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);
