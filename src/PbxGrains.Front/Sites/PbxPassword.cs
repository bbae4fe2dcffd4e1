using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Front.Sites;

/// <summary>What a PBX wants to see of its API password.</summary>
internal static class PbxPassword
{
    /// <summary>Lower-case hexadecimal MD5; as secret as the password itself, for it is what logs in.</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The PBX's login takes the MD5 of the password and nothing else.")]
    public static string Md5Of(string password) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password)));
}
