namespace PbxGrains.Storage.Migrations;

/// <summary>The database was changed by a newer version of the product in a way this one cannot work with: starting it could do damage.</summary>
/// <param name="databaseVersion">Number of the newest migration applied to the database.</param>
/// <param name="knownVersion">Number of the newest migration this binary has.</param>
public sealed class DatabaseTooNewException(int databaseVersion, int knownVersion) : Exception(
    $"The database has schema version {databaseVersion}, but this program only knows versions up to {knownVersion}. Start a newer version of the program.")
{
    /// <summary>Number of the newest migration applied to the database.</summary>
    public int DatabaseVersion { get; } = databaseVersion;

    /// <summary>Number of the newest migration this binary has.</summary>
    public int KnownVersion { get; } = knownVersion;
}
