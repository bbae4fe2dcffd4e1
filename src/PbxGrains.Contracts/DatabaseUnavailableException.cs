namespace PbxGrains.Contracts;

/// <summary>An actor needed the database, and it did not answer. Nothing was dialled; asking again later may work.</summary>
[GenerateSerializer, Alias("pbx.DatabaseUnavailableException")]
public sealed class DatabaseUnavailableException : Exception
{
    /// <summary>Makes one that says why.</summary>
    public DatabaseUnavailableException(string message)
        : base(message)
    {
    }
}
