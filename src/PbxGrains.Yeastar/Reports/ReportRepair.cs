using System.Buffers;
using System.Globalization;
using System.Text;

namespace PbxGrains.Yeastar.Reports;

/// <summary>
/// Mends the typography of a body that is not JSON: typographic or single quotes for quotes, escapes JSON does not have
/// (<c>call\_id</c>), Latin-1 bytes, raw control characters, unquoted words and numbers such as <c>0612</c>. It never
/// closes what is open: a body that was cut off stays unreadable.
/// </summary>
internal ref struct ReportRepair
{
    private const string DoubleQuotes = "\"“”„‟″";
    private const string SingleQuotes = "'‘’‚‛′";

    private static readonly SearchValues<char> CurlyDoubleQuotes = SearchValues.Create(DoubleQuotes.AsSpan(1));

    private readonly string _text;
    private readonly bool _mixedQuotes;
    private readonly int _lastStraightQuote;
    private readonly StringBuilder _mended;
    private int _at;
    private bool _hidesItsEnd;

    private ReportRepair(string text, bool mixedQuotes)
    {
        _text = text;
        _mixedQuotes = mixedQuotes;
        _lastStraightQuote = text.LastIndexOf('"');
        _mended = new StringBuilder(text.Length + 16);
    }

    /// <summary>Mends a body.</summary>
    /// <param name="body">The body, trimmed.</param>
    /// <param name="mixedQuotes">
    /// True to let a typographic quote also end a text that a straight one began (<c>"sn”:</c>); to be tried last,
    /// because a text may well contain one.
    /// </param>
    /// <returns>UTF-8 that may or may not be JSON; null when there is nothing to mend this way.</returns>
    public static byte[]? Mend(ReadOnlySpan<byte> body, bool mixedQuotes)
    {
        var text = Decode(body);
        if (mixedQuotes && !text.AsSpan().ContainsAny(CurlyDoubleQuotes))
        {
            return null;
        }

        var repair = new ReportRepair(text, mixedQuotes);
        repair.MendAll();
        return repair._hidesItsEnd ? null : Encoding.UTF8.GetBytes(repair._mended.ToString());
    }

    /// <summary>UTF-8 where it is, and Windows-1252's quotes or Latin-1 where it is not. Never fails.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> units = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status == OperationStatus.Done)
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
            }
            else
            {
                length = 1;
                text.Append(bytes[0] switch
                {
                    0x91 => '‘',
                    0x92 => '’',
                    0x93 => '“',
                    0x94 => '”',
                    var latin => (char)latin,
                });
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private void MendAll()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (DoubleQuotes.Contains(c) || SingleQuotes.Contains(c))
            {
                MendString(c);
            }
            else if (IsWord(c))
            {
                MendWord();
            }
            else if (c == '/')
            {
                SkipComment();
            }
            else
            {
                // Zero-width marks and no-break spaces between tokens are space.
                _mended.Append(c is '{' or '}' or '[' or ']' or ':' or ',' || !IsBlank(c) ? c : ' ');
                _at++;
            }
        }
    }

    private void MendString(char opening)
    {
        _mended.Append('"');
        for (_at++; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (Closes(opening, c))
            {
                _mended.Append('"');
                _at++;
                return;
            }

            if (c == '\\')
            {
                MendEscape();
            }
            else
            {
                AppendUnit(c);
            }
        }
    }

    private readonly bool Closes(char opening, char c) => opening switch
    {
        '"' => c == '"' || (_mixedQuotes && DoubleQuotes.Contains(c) && _at < _lastStraightQuote && IsFollowedByPunctuation()),
        '\'' => c == '\'',
        _ => (DoubleQuotes.Contains(opening) ? DoubleQuotes : SingleQuotes).Contains(c),
    };

    private readonly bool IsFollowedByPunctuation() =>
        _text.AsSpan(_at + 1).TrimStart() is [':' or ',' or '}' or ']', ..];

    /// <summary>Keeps an escape JSON has; of any other only the character.</summary>
    private void MendEscape()
    {
        var escape = _text.AsSpan(_at + 1);
        switch (escape)
        {
            case []:
                return;
            case ['"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't', ..]:
                _mended.Append('\\').Append(escape[0]);
                _at++;
                return;
            case ['u', ..] when escape.Length >= 5 && int.TryParse(escape.Slice(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                AppendEscapedUnit((char)unit);
                return;
            default:
                _at++;
                AppendUnit(escape[0]);
                return;
        }
    }

    /// <summary>Half a surrogate pair, which no JSON reader accepts, becomes the replacement character.</summary>
    private void AppendEscapedUnit(char unit)
    {
        const int EscapeLength = 6;
        if (char.IsHighSurrogate(unit)
            && _text.AsSpan(_at + EscapeLength) is ['\\', 'u', var a, var b, var c, var d, ..]
            && int.TryParse([a, b, c, d], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            && char.IsLowSurrogate((char)low))
        {
            _mended.Append(unit).Append((char)low);
            _at += (2 * EscapeLength) - 1;
            return;
        }

        AppendUnit(char.IsSurrogate(unit) ? '\uFFFD' : unit);
        _at += EscapeLength - 1;
    }

    private readonly void AppendUnit(char c)
    {
        if (c == '"' || c == '\\')
        {
            _mended.Append('\\').Append(c);
        }
        else if (c < ' ')
        {
            _mended.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        else
        {
            _mended.Append(c);
        }
    }

    /// <summary>Keeps literals and numbers, quotes everything else.</summary>
    private void MendWord()
    {
        var start = _at;
        while (_at < _text.Length && IsWord(_text[_at]))
        {
            _at++;
        }

        var word = _text.AsSpan(start, _at - start);
        var literal = word switch
        {
            "true" or "True" => "true",
            "false" or "False" => "false",
            "null" or "None" => "null",
            _ => null,
        };

        if (literal is null)
        {
            _mended.Append('"').Append(word).Append('"');
        }
        else
        {
            _mended.Append(literal);
        }
    }

    private void SkipComment()
    {
        var rest = _text.AsSpan(_at);
        var (end, length) = rest switch
        {
            ['/', '*', ..] => (rest[2..].IndexOf("*/") + 2, 2),
            ['/', '/', ..] => (rest.IndexOf('\n'), 1),
            _ => (0, 1),
        };

        // In a text that needs mending, a comment without an end may be half a text that was cut off.
        _hidesItsEnd = end < length && rest.Length > 1 && rest[1] is '*' or '/';
        _at = _hidesItsEnd ? _text.Length : _at + end + length;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.' or '_' or '#' or '*';

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
