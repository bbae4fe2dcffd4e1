using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using PbxGrains.Storage.Cdrs;

namespace PbxGrains.Front.Cdrs;

/// <summary>
/// A place in a list of records as text for an address. It carries a check, so that what is cut or mistyped is refused
/// instead of leading elsewhere; it is no secret.
/// </summary>
internal static class PageCursor
{
    private const int Place = 16;
    private const int Check = 4;

    public static string Write(CallRecordCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Place + Check];
        BinaryPrimitives.WriteInt64BigEndian(bytes, cursor.StartedAt.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], cursor.RecordId);
        CheckOf(bytes[..Place], bytes[Place..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what <see cref="Write" /> wrote; false for anything else.</summary>
    public static bool TryRead(string text, out CallRecordCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Place + Check];
        if (text.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out _))
        {
            return false;
        }

        Span<byte> check = stackalloc byte[Check];
        CheckOf(bytes[..Place], check);
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (!check.SequenceEqual(bytes[Place..]) || ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            return false;
        }

        cursor = new CallRecordCursor(new DateTimeOffset(ticks, TimeSpan.Zero), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
        return true;
    }

    private static void CheckOf(ReadOnlySpan<byte> place, Span<byte> check)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(place, hash);
        hash[..Check].CopyTo(check);
    }
}
