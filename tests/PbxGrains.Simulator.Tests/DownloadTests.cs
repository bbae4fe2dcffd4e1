using System.Text;

namespace PbxGrains.Simulator.Tests;

public sealed class DownloadTests
{
    private const string Start = "2026-01-15 00:00:00";
    private const string End = "2026-01-15 23:59:59";
    private static readonly string Window = $"starttime={Uri.EscapeDataString(Start)}&endtime={Uri.EscapeDataString(End)}";

    [Fact]
    public async Task Records_come_as_csv_with_fourteen_columns()
    {
        await using var site = await CalledAsync();
        var token = await site.LogInAsync();

        var random = (await AskAsync(site, token)).Text("random")!;
        var csv = await DownloadAsync(site, token, random);

        random.Should().MatchRegex("^[0-9a-f]{32}$");
        var row = site.Pbx.Cdrs.Single();
        csv.Should().Be(
            "callid,timestart,callfrom,callto,callduraction,talkduraction,srctrunkname,dsttrunkname,status,type,pincode,recording,didnumber,sn\n" +
            $"{row.CallId},2026-01-15 10:00:00,7005550142,1001,12,10,siptrunk,,ANSWERED,Inbound,,20260115100002-{row.CallId}-7005550142-1001-Inbound.wav,31611001,{site.Pbx.SerialNumber}\n");
    }

    [Fact]
    public async Task A_random_opens_once()
    {
        await using var site = await CalledAsync();
        var token = await site.LogInAsync();
        var random = (await AskAsync(site, token)).Text("random")!;

        _ = await DownloadAsync(site, token, random);

        (await DownloadAsync(site, token, random)).Should().Be("""{"status":"Failed","errno":"20020"}""");
    }

    [Theory]
    [InlineData(29.9, false)]
    [InlineData(30, true)]
    public async Task A_random_is_good_for_thirty_seconds(double seconds, bool isStale)
    {
        await using var site = await CalledAsync();
        var token = await site.LogInAsync();
        var random = (await AskAsync(site, token)).Text("random")!;

        site.Time.Advance(TimeSpan.FromSeconds(seconds));

        (await DownloadAsync(site, token, random)).Contains("20020", StringComparison.Ordinal).Should().Be(isStale);
    }

    [Fact]
    public async Task A_random_belongs_to_one_address()
    {
        await using var site = await CalledAsync();
        var token = await site.LogInAsync();

        var elsewhere = (await AskAsync(site, token, "192.0.2.7")).Text("random")!;
        var here = (await AskAsync(site, token, "127.0.0.1")).Text("random")!;

        (await DownloadAsync(site, token, elsewhere)).Should().Contain("20020");
        (await DownloadAsync(site, token, here)).Should().StartWith("callid,");
        (await AskAsync(site, token, "nowhere")).Errno().Should().Be("20015");
    }

    [Fact]
    public async Task Wrong_times_and_empty_windows_have_their_own_errors()
    {
        await using var site = await Site.StartAsync();
        var token = await site.LogInAsync();

        (await site.PostAsync($"v2.0.0/cdr/get_random?token={token}", new { number = "all", starttime = "yesterday", endtime = End })).Errno().Should().Be("20019");
        (await DownloadAsync(site, token, (await AskAsync(site, token)).Text("random")!)).Should().Contain("20021");
    }

    [Fact]
    public async Task A_recording_is_a_wav_file_of_eight_kilohertz()
    {
        await using var site = await CalledAsync();
        var token = await site.LogInAsync();
        var recording = site.Pbx.Cdrs.Single().Recording;

        var random = (await site.PostAsync($"v1.1.0/recording/get_random?token={token}", new { recording })).Text("random");
        using var response = await site.GetAsync($"v1.1.0/recording/download?recording={Uri.EscapeDataString(recording)}&random={random}&token={token}");
        var wav = await response.Content.ReadAsByteArrayAsync(Site.Ct);
        using var again = await site.GetAsync($"v1.1.0/recording/download?recording={Uri.EscapeDataString(recording)}&random={random}&token={token}");

        Encoding.ASCII.GetString(wav, 0, 4).Should().Be("RIFF");
        BitConverter.ToInt32(wav, 24).Should().Be(8000);
        BitConverter.ToInt32(wav, 40).Should().Be(wav.Length - 44);
        wav.AsSpan(44).ToArray().Should().Contain(sample => sample != 0);
        (await again.Content.ReadAsStringAsync(Site.Ct)).Should().Be("""{"status":"Failed","errno":"20012"}""");
        (await site.PostAsync($"v1.1.0/recording/get_random?token={token}", new { recording = "none.wav" })).Errno().Should().Be("20014");
    }

    private static async Task<Site> CalledAsync()
    {
        var site = await Site.StartAsync();
        await site.Pbx.PlaceInboundCallAsync("7005550142", "1001", new CallPlan { Ring = TimeSpan.FromSeconds(2), Talk = TimeSpan.FromSeconds(10) }, Site.Ct);
        site.Pass(15);
        return site;
    }

    private static Task<System.Text.Json.JsonElement> AskAsync(Site site, string token, string allowedip = "") =>
        site.PostAsync($"v1.1.0/cdr/get_random?token={token}", new { extid = "all", starttime = Start, endtime = End, allowedip });

    private static async Task<string> DownloadAsync(Site site, string token, string random)
    {
        using var response = await site.GetAsync($"v1.1.0/cdr/download?extid=all&{Window}&token={token}&random={random}");
        return await response.Content.ReadAsStringAsync(Site.Ct);
    }
}
