using System.Diagnostics.CodeAnalysis;

namespace PbxGrains.Cli.Api;

/// <summary>An answer of the API, or why there is none.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Value">The answer; null when there is a problem.</param>
/// <param name="Json">The answer's text as the API wrote it; empty when it had no body.</param>
/// <param name="Problem">Why not; null when there is an answer.</param>
internal sealed record ApiAnswer<T>(T? Value, string Json, ApiProblem? Problem)
    where T : class
{
    /// <summary>True when there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;
}

/// <summary>The value of an answer without a body.</summary>
internal sealed record Nothing
{
    /// <summary>The only one.</summary>
    public static Nothing Value { get; } = new();
}
