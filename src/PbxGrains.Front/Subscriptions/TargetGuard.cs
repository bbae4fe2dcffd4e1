using System.Net;
using Microsoft.Extensions.Options;

namespace PbxGrains.Front.Subscriptions;

/// <summary>
/// Decides which addresses webhooks may go to: public ones, and those the operator allows. A target is somebody's word, so
/// it must not become a way into our own network.
/// </summary>
internal sealed class TargetGuard(IOptions<SubscriptionSettings> settings)
{
    private readonly IReadOnlyList<IPNetwork> _allowed = settings.Value.Allowed();

    /// <summary>True when plain HTTP could go anywhere at all.</summary>
    public bool AllowsAny => _allowed.Count > 0;

    /// <summary>Why an address is refused; null when it is not.</summary>
    /// <param name="address">The address.</param>
    /// <param name="scheme">How it would be spoken to.</param>
    public string? Refusal(IPAddress address, string scheme)
    {
        var meant = PublicAddress.Meant(address);
        if (PublicAddress.IsNever(meant))
        {
            return $"{address} is refused: webhooks never go to link-local addresses or metadata services.";
        }

        if (_allowed.Any(network => network.Contains(meant)))
        {
            return null;
        }

        return !PublicAddress.IsPublic(meant) ? $"{address} is refused: it is not a public address, and Subscriptions:AllowedTargets does not name it."
            : scheme != Uri.UriSchemeHttps ? $"{address} is refused: plain HTTP goes only to addresses that Subscriptions:AllowedTargets names. Use https."
            : null;
    }
}

/// <summary>A target was not contacted, since it may not be.</summary>
internal sealed class TargetRefusedException(string message) : Exception(message);
