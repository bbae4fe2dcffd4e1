namespace PbxGrains.Cli.Api;

/// <summary>An extension as the API shows it.</summary>
internal sealed record ExtensionResource
{
    public string? Number { get; init; }

    public string? Name { get; init; }

    public string? Status { get; init; }

    public DateTimeOffset? Since { get; init; }

    public string? Source { get; init; }

    public double? AgeSeconds { get; init; }

    public bool Stale { get; init; }

    public string? LastKnownStatus { get; init; }

    public string? CurrentCall { get; init; }

    public string? TalkingTo { get; init; }
}

/// <summary>A wish to start a call.</summary>
internal sealed record OriginateInput(string Extension, string Destination, string? CallerId, bool? AutoAnswer, bool? DryRun, string? Reference);

/// <summary>What became of it.</summary>
internal sealed record OriginateResource
{
    public string? OriginateId { get; init; }

    public string? State { get; init; }

    public string? CallId { get; init; }

    public string? Message { get; init; }

    public bool Replayed { get; init; }

    public IReadOnlyList<OriginateCheck>? Checks { get; init; }
}

/// <summary>What a dry run looked at, and what it found.</summary>
internal sealed record OriginateCheck(string? Check, string? Verdict, string? Finding, string? Message, IReadOnlyDictionary<string, string>? Facts);

/// <summary>A call as the API shows it.</summary>
internal sealed record CallResource
{
    public string? CallId { get; init; }

    public string? State { get; init; }

    public string? Direction { get; init; }

    public string? Caller { get; init; }

    public string? Callee { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>A new key.</summary>
internal sealed record KeyInput(string Name, string Scope);

/// <summary>An API key; its text is shown once, when it is made.</summary>
internal sealed record KeyResource
{
    public string? KeyId { get; init; }

    public string? Name { get; init; }

    public string? Scope { get; init; }

    public string? Key { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{KeyId} ({Scope})";
}
