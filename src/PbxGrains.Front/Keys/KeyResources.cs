using System.Text.Json.Serialization;

namespace PbxGrains.Front.Keys;

/// <summary>A key to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeyInput
{
    /// <summary>What the key is for, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary><c>read</c>, <c>operate</c> or <c>admin</c>.</summary>
    public string? Scope { get; init; }
}

/// <summary>A key as listed; its text is never shown again.</summary>
/// <param name="KeyId">Public part of the key.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scope"><c>read</c>, <c>operate</c> or <c>admin</c>.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null while it lives.</param>
internal sealed record KeyResource(string KeyId, string Name, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>A key just made.</summary>
/// <param name="KeyId">Public part of the key.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scope"><c>read</c>, <c>operate</c> or <c>admin</c>.</param>
/// <param name="Key">The key itself, shown this once.</param>
internal sealed record KeyMade(string KeyId, string Name, string Scope, string Key)
{
    /// <inheritdoc />
    public override string ToString() => $"{KeyId} ({Scope})";
}
