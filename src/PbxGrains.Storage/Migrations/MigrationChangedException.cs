namespace PbxGrains.Storage.Migrations;

/// <summary>A migration that the database already has is not the one in this binary: what the tables look like is unknown.</summary>
/// <param name="version">Number of the migration.</param>
/// <param name="name">Its name in this binary.</param>
public sealed class MigrationChangedException(int version, string name) : Exception(
    $"Migration {version:0000} ('{name}') differs from the one applied to the database. Applied migrations never change: restore its text and put the change in a new migration.")
{
    /// <summary>Number of the migration that differs.</summary>
    public int Version { get; } = version;
}
