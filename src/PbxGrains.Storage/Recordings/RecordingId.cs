using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Storage.Recordings;

/// <summary>Names a recording for ever, from what its call record says: no table needs to be asked.</summary>
public static class RecordingId
{
    private const int Bytes = 16;

    /// <summary>The id of a recording: the first 16 bytes of a SHA-256 as 32 lower-case hex digits.</summary>
    /// <param name="siteId">The site whose PBX made it.</param>
    /// <param name="name">The PBX's file name, exactly.</param>
    public static string Of(string siteId, string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{siteId}\n{name}")).AsSpan(0, Bytes));
}
