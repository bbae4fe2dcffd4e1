using System.Security.Cryptography;

namespace PbxGrains.Front.Subscriptions;

/// <summary>When a delivery that failed is tried again: ten attempts over three days, the pauses a little longer by chance.</summary>
internal static class RetrySchedule
{
    /// <summary>A target that wants a longer pause is asked after this all the same.</summary>
    private static readonly TimeSpan LongestWish = TimeSpan.FromHours(24);

    /// <summary>Parts of a thousand by which chance makes a pause longer.</summary>
    private const int Jitter = 100;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Attempts in all; the first is made at once.</summary>
    public static int Attempts => Pauses.Length + 1;

    /// <summary>The pause before the next attempt.</summary>
    /// <param name="failures">How often it failed, at least once.</param>
    /// <param name="wish">The pause the target asked for; null when it did not.</param>
    /// <returns>Null when it has failed often enough.</returns>
    public static TimeSpan? PauseAfter(int failures, TimeSpan? wish)
    {
        if (failures > Pauses.Length)
        {
            return null;
        }

        var pause = Pauses[failures - 1] * (1 + (RandomNumberGenerator.GetInt32(Jitter + 1) / 1000.0));
        var asked = wish > LongestWish ? LongestWish : wish;
        return asked > pause ? asked : pause;
    }
}
