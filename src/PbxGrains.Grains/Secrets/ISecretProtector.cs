namespace PbxGrains.Grains.Secrets;

/// <summary>Encrypts what must not be readable in the database, with a key that is not in the database.</summary>
public interface ISecretProtector
{
    /// <summary>Encrypts a secret for storage.</summary>
    byte[] Protect(string secret);

    /// <summary>Decrypts a stored secret; null when it cannot be read with this installation's keys.</summary>
    string? Unprotect(byte[] cipher);
}
