namespace PbxGrains.Storage.Events;

/// <summary>How readers name the types they want.</summary>
public static class EventPattern
{
    /// <summary>Whether a type is one that is wanted; <c>pbx.call.*</c> stands for all that begin so.</summary>
    public static bool Fits(string type, string wanted) =>
        wanted.EndsWith('*') ? type.StartsWith(wanted.AsSpan(0, wanted.Length - 1), StringComparison.Ordinal) : type == wanted;
}
