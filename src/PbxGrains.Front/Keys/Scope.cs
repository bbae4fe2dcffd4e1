using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace PbxGrains.Front.Keys;

/// <summary>What a key may do; a higher scope contains the lower ones.</summary>
internal static class Scope
{
    /// <summary>May look.</summary>
    public const string Read = "read";

    /// <summary>May also start and steer calls, suspend and resume sites.</summary>
    public const string Operate = "operate";

    /// <summary>May also change sites, agents and keys.</summary>
    public const string Admin = "admin";

    /// <summary>Claim that carries a scope.</summary>
    public const string Claim = "scope";

    private static readonly string[] Ascending = [Read, Operate, Admin];

    /// <summary>True when the text names a scope.</summary>
    public static bool IsKnown([NotNullWhen(true)] string? scope) => Array.IndexOf(Ascending, scope) >= 0;

    /// <summary>The scope and all it contains; none for an unknown one.</summary>
    public static ReadOnlySpan<string> Contained(string scope) => Ascending.AsSpan(0, Array.IndexOf(Ascending, scope) + 1);

    /// <summary>Who may do what a scope and those below it allow.</summary>
    /// <param name="scheme">How it was proven.</param>
    /// <param name="name">Who it is, for logs and audits.</param>
    /// <param name="scope">The scope.</param>
    public static ClaimsIdentity Identity(string scheme, string name, string scope)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        foreach (var contained in Contained(scope))
        {
            identity.AddClaim(new Claim(Claim, contained));
        }

        return identity;
    }
}
