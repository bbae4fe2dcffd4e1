using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Storage.Events;

/// <summary>
/// Names for events that several senders may tell of, each without knowing of the other: the same facts make the same name,
/// so that the log keeps one of them.
/// </summary>
public static class EventName
{
    private const int TimeBytes = 6;
    private const int NameBytes = 16;

    /// <summary>A name in the form of a version 7 UUID: its time, and a digest of the facts in place of chance.</summary>
    /// <param name="time">When it was made; decides how long the event is kept. The same for everybody who tells of it.</param>
    /// <param name="facts">What tells the event from all others.</param>
    public static Guid Of(DateTimeOffset time, params ReadOnlySpan<string> facts)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', facts!)), digest);
        Span<byte> head = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(head, time.ToUnixTimeMilliseconds() << 16);
        head[..TimeBytes].CopyTo(digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x70);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest[..NameBytes], bigEndian: true);
    }
}
