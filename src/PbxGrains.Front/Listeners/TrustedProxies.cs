using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Listeners;

/// <summary>Whose word about the caller's address counts: that of configured reverse proxies, nobody else's.</summary>
internal static class TrustedProxies
{
    /// <exception cref="InvalidOperationException">An entry is neither an address nor a network.</exception>
    public static void Configure(ForwardedHeadersOptions options, IOptions<FrontSettings> settings)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in settings.Value.Proxies)
        {
            options.KnownIPNetworks.Add(SourceAddress.Read(proxy) ?? throw new InvalidOperationException($"Front:Proxies names '{proxy}': use an address, or a network such as 10.0.0.0/24."));
        }
    }
}
