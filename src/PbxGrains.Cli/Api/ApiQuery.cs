namespace PbxGrains.Cli.Api;

/// <summary>The part of a route after the question mark, built value by value.</summary>
internal sealed record ApiQuery
{
    private readonly IReadOnlyList<string> _pairs = [];

    /// <summary>A query that asks nothing.</summary>
    public static ApiQuery Empty { get; } = new();

    /// <summary>The query with one more value; unchanged when there is none.</summary>
    public ApiQuery With(string name, string? value) =>
        value is null ? this : new ApiQuery(this, $"{name}={Uri.EscapeDataString(value)}");

    private ApiQuery()
    {
    }

    private ApiQuery(ApiQuery query, string pair) => _pairs = [.. query._pairs, pair];

    /// <inheritdoc />
    public override string ToString() => _pairs.Count == 0 ? string.Empty : "?" + string.Join('&', _pairs);
}
