namespace PbxGrains.Cli.Tests.Sites;

public sealed class RetentionTests
{
    private const string Everywhere = """{"recordDays":1095,"rawDays":30,"anonymiseAfterDays":null,"recordingDays":180}""";
    private const string OfParis = """{"recordDays":null,"rawDays":10,"anonymiseAfterDays":null,"recordingDays":null,"effective":{"recordDays":1095,"rawDays":10,"anonymiseAfterDays":null,"recordingDays":180}}""";

    [Theory]
    [InlineData("en_US.UTF-8", "Call records kept\tas for all sites\t1095 days", "Numbers anonymised after\tas for all sites\tnever")]
    [InlineData("fr_FR.UTF-8", "Enregistrements d'appel conservés\tcomme pour tous les sites\t1095 jours", "Numéros anonymisés après\tcomme pour tous les sites\tjamais")]
    public async Task What_a_site_says_is_shown_beside_what_holds(string language, string records, string numbers)
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/sites/paris/retention", 200, OfParis);

        var run = await CommandRun.Of(front, ["site", "retention", "paris"], language);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        run.Output.Should().Contain(records).And.Contain(numbers);
        front.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task For_all_sites_on_a_terminal_it_is_a_table()
    {
        await using var front = (await ScriptedFront.StartAsync()).On("GET /api/pbx/retention", 200, Everywhere);

        var run = await CommandRun.Of(front, ["site", "retention"], answers: []);

        run.Output.Should().Contain("│").And.Contain("1095 days").And.Contain("never").And.NotContain("as for all");
    }

    [Theory]
    [InlineData("""{"recordDays":730,"rawDays":10,"anonymiseAfterDays":365,"recordingDays":null}""", "--records", "730", "--anonymise", "365")]
    [InlineData("""{"recordDays":null,"rawDays":null,"anonymiseAfterDays":null,"recordingDays":90}""", "--raw", "default", "--recordings", "90", "--anonymise", "default")]
    [InlineData("""{"recordDays":null,"rawDays":10,"anonymiseAfterDays":null,"recordingDays":null}""", "--anonymise", "never")]
    public async Task What_is_not_given_stays(string saved, params string[] options)
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris/retention", 200, OfParis)
            .On("GET /api/pbx/retention", 200, Everywhere)
            .On("PUT /api/pbx/sites/paris/retention", 200, OfParis);

        var run = await CommandRun.Of(front, ["site", "retention", "paris", .. options]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf("PUT /api/pbx/sites/paris/retention").Single().Body.Should().Be(saved);
    }

    [Fact]
    public async Task A_site_that_never_anonymises_though_all_do_says_so_in_days()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/sites/paris/retention", 200, OfParis)
            .On("GET /api/pbx/retention", 200, Everywhere.Replace("\"anonymiseAfterDays\":null", "\"anonymiseAfterDays\":365"))
            .On("PUT /api/pbx/sites/paris/retention", 200, OfParis);

        await CommandRun.Of(front, ["site", "retention", "paris", "--anonymise", "never"]);

        front.AskedOf("PUT /api/pbx/sites/paris/retention").Single().Body.Should().Contain("\"anonymiseAfterDays\":1095");
    }

    [Fact]
    public async Task All_sites_can_never_anonymise()
    {
        await using var front = (await ScriptedFront.StartAsync())
            .On("GET /api/pbx/retention", 200, Everywhere.Replace("\"anonymiseAfterDays\":null", "\"anonymiseAfterDays\":365"))
            .On("PUT /api/pbx/retention", 204);

        var run = await CommandRun.Of(front, ["site", "retention", "--anonymise", "never"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Everything);
        front.AskedOf("PUT /api/pbx/retention").Single().Body.Should().Be(Everywhere);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "a number of days", "--records", "0")]
    [InlineData("fr_FR.UTF-8", "un nombre de jours", "--raw", "never")]
    [InlineData("en_US.UTF-8", "not 'default'", "--records", "default")]
    public async Task Days_that_cannot_be_meant_are_told_before_anything_is_asked(string language, string expected, params string[] options)
    {
        await using var front = await ScriptedFront.StartAsync();

        var run = await CommandRun.Of(front, ["site", "retention", .. options], language);

        run.ExitCode.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(expected);
        front.Requests.Should().BeEmpty();
    }
}
