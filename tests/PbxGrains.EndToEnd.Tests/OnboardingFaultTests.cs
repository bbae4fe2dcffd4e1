using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>
/// An administrator registers a PBX with <c>scripts/addPbxSite.sh</c> at a real terminal, something is wrong with it, and the
/// checklist names it: the right item fails, says what to change where in the administrator's language, and nothing else lies.
/// </summary>
public sealed partial class OnboardingFaultTests(OnboardingFaultTests.Office office, ITestOutputHelper output) : IClassFixture<OnboardingFaultTests.Office>
{
    private const string NoExpect = "expect is not installed: apt-get install expect";
    private const string English = "C.UTF-8";
    private const string French = "fr_FR.UTF-8";

    /// <summary>Knowledge grows old while a PBX cannot be asked: that is a truth of its own, and comes sooner or later.</summary>
    private const string OldKnowledge = "operation.knowledge";

    public static bool CanExpect => AdministratorTerminal.Exists;

    [Fact(SkipUnless = nameof(CanExpect), Skip = NoExpect)]
    public async Task From_the_script_to_a_green_checklist()
    {
        var pbx = office.TakePbx();
        await office.PutAgentsAsync([.. pbx.Extensions.Select(extension => new { id = $"sound-{extension.Number}", site = "sound", extension = extension.Number })]);
        using var work = new OfficeAtWork(pbx);
        var clock = Stopwatch.StartNew();

        var (exitCode, screen) = await office.RegisterAsync(English, "sound", pbx);

        output.WriteLine($"From the first question to the end of the checklist: {clock.Elapsed.TotalSeconds:0.0} s");
        exitCode.Should().Be(0, screen);
        var run = await office.RunAsync("sound", English);
        Failing(run).Should().BeEmpty(screen);
        run["verdict"]!.GetValue<string>().Should().Be("pass", screen);
        run["trigger"]!.GetValue<string>().Should().Be("onboarding");
    }

    [Theory(SkipUnless = nameof(CanExpect), Skip = NoExpect)]
    [MemberData(nameof(Faults))]
    public async Task The_right_item_fails_and_says_what_to_do(string name, string locale)
    {
        var fault = Known[name];
        var pbx = office.TakePbx();
        var site = $"{name}-{(locale == French ? "fr" : "en")}";
        await fault.Before(office, pbx, site);

        var (registered, screen) = await office.RegisterAsync(locale, site, pbx);
        registered.Should().Be(0, screen);
        if (fault.ShowsAtOnce)
        {
            await ShouldTellAsync(screen, site, locale, fault);
        }

        await fault.After(office, pbx, site);
        var (exitCode, checkedScreen) = await office.CheckAsync(locale, site);

        exitCode.Should().Be(11, checkedScreen);
        await ShouldTellAsync(checkedScreen, site, locale, fault);
    }

    public static TheoryData<string, string> Faults => [.. Known.Keys.SelectMany(name => new[] { (name, English), (name, French) })];

    private static Dictionary<string, Fault> Known { get; } = new(StringComparer.Ordinal)
    {
        ["wrong-password"] = new("api.credentials", "credentials-rejected")
        {
            After = async (office, pbx, site) =>
            {
                pbx.Password = "Changed-behind-our-back-1";
                await pbx.RebootAsync();
                await office.HasReasonAsync(site, "wrongCredentials");
            },
        },
        ["api-off"] = new("api.enabled", "api-off") { After = Then(pbx => pbx.Faults.ApiOff = true) },
        ["permission-missing"] = new("permissions.originate", "right-missing") { Before = First(pbx => pbx.Faults.RevokedEndpoints = ["call/dial"]), ShowsAtOnce = true },
        ["push-off"] = new("webhook.push", "push-missed") { Before = First(pbx => pbx.Faults.DropReports = true), After = OnlyPollsSeeAsync },
        ["wrong-url"] = new("webhook.push", "push-missed") { Before = First(pbx => pbx.Faults.ReportsTo = "127.0.0.1:9/elsewhere"), After = OnlyPollsSeeAsync },
        ["wrong-clock"] = new("api.clock", "clock-ahead") { Before = First(pbx => pbx.Faults.ClockSkew = TimeSpan.FromHours(3)), ShowsAtOnce = true },
        ["changed-certificate"] = new("network.tls", "pin-mismatch") { After = (_, pbx, _) => pbx.ChangeCertificateAsync() },
        ["unregistered-phone"] = new("agents.registered", "phone-unregistered")
        {
            Before = async (office, pbx, site) =>
            {
                await pbx.SetExtensionStatusAsync("1002", ExtensionStatus.Unavailable);
                await office.PutAgentsAsync([new { id = site, site, extension = "1002" }]);
            },
            ShowsAtOnce = true,
        },
        ["number-mismatch"] = new("agents.exist", "extension-differs") { Before = (office, _, site) => office.PutAgentsAsync([new { id = site, site, extension = "01003" }]), ShowsAtOnce = true },
        ["duplicate-serial"] = new("api.serial", "serial-duplicate")
        {
            Before = async (office, pbx, _) =>
            {
                var other = await office.OtherSiteAsync();
                pbx.Faults.SerialNumber = other.SerialNumber;
            },
            ShowsAtOnce = true,
        },
        ["blocked-address"] = new("api.credentials", "address-locked")
        {
            After = async (office, pbx, site) =>
            {
                pbx.Faults.AddressBlocked = true;
                await pbx.RebootAsync();
                await office.HasReasonAsync(site, "addressLocked");
            },
        },
    };

    private async Task ShouldTellAsync(string screen, string site, string locale, Fault fault)
    {
        var run = await office.RunAsync(site, locale);
        var item = run["items"]!.AsArray().Single(item => item!["id"]!.GetValue<string>() == fault.Item)!;
        var shown = Text(screen);

        Failing(run).Should().Contain(fault.Item, screen).And.BeSubsetOf([fault.Item, OldKnowledge], screen);
        item["finding"]!.GetValue<string>().Should().Be(fault.Finding);
        shown.Should().Contain(Text(item["title"]!.GetValue<string>())).And.Contain(Text(item["remedy"]!.GetValue<string>()));
        var other = (await office.RunAsync(site, locale == French ? English : French))["items"]!.AsArray().Single(told => told!["id"]!.GetValue<string>() == fault.Item)!;
        other["remedy"]!.GetValue<string>().Should().NotBe(item["remedy"]!.GetValue<string>(), "each language has words of its own");
    }

    private static IReadOnlyList<string> Failing(JsonNode run) =>
        [.. run["items"]!.AsArray().Where(item => item!["verdict"]!.GetValue<string>() == "fail").Select(item => item!["id"]!.GetValue<string>())];

    /// <summary>What is left of a text when the terminal has broken and coloured it.</summary>
    private static string Text(string screen) => Blanks().Replace(Escapes().Replace(screen, ""), " ").Trim();

    private static Func<Office, SimulatedPbx, string, Task> First(Action<SimulatedPbx> fault) => (_, pbx, _) =>
    {
        fault(pbx);
        return Task.CompletedTask;
    };

    private static Func<Office, SimulatedPbx, string, Task> Then(Action<SimulatedPbx> fault) => First(fault);

    /// <summary>Something changes that no report tells of.</summary>
    private static async Task OnlyPollsSeeAsync(Office office, SimulatedPbx pbx, string site)
    {
        await pbx.SetExtensionStatusAsync("1005", ExtensionStatus.Unavailable);
        _ = await office.Installation.WaitAsync($"/api/pbx/sites/{site}/extensions/1005", extension => extension["status"]?.GetValue<string>() == "unregistered", "a poll sees the change", TimeSpan.FromMinutes(2));
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escapes();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();

    /// <summary>Something that is wrong.</summary>
    /// <param name="Item">The item that has to fail.</param>
    /// <param name="Finding">What it has to find.</param>
    private sealed record Fault(string Item, string Finding)
    {
        /// <summary>What is wrong before the PBX is registered.</summary>
        public Func<Office, SimulatedPbx, string, Task> Before { get; init; } = (_, _, _) => Task.CompletedTask;

        /// <summary>What goes wrong afterwards: such a PBX could not have been registered.</summary>
        public Func<Office, SimulatedPbx, string, Task> After { get; init; } = (_, _, _) => Task.CompletedTask;

        /// <summary>True when the checklist at the end of the registration names it already.</summary>
        public bool ShowsAtOnce { get; init; }
    }

    /// <summary>An office where phones are used: its PBX has something to report.</summary>
    private sealed class OfficeAtWork : IDisposable
    {
        private readonly CancellationTokenSource _evening = new();

        public OfficeAtWork(SimulatedPbx pbx) => _ = WorkAsync(pbx);

        public void Dispose()
        {
            _evening.Cancel();
            _evening.Dispose();
        }

        private async Task WorkAsync(SimulatedPbx pbx)
        {
            var ct = _evening.Token;
            try
            {
                for (var busy = true; !ct.IsCancellationRequested; busy = !busy)
                {
                    await pbx.SetExtensionStatusAsync("1001", busy ? ExtensionStatus.Busy : ExtensionStatus.Registered, ct);
                    await Task.Delay(TimeSpan.FromMilliseconds(300), ct);
                }
            }
            catch (OperationCanceledException)
            {
                // The day is over.
            }
        }
    }

    /// <summary>One installation for all of these tests, with a PBX for each.</summary>
    public sealed class Office : IAsyncLifetime
    {
        private const string Password = "Geheim-4711-Brücke";

        private readonly SemaphoreSlim _one = new(1, 1);
        private int _taken;
        private SimulatedPbx? _other;

        internal Installation Installation { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Installation = await Installation.CreateAsync(
                new FleetOptions { Sites = 25, Extensions = 5, Password = Password, Firmware = FleetOptions.NewFirmware },
                new Dictionary<string, string>(StringComparer.Ordinal) { ["Pbx__VpnRanges__0"] = "127.0.0.0/8" });
            _ = await Installation.StartFrontAsync("silo");
            var (exitCode, screen) = await Terminal(English).PrepareAsync();
            exitCode.Should().Be(0, screen);
        }

        public async ValueTask DisposeAsync()
        {
            await Installation.DisposeAsync();
            _one.Dispose();
        }

        internal SimulatedPbx TakePbx() => Installation.Fleet.Pbxs[Interlocked.Increment(ref _taken) - 1];

        /// <summary>Registers a PBX by the script, answering its questions.</summary>
        internal Task<(int ExitCode, string Screen)> RegisterAsync(string locale, string site, SimulatedPbx pbx)
        {
            string[] questions = locale == French
                ? ["Identifiant du site", "Nom", "Adresse du PBX", "Utilisateur d'API", "Mot de passe d'API", "Fuseau horaire", "Faire confiance"]
                : ["Site id", "Name", "Address of the PBX", "API user", "API password", "Time zone", "Trust this certificate"];
            string[] answers = [site, "", pbx.Address.Authority, pbx.UserName, Password, pbx.TimeZone, ""];
            return Terminal(locale).PlayAsync(string.Empty, $$"""
                {{string.Join('\n', questions.Zip(answers).Select(asked => $"answer \"{asked.First}\" \"{asked.Second}\""))}}
                set timeout 180
                """);
        }

        /// <summary>Runs the checklist at a terminal.</summary>
        internal Task<(int ExitCode, string Screen)> CheckAsync(string locale, string site) => Terminal(locale).PlayPbxAsync($"site check {site}");

        /// <summary>The last run, in a language.</summary>
        internal Task<JsonNode> RunAsync(string site, string locale) => Installation.GetAsync($"/api/pbx/sites/{site}/checklist?lang={(locale == French ? "fr" : "en")}");

        internal async Task PutAgentsAsync(object[] agents)
        {
            using var answer = await Installation.Front.Http.PatchAsJsonAsync(new Uri("/api/pbx/agents", UriKind.Relative), new { agents });
            answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        }

        internal Task HasReasonAsync(string site, string reason) =>
            Installation.WaitAsync($"/api/pbx/sites/{site}", saved => saved["status"]?["reason"]?.GetValue<string>() == reason, $"site {site} has the reason {reason}", TimeSpan.FromMinutes(2));

        /// <summary>A site whose serial number others may take.</summary>
        internal async Task<SimulatedPbx> OtherSiteAsync()
        {
            await _one.WaitAsync();
            try
            {
                if (_other is null)
                {
                    var pbx = TakePbx();
                    await Installation.RegisterAsync("other", pbx, Password);
                    _ = await Installation.WaitAsync("/api/pbx/sites/other", site => site["serialNumber"]?.GetValue<string>() == pbx.SerialNumber, "the other site's serial number is known");
                    _other = pbx;
                }

                return _other;
            }
            finally
            {
                _ = _one.Release();
            }
        }

        private AdministratorTerminal Terminal(string locale) => new(Installation, locale);
    }
}
