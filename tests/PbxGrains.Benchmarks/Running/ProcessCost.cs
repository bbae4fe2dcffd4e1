using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PbxGrains.Benchmarks.Running;

/// <summary>What processes have cost so far, from Linux's own books. Differences of two readings are what counts.</summary>
/// <param name="Cpu">Time on processors, user and system, since the start.</param>
/// <param name="ResidentBytes">Memory that is in RAM now.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessCost(TimeSpan Cpu, long ResidentBytes)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1.0 / 100);

    /// <summary>Of one process, all its threads.</summary>
    public static ProcessCost Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return new ProcessCost(process.TotalProcessorTime, process.WorkingSet64);
    }

    /// <summary>Of a process with all processes it started that live, and the time of those that have ended: PostgreSQL as a whole.</summary>
    public static ProcessCost OfTree(int processId)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(id) is { } stat && stat[ParentField] == Written(processId))
            {
                children.Add(id);
            }
        }

        var ticks = 0L;
        var resident = 0L;
        foreach (var stat in children.Prepend(processId).Select(Stat).OfType<string[]>())
        {
            // utime, stime and, for children that were waited for, cutime and cstime.
            ticks += Enumerable.Range(UserTimeField, 4).Sum(field => long.Parse(stat[field], CultureInfo.InvariantCulture));
            resident += long.Parse(stat[ResidentPagesField], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }

        return new ProcessCost(ticks * Tick, resident);
    }

    /// <summary>The parent of a process.</summary>
    public static int ParentOf(int processId) =>
        int.Parse((Stat(processId) ?? throw new InvalidOperationException($"There is no process {processId}."))[ParentField], CultureInfo.InvariantCulture);

    /// <summary>What was used between an earlier reading and this one.</summary>
    public TimeSpan Since(ProcessCost earlier) => Cpu - earlier.Cpu;

    // Fields of proc(5) stat after the name, which may hold spaces: 0 is the state.
    private const int ParentField = 1;
    private const int UserTimeField = 11;
    private const int ResidentPagesField = 21;

    private static string[]? Stat(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{Written(processId)}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);
}
