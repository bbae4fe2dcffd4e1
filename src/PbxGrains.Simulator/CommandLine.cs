using System.CommandLine;

namespace PbxGrains.Simulator;

/// <summary>The options of the executable and what they mean.</summary>
internal static class CommandLine
{
    private const string PasswordVariable = "PBX_SIMULATOR_PASSWORD";

    private const string Description = """
        Simulates a fleet of Yeastar S-Series PBXs on loopback addresses: 127.1.0.254, 127.2.0.254 and so on.
        A test tool: it keeps no secret and speaks to loopback only.

        Examples:
          pbx-simulator                                          three quiet sites with 20 extensions each
          pbx-simulator --sites 10 --calls-per-minute 6          ten sites with traffic
          pbx-simulator --plain-http --port 9088                 without TLS, on another port
          curl http://127.0.0.1:8089/sim/pbxs                    the fleet: addresses, certificate pins, serial numbers
          curl -X POST http://127.0.0.1:8089/sim/pbxs            one more PBX
          curl http://127.0.0.1:8089/sim/pbxs/0/calls -H 'Content-Type: application/json' \
               -d '{"from":"7005550142","to":"1001"}'            somebody calls extension 1001 of the first PBX
          curl -X PUT http://127.0.0.1:8089/sim/pbxs/0/faults -H 'Content-Type: application/json' \
               -d '{"down":true}'                                the first PBX refuses connections

        /sim/counters counts the requests to all of them; PUT /sim/faults changes the faults of all.
        Below /sim/pbxs/{index}: extensions, calls, cdrs, counters, dialled, faults (GET, PUT, DELETE), reboot, certificate.
        Numbers on every PBX: telephones from --first-extension on, ring group 6200, queue 6700, IVR 6500.
        Outside numbers that end in 486, 603, 404, 480 or 408 are busy, declined, unknown, unreachable or not answered.
        """;

    /// <summary>The command; its action gets the fleet that was asked for.</summary>
    public static RootCommand Create(Func<FleetOptions, CancellationToken, Task<int>> run)
    {
        var defaults = new FleetOptions();
        var sites = new Option<int>("--sites") { Description = "Number of PBXs.", DefaultValueFactory = _ => defaults.Sites };
        var extensions = new Option<int>("--extensions") { Description = "Telephones per PBX.", DefaultValueFactory = _ => defaults.Extensions };
        var first = new Option<int>("--first-extension") { Description = "Number of the first telephone.", DefaultValueFactory = _ => defaults.FirstExtension };
        var port = new Option<int>("--port") { Description = "Port of every PBX's web interface; 0 picks free ones.", DefaultValueFactory = _ => defaults.Port };
        var https = new Option<bool>("--https") { Description = "HTTPS with a self-signed certificate per PBX (the default)." };
        var plain = new Option<bool>("--plain-http") { Description = "Plain HTTP instead." };
        var seed = new Option<int>("--seed") { Description = "Decides keys, names, outcomes, durations and traffic.", DefaultValueFactory = _ => defaults.Seed };
        var traffic = new Option<double>("--calls-per-minute") { Description = "Calls that start by themselves, per PBX.", DefaultValueFactory = _ => defaults.CallsPerMinute };
        var zone = new Option<string>("--time-zone") { Description = "IANA zone of the PBXs' wall clocks.", DefaultValueFactory = _ => defaults.TimeZone };
        var firmware = new Option<string?>("--firmware") { Description = $"Firmware of every PBX; without it even ones have {FleetOptions.NewFirmware} (both dialects), odd ones {FleetOptions.OldFirmware} (v1 only)." };
        var user = new Option<string>("--user") { Description = "Name of the API user.", DefaultValueFactory = _ => defaults.UserName };
        var password = new Option<string?>("--password") { Description = $"Password of the API user; or the environment variable {PasswordVariable}; else {defaults.Password}." };
        var repeat = new Option<double>("--repeat-seconds") { Description = "Pause before an unacknowledged report is repeated.", DefaultValueFactory = _ => defaults.ReportRepeatInterval.TotalSeconds };
        var cleanHost = new Option<bool>("--clean-host") { Description = "Reports without the odd space in their Host header." };
        var control = new Option<string>("--control") { Description = "Loopback address of the control API.", DefaultValueFactory = _ => "http://127.0.0.1:8089" };
        var noControl = new Option<bool>("--no-control") { Description = "No control API." };

        sites.Validators.Add(result => AtLeast(result, sites, 0));
        extensions.Validators.Add(result => AtLeast(result, extensions, 1));
        port.Validators.Add(result => AtLeast(result, port, 0));
        zone.Validators.Add(result =>
        {
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(result.GetValue(zone) ?? "", out _))
            {
                result.AddError($"There is no time zone \"{result.GetValue(zone)}\"; write it like Europe/Paris.");
            }
        });
        firmware.Validators.Add(result =>
        {
            if (result.GetValue(firmware) is { } text && !Version.TryParse(text, out _))
            {
                result.AddError("Firmware is written like 30.13.0.30.");
            }
        });

        control.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValue(control), UriKind.Absolute, out _))
            {
                result.AddError("The control address is written like http://127.0.0.1:8089.");
            }
        });

        var root = new RootCommand(Description)
        {
            sites, extensions, first, port, https, plain, seed, traffic, zone, firmware, user, password, repeat, cleanHost, control, noControl,
        };
        root.Validators.Add(result =>
        {
            if (result.GetValue(https) && result.GetValue(plain))
            {
                result.AddError("Choose either --https or --plain-http.");
            }
        });
        root.SetAction((parsed, ct) => run(
            defaults with
            {
                Sites = parsed.GetValue(sites),
                Extensions = parsed.GetValue(extensions),
                FirstExtension = parsed.GetValue(first),
                Port = parsed.GetValue(port),
                Https = !parsed.GetValue(plain),
                Seed = parsed.GetValue(seed),
                CallsPerMinute = parsed.GetValue(traffic),
                TimeZone = parsed.GetValue(zone)!,
                Firmware = parsed.GetValue(firmware),
                UserName = parsed.GetValue(user)!,
                Password = parsed.GetValue(password) ?? Environment.GetEnvironmentVariable(PasswordVariable) ?? defaults.Password,
                ReportRepeatInterval = TimeSpan.FromSeconds(parsed.GetValue(repeat)),
                ReportHostHasSpace = !parsed.GetValue(cleanHost),
                ControlAddress = parsed.GetValue(noControl) ? null : new Uri(parsed.GetValue(control)!),
            },
            ct));
        return root;
    }

    private static void AtLeast(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least)
    {
        if (result.GetValue(option) < least)
        {
            result.AddError($"{option.Name} must be at least {least}.");
        }
    }
}
