using System.Diagnostics;

namespace PbxGrains.Testing;

/// <summary>Waits for a condition, never for a while.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <param name="timeout">Gives up after this long; three minutes by default, for a busy machine.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public static async Task<TimeSpan> Holds(Func<Task<bool>> condition, string what, TimeSpan? timeout = null)
    {
        var limit = timeout ?? TimeSpan.FromMinutes(3);
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain: {what}.");
            }

            await Task.Delay(Pause);
        }

        return clock.Elapsed;
    }

    /// <inheritdoc cref="Holds(Func{Task{bool}}, string, TimeSpan?)" />
    public static Task<TimeSpan> Holds(Func<bool> condition, string what, TimeSpan? timeout = null) =>
        Holds(() => Task.FromResult(condition()), what, timeout);
}
