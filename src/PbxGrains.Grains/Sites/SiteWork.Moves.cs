using PbxGrains.Grains.Moves;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Sites;

/// <content>What the parts hand over when the site moves to another silo.</content>
internal sealed partial class SiteWork
{
    /// <summary>What the site's actor on another silo needs to go on.</summary>
    internal SiteHandOver HandOver(SiteConfiguration configuration, SiteLoop? loop) => new()
    {
        CredentialsVersion = configuration.CredentialsVersion,
        Address = configuration.Connection?.Address.AbsoluteUri,
        Session = Session.HandOver(),
        Logins = Session.Logins,
        Health = Health.HandOver(),
        Picture = Picture.HandOver(),
        Device = Device is { } d && _learntAtLogin == Session.Logins
            ? new DeviceHandOver(d.Name, d.SerialNumber, d.Firmware, d.Clock, d.Uptime, d.RegisteredExtensions, d.TotalExtensions)
            : null,
        Rounds = new RoundsHandOver
        {
            Worked = loop?.Rounds ?? 0,
            LastSuccessAt = loop?.LastSuccessAt,
            LastDuration = loop?.LastDuration,
            NextAt = loop?.NextAt ?? DateTimeOffset.MinValue,
            Failures = _cadence.Failures,
            Promised = _promised,
            CompareAt = CatchUp.DueAt,
            LastComparedAt = CatchUp.LastComparedAt,
        },
    };

    /// <summary>Goes on where the site's actor on another silo was.</summary>
    internal void TakeOver(SiteHandOver before, SiteConfiguration configuration)
    {
        Session.TakeOver(before.Session, before.Logins, configuration);
        Health.TakeOver(before.Health);
        Teller.TakeOver();
        Picture.TakeOver(before.Picture, before.Ahead);
        CatchUp.TakeOver(before.Rounds.CompareAt, before.Rounds.LastComparedAt);
        _cadence.TakeOver(before.Rounds.Failures);
        (_promised, LastReadAt) = (before.Rounds.Promised, before.Rounds.LastSuccessAt);
        if (before.Device is { } d)
        {
            Device = new DeviceInformation
            {
                Name = d.Name,
                SerialNumber = d.SerialNumber,
                Firmware = d.Firmware,
                Clock = d.Clock,
                Uptime = d.Uptime,
                RegisteredExtensions = d.RegisteredExtensions,
                TotalExtensions = d.TotalExtensions,
            };
            _learntAtLogin = before.Logins;
        }

        Show();
    }
}
