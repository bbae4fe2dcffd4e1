using PbxGrains.Contracts;
using PbxGrains.Contracts.Calls;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;

namespace PbxGrains.Front.Calls;

/// <summary>Reads what is needed to start a call.</summary>
internal static class OriginateWish
{
    public const string KeyHeader = "Idempotency-Key";

    private const int LongestKey = 128;
    private const int LongestNumber = 64;
    private const int LongestReference = 200;

    /// <summary>The request for the site's actor; not to be used when there are errors.</summary>
    public static OriginateRequest Read(OriginateInput input, HttpRequest request, FieldErrors errors)
    {
        if (!ExtensionNumber.TryParse(input.Extension?.Trim(), out var extension))
        {
            errors.Add("extension", "Give the number of the extension whose phone shall ring.");
        }

        return new OriginateRequest
        {
            Extension = extension,
            Destination = Number("destination", input.Destination, "Give the number to dial.", errors) ?? "",
            CallerId = string.IsNullOrWhiteSpace(input.CallerId) ? null : Number("callerId", input.CallerId, "Give an extension, or leave it out.", errors),
            AutoAnswer = input.AutoAnswer ?? false,
            DryRun = input.DryRun ?? false,
            Reference = Reference(input.Reference, errors),
            IdempotencyKey = IdempotencyKey(request, errors),
        };
    }

    /// <summary>
    /// A number to dial, without blanks at its ends; null when it cannot be one. What is not ASCII (a no-break space, a
    /// direction mark copied along) no PBX can dial; the rest is the PBX's to judge.
    /// </summary>
    public static string? Number(string field, string? text, string sentence, FieldErrors errors)
    {
        var value = text?.Trim() ?? "";
        if (value.Length is > 0 and <= LongestNumber && value.All(c => c is >= ' ' and < (char)127))
        {
            return value;
        }

        errors.Add(field, $"{sentence} It has 1 to {LongestNumber} characters of plain ASCII.");
        return null;
    }

    private static string? Reference(string? text, FieldErrors errors)
    {
        if (text is not null && !OneLine.Fits(text, LongestReference))
        {
            errors.Add("reference", $"Give at most {LongestReference} characters, on one line.");
        }

        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>The key that makes a repetition harmless; null when there is none.</summary>
    public static string? IdempotencyKey(HttpRequest request, FieldErrors errors)
    {
        if (!request.Headers.TryGetValue(KeyHeader, out var values))
        {
            return null;
        }

        if (values is [{ Length: > 0 and <= LongestKey } key] && key.All(c => c is > ' ' and < (char)127))
        {
            return key;
        }

        errors.Add(KeyHeader, $"Give one key of 1 to {LongestKey} visible ASCII characters, a UUID for example.");
        return null;
    }
}
