using System.Security.Cryptography;
using System.Text;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Storage.Recordings;

/// <summary>The address of a recording and its name in the vault: made of site and PBX file name, so that whoever knows both can say it.</summary>
public static class RecordingId
{
    private const int Length = 32;
    private const int Bytes = Length / 2;

    /// <summary>
    /// First 16 bytes of SHA-256 of the site, a line feed and the name in UTF-8, as 32 lower-case hexadecimal digits. The
    /// same as <c>pbx.recording_id</c> in the database.
    /// </summary>
    /// <param name="siteId">The site.</param>
    /// <param name="name">The PBX's file name, whatever it holds; of text PostgreSQL does not take, the form that is stored.</param>
    public static string Of(string siteId, string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{siteId}\n{CallRecordText.Storable(name)}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, Bytes));
    }

    /// <summary>Whether a text can be the id of a recording: nothing else reaches database, vault or an actor.</summary>
    public static bool IsValid(string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);
}
