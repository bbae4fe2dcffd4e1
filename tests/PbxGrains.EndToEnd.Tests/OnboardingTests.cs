using System.Net;
using PbxGrains.EndToEnd.Tests.Running;
using PbxGrains.Simulator;
using PbxGrains.Testing;

namespace PbxGrains.EndToEnd.Tests;

/// <summary>A telephone administrator registers PBXs with <c>scripts/addPbxSite.sh</c>, at a real terminal, in a real installation.</summary>
public sealed class OnboardingTests(OnboardingTests.Office office, ITestOutputHelper output) : IClassFixture<OnboardingTests.Office>
{
    private const string NoExpect = "expect is not installed: apt-get install expect";
    private const string Password = "Geheim-4711-Brücke";
    private const string WrongPassword = "Geheim-4712-Brücke";
    private const string PasswordMd5 = "ee3c6036bc73241dc280831312fdc18f";
    private const string WrongPasswordMd5 = "dba0e0c344499f7bf263847da696e0aa";
    private const string NobodysAddress = "127.250.0.254:9";

    /// <summary>Far less than the minute after which a site is found without having been told of; a busy machine takes its time.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    public static bool CanExpect => AdministratorTerminal.Exists;

    [Theory(SkipUnless = nameof(CanExpect), Skip = NoExpect)]
    [InlineData("C.UTF-8", 0, "Site id", "would be one", "Name", "Address of the PBX", "API user", "API password", "Time zone", "is no time zone", "Connection:", "Trust this certificate", "Login:", "is saved", "The site is supervised")]
    [InlineData("fr_FR.UTF-8", 1, "Identifiant du site", "en serait un", "Nom", "Adresse du PBX", "Utilisateur d'API", "Mot de passe d'API", "Fuseau horaire", "n'est pas un fuseau", "Connexion\u00A0:", "Faire confiance", "Identification\u00A0:", "est enregistré.", "Le site est supervisé")]
    public async Task A_site_is_supervised_as_soon_as_it_is_saved_whatever_was_mistyped_before(
        string locale, int pbxNumber, string id, string proposal, string name, string address, string user, string password, string zone, string noZone, string noConnection, string certificate, string noLogin, string saved, string supervised)
    {
        var pbx = office.Installation.Fleet.Pbxs[pbxNumber];
        var site = $"nimes-{pbxNumber}";
        var name2 = $"Été à Nîmes {pbxNumber}";

        var terminal = office.Terminal(locale).PlayAsync(string.Empty, $$"""
            answer "{{id}}" "Nimes {{pbxNumber}}"
            see "{{proposal}}"
            answer "{{id}}" "{{site}}"
            answer "{{name}}" "{{name2}}"
            answer "{{address}}" "{{NobodysAddress}}"
            answer "{{user}}" "{{pbx.UserName}}"
            answer "{{password}}" "{{WrongPassword}}"
            answer "{{zone}}" "Europe/Tokio"
            see "{{noZone}}"
            answer "{{zone}}" "{{pbx.TimeZone}}"
            see "{{noConnection}}"
            answer "{{address}}" "{{pbx.Address.Authority}}"
            answer "{{certificate}}" ""
            see "{{noLogin}}"
            answer "{{user}}" ""
            answer "{{password}}" "{{Password}}"
            see "{{saved}}"
            see "/api/pbx/webhook/{{site}}/"
            see "{{supervised}}"
            """);
        var took = await SupervisedAfterSavingAsync(site, terminal);
        var (exitCode, screen) = await terminal;

        output.WriteLine($"{locale}: online {took.TotalMilliseconds:0} ms after it was saved");
        exitCode.Should().Be(0, screen);
        took.Should().BeLessThan(Soon);
        ShouldShowNoPassword(screen);
        (await office.Installation.GetAsync($"/api/pbx/sites/{site}"))["name"]!.GetValue<string>().Should().Be(name2);
        pbx.Counters.LoginsFailed.Should().Be(1, "only the mistyped password was refused");
    }

    [Theory(SkipUnless = nameof(CanExpect), Skip = NoExpect)]
    [InlineData("C.UTF-8", "Nothing was saved.", "Site id", "Name", "Address of the PBX", "API user", "API password", "Time zone", "Trust this certificate")]
    [InlineData("fr_FR.UTF-8", "Rien n'a été enregistré.", "Identifiant du site", "Nom", "Adresse du PBX", "Utilisateur d'API", "Mot de passe d'API", "Fuseau horaire", "Faire confiance")]
    public async Task Ctrl_C_at_any_question_leaves_nothing_behind(string locale, string nothingSaved, params string[] questions)
    {
        var pbx = office.Installation.Fleet.Pbxs[2];
        string[] answers = ["interrupted", string.Empty, pbx.Address.Authority, pbx.UserName, Password, pbx.TimeZone];

        for (var at = 0; at < questions.Length; at++)
        {
            var (exitCode, screen) = await office.Terminal(locale).PlayAsync(string.Empty, $$"""
                {{string.Join('\n', questions.Zip(answers).Take(at).Select(given => $"answer \"{given.First}\" \"{given.Second}\""))}}
                see "{{questions[at]}}"
                send "\003"
                see "{{nothingSaved}}"
                """);

            exitCode.Should().Be(130, screen);
            ShouldShowNoPassword(screen);
        }

        using var answer = await office.Installation.Front.Http.GetAsync(new Uri("/api/pbx/sites/interrupted", UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        pbx.Counters.LoginsTried.Should().Be(0);
    }

    [Fact]
    public async Task A_script_registers_a_site_refuses_a_taken_id_and_changes_it_with_update()
    {
        var pbx = office.Installation.Fleet.Pbxs[3];
        var terminal = office.Terminal("C.UTF-8");
        string[] flags =
        [
            "--non-interactive", "--id", "lyon", "--name", "Lyon", "--address", pbx.Address.Authority, "--user", pbx.UserName, "--password-stdin", "--time-zone", pbx.TimeZone,
            "--pin", pbx.CertificatePin!,
        ];

        var added = terminal.RunAsync(flags, Password + "\n");
        var took = await SupervisedAfterSavingAsync("lyon", added);
        var taken = await terminal.RunAsync(flags, Password + "\n");
        var updated = await terminal.RunAsync(["--non-interactive", "--update", "--id", "lyon", "--name", "Lyon 2"]);

        output.WriteLine($"By script: online {took.TotalMilliseconds:0} ms after it was saved");
        (await added).ExitCode.Should().Be(0, (await added).Screen);
        took.Should().BeLessThan(Soon);
        taken.ExitCode.Should().Be(5, taken.Screen);
        taken.Screen.Should().Contain("Site lyon exists already (Lyon)");
        updated.ExitCode.Should().Be(0, updated.Screen);
        (await office.Installation.GetAsync("/api/pbx/sites/lyon"))["name"]!.GetValue<string>().Should().Be("Lyon 2");
        ShouldShowNoPassword((await added).Screen + taken.Screen + updated.Screen);
        pbx.Counters.LoginsFailed.Should().Be(0);
    }

    /// <summary>How long after it could be read for the first time a site is online.</summary>
    private async Task<TimeSpan> SupervisedAfterSavingAsync(string site, Task<(int ExitCode, string Screen)> registration)
    {
        var path = new Uri($"/api/pbx/sites/{site}", UriKind.Relative);
        _ = await Eventually.Holds(
            async () =>
            {
                if (registration.IsCompleted && (await registration) is { ExitCode: not 0, Screen: var screen })
                {
                    throw new InvalidOperationException(screen);
                }

                using var answer = await office.Installation.Front.Http.GetAsync(path);
                return answer.IsSuccessStatusCode;
            },
            $"site {site} is saved",
            TimeSpan.FromMinutes(2));
        var (_, took) = await office.Installation.WaitAsync(path.OriginalString, saved => saved["status"]?["health"]?.GetValue<string>() == "online", $"site {site} is online");
        return took;
    }

    private static void ShouldShowNoPassword(string screen)
    {
        foreach (var secret in new[] { Password, PasswordMd5, WrongPassword, WrongPasswordMd5 })
        {
            screen.Should().NotContainEquivalentOf(secret);
        }
    }

    /// <summary>One installation for all of these tests, with a PBX for each.</summary>
    public sealed class Office : IAsyncLifetime
    {
        internal Installation Installation { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Installation = await Installation.CreateAsync(new FleetOptions { Sites = 4, Extensions = 5, Password = Password });
            await Installation.StartFrontAsync("silo");
            var (exitCode, screen) = await Terminal("C.UTF-8").PrepareAsync();
            exitCode.Should().Be(0, screen);
        }

        public async ValueTask DisposeAsync() => await Installation.DisposeAsync();

        internal AdministratorTerminal Terminal(string locale) => new(Installation, locale);
    }
}
