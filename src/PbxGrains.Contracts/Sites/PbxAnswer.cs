namespace PbxGrains.Contracts.Sites;

/// <summary>Something asked of a PBX just now, or why it could not be had.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Value">The answer; null when there is none.</param>
/// <param name="Failure">Stable code of the failure; null when there is an answer.</param>
/// <param name="Message">One English sentence about the failure; null when there is an answer.</param>
[GenerateSerializer, Immutable, Alias("pbx.PbxAnswer`1")]
public sealed record PbxAnswer<T>([property: Id(0)] T? Value, [property: Id(1)] string? Failure = null, [property: Id(2)] string? Message = null)
    where T : class;

/// <summary>A trunk and its state.</summary>
/// <param name="Name">Name in the PBX.</param>
/// <param name="Type">SIP, FXO, GSM and so on, in the PBX's words.</param>
/// <param name="Status">State in the PBX's words.</param>
/// <param name="Usable">True when calls can go over it; null when the state says nothing about that.</param>
[GenerateSerializer, Immutable, Alias("pbx.TrunkView")]
public sealed record TrunkView(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Type,
    [property: Id(2)] string? Status,
    [property: Id(3)] bool? Usable);

/// <summary>A queue with its agents.</summary>
/// <param name="Number">Number of the queue.</param>
/// <param name="Waiting">Callers waiting; null when the PBX did not say.</param>
/// <param name="Agents">Its agents.</param>
[GenerateSerializer, Immutable, Alias("pbx.QueueView")]
public sealed record QueueView(
    [property: Id(0)] string Number,
    [property: Id(1)] int? Waiting,
    [property: Id(2)] IReadOnlyList<QueueAgentView> Agents);

/// <summary>An agent of a queue.</summary>
/// <param name="Extension">The agent's extension.</param>
/// <param name="Status">State in our words: <c>idle</c>, <c>inUse</c>, <c>ringing</c>, <c>paused</c> and so on.</param>
[GenerateSerializer, Immutable, Alias("pbx.QueueAgentView")]
public sealed record QueueAgentView([property: Id(0)] string Extension, [property: Id(1)] string Status);
