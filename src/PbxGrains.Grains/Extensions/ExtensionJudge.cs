using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;

namespace PbxGrains.Grains.Extensions;

/// <summary>Turns what is held into what may be said: knowledge older than its bound reads as unknown, never as idle.</summary>
public static class ExtensionJudge
{
    /// <summary>The clocks of two silos may differ by so much. What is dated later than that has an age that nobody knows.</summary>
    public static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(2);

    /// <summary>The extension as callers may see it.</summary>
    /// <param name="id">The extension.</param>
    /// <param name="state">What is held of it.</param>
    /// <param name="listedAt">When the list of extensions was last read whole; confirms every state it did not change.</param>
    /// <param name="staleAfter">Bound of knowledge.</param>
    /// <param name="now">The clock's time.</param>
    public static ExtensionView View(ExtensionId id, ExtensionState state, DateTimeOffset? listedAt, TimeSpan staleAfter, DateTimeOffset now)
    {
        var confirmedAt = Later(state.ConfirmedAt, listedAt);
        var stale = confirmedAt is not { } confirmed || now - confirmed > staleAfter || confirmed - now > ClocksDiffer;
        var hidden = stale && state.Status != ExtensionStatus.Unknown;
        return new ExtensionView
        {
            Site = id.Site,
            Number = id.Number,
            Name = state.Name,
            Type = state.Type,
            Status = stale ? ExtensionStatus.Unknown : state.Status,
            Since = stale ? null : state.Since,
            Source = state.Source,
            ConfirmedAt = confirmedAt,
            AsOf = now,
            Stale = hidden,
            LastKnownStatus = hidden ? state.Status : null,
            CurrentCall = stale ? null : state.CurrentCall,
            TalkingTo = stale ? null : state.TalkingTo,
            RegisteredAddress = state.RegisteredAddress,
        };
    }

    /// <summary>
    /// Knowledge by this silo's clock. What a silo says whose clock is ahead must not look younger here, nor become fresh when
    /// the time comes that it is dated with.
    /// </summary>
    /// <param name="knowledge">As it was sent.</param>
    /// <param name="now">When it came.</param>
    public static ExtensionKnowledge Dated(ExtensionKnowledge knowledge, DateTimeOffset now)
    {
        var ahead = knowledge.Now - now;
        return ahead <= TimeSpan.Zero ? knowledge : knowledge with
        {
            State = knowledge.State is { } state ? state with { ConfirmedAt = state.ConfirmedAt - ahead } : null,
            ConfirmedAt = knowledge.ConfirmedAt - ahead,
            Now = now,
        };
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) =>
        a is null ? b : b is null ? a : a > b ? a : b;
}
