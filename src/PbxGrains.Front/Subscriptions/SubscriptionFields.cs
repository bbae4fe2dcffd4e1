using System.Net;
using PbxGrains.Contracts;
using PbxGrains.Front.Events;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Sites;
using PbxGrains.Storage.Events;

namespace PbxGrains.Front.Subscriptions;

/// <summary>Rules of a subscription's single fields. Each returns the value as stored, and notes a sentence when it cannot be used.</summary>
internal static class SubscriptionFields
{
    private const int LongestUrl = 2000;
    private const int LongestDescription = 200;
    private const int MostTypes = 50;
    private const int MostSites = 1000;

    /// <summary>The address of a target.</summary>
    public static string Url(string? text, TargetGuard guard, FieldErrors errors)
    {
        const string Field = "url";
        var value = text?.Trim() ?? "";
        if (value.Length > LongestUrl || !Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Host.Length == 0 || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            errors.Add(Field, "Give the address that events are posted to, https://crm.example/hooks/pbx for example.");
            return value;
        }

        if (url.UserInfo.Length > 0)
        {
            errors.Add(Field, "Leave user and password out of the address; the signature proves that a webhook is ours.");
        }

        if (url.Fragment.Length > 0)
        {
            errors.Add(Field, "Leave out the part behind #; it is never sent.");
        }

        // A name is judged whenever it is connected to, since it may come to mean something else.
        if (IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address))
        {
            if (guard.Refusal(address, url.Scheme) is { } refusal)
            {
                errors.Add(Field, refusal);
            }
        }
        else if (url.Scheme == Uri.UriSchemeHttp && !guard.AllowsAny)
        {
            errors.Add(Field, "Use https: plain HTTP goes only to addresses that Subscriptions:AllowedTargets names, and it names none.");
        }

        return url.AbsoluteUri;
    }

    /// <summary>Types of events.</summary>
    public static IReadOnlyList<string> Types(IReadOnlyList<string?> types, FieldErrors errors)
    {
        List<string> values = [.. types.Select(type => type?.Trim() ?? "").Distinct(StringComparer.Ordinal)];
        if (values.Count > MostTypes)
        {
            errors.Add("types", $"Give at most {MostTypes} types; pbx.call.* stands for all that begin so.");
        }

        foreach (var value in values.Where(value => !EventSchemas.Types.Any(type => EventPattern.Fits(type, value))))
        {
            errors.Add("types", $"No event is of type '{Problem.Shown(value)}'. There are {string.Join(", ", EventSchemas.Types.Order(StringComparer.Ordinal))}.");
        }

        return values;
    }

    /// <summary>Sites, which need not be registered yet.</summary>
    public static IReadOnlyList<string> Sites(IReadOnlyList<string?> sites, FieldErrors errors)
    {
        List<string> values = [.. sites.Select(site => site?.Trim() ?? "").Distinct(StringComparer.Ordinal)];
        if (values.Count > MostSites)
        {
            errors.Add("sites", $"Give at most {MostSites} sites; none for all.");
        }

        foreach (var value in values.Where(value => !SiteId.TryParse(value, out _)))
        {
            errors.Add("sites", $"'{Problem.Shown(value)}' is no site id: use 1 to 63 lower-case letters, digits and hyphens.");
        }

        return values;
    }

    /// <summary>What it is for.</summary>
    public static string? Description(string? text, FieldErrors errors)
    {
        var value = text?.Trim() ?? "";
        if (!OneLine.Fits(value, LongestDescription))
        {
            errors.Add("description", $"Give at most {LongestDescription} characters, on one line.");
        }

        return value.Length > 0 ? value : null;
    }

    /// <summary>A secret that somebody brought, or a new one.</summary>
    public static SigningSecret Secret(string? text, FieldErrors errors)
    {
        if (text is null)
        {
            return SigningSecret.Create();
        }

        if (!SigningSecret.TryParse(text.Trim(), out var secret))
        {
            errors.Add("secret", "Give whsec_ and 24 to 64 bytes in Base64, or leave it out for a new one.");
        }

        return secret ?? SigningSecret.Create();
    }
}
