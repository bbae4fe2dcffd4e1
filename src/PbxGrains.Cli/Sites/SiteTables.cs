using PbxGrains.Cli.Api;
using PbxGrains.Cli.Terminals;
using PbxGrains.Cli.Texts;

namespace PbxGrains.Cli.Sites;

/// <summary>Sites as rows.</summary>
internal static class SiteTables
{
    /// <summary>One row per site.</summary>
    public static void List(Terminal terminal, IReadOnlyList<SiteResource> sites, DateTimeOffset now)
    {
        if (sites.Count == 0)
        {
            terminal.Say(Text.No_sites);
            return;
        }

        terminal.Rows(
            [Text.Column_id, Text.Column_name, Text.Column_health, Text.Column_reason, Text.Column_firmware, Text.Column_extensions, Text.Column_last_poll, Text.Column_push, Text.Column_warnings],
            [.. sites.Select(site => (IReadOnlyList<string>)
            [
                site.SiteId ?? string.Empty,
                site.Name ?? string.Empty,
                SiteWords.Health(site.Status),
                SiteWords.Reason(site.Status),
                Device(site),
                SiteWords.Extensions(site.Status),
                SiteWords.Ago(site.Status?.LastPollAt, now),
                SiteWords.Push(site.Status),
                string.Join(" ", site.Status?.Warnings?.Select(warning => warning.Code) ?? []),
            ])]);
    }

    /// <summary>Everything about one site, a row per property.</summary>
    public static void One(Terminal terminal, SiteResource site, DateTimeOffset now)
    {
        var status = site.Status;
        List<IReadOnlyList<string>> rows =
        [
            [Text.Column_id, site.SiteId ?? string.Empty],
            [Text.Column_name, site.Name ?? string.Empty],
            [Text.Column_health, SiteWords.Health(status)],
            [Text.Column_reason, SiteWords.Reason(status)],
            [Text.Column_since, SiteWords.Ago(status?.Since, now)],
            [Text.Column_address, site.Address ?? string.Empty],
            [Text.Column_user, site.UserName ?? string.Empty],
            [Text.Column_time_zone, site.TimeZone ?? string.Empty],
            [Text.Column_country, site.Country ?? string.Empty],
            [Text.Column_pins, string.Join(" ", site.CertificatePins ?? [])],
            [Text.Column_sources, string.Join(" ", site.SourceAddresses ?? [])],
            [Text.Column_firmware, Device(site)],
            [Text.Column_serial, site.SerialNumber ?? string.Empty],
            [Text.Column_extensions, SiteWords.Extensions(status)],
            [Text.Column_calls, status?.RunningCalls.ToString(System.Globalization.CultureInfo.CurrentCulture) ?? string.Empty],
            [Text.Column_last_poll, SiteWords.Ago(status?.LastPollAt, now)],
            [Text.Column_last_report, SiteWords.Ago(status?.LastReportAt, now)],
            [Text.Column_push, SiteWords.Push(status)],
            [Text.Column_silo, status?.Silo ?? string.Empty],
        ];
        rows.AddRange((status?.Warnings ?? []).Select(warning => (IReadOnlyList<string>)
            [Text.Column_warning, Sentence.ReaderKnowsApiLanguage ? warning.Message : Sentence.OfValue("Warning", warning.Code, warning.Message)]));
        terminal.Rows([Text.Column_property, Text.Column_value], rows);
    }

    private static string Device(SiteResource site) =>
        site.Dialect is null && site.Firmware is null ? string.Empty : $"{site.Dialect ?? "?"} / {site.Firmware ?? "?"}";
}
