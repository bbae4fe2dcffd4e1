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

    [Fact]
    public async Task A_recording_is_not_known_before_it_is_saved()
    {
        await using var site = await CalledAsync();
        site.Pbx.Faults.RecordingsLate = TimeSpan.FromSeconds(60);

        (await RecordingAsync(site)).Text.Should().Contain("20014");

        site.Pass(60);
        (await RecordingAsync(site)).Text.Should().StartWith("RIFF");
    }

    [Fact]
    public async Task Recordings_may_be_deleted_cut_short_empty_or_a_page()
    {
        await using var site = await CalledAsync();
        var whole = await RecordingAsync(site);

        (await WithAsync(RecordingFault.Deleted)).Text.Should().Contain("20014");
        (await WithAsync(RecordingFault.Truncated)).Bytes.Length.Should().BeLessThan(whole.Bytes.Length).And.BeGreaterThan(100);
        (await WithAsync(RecordingFault.Empty)).Bytes.Should().BeEmpty();
        (await WithAsync(RecordingFault.Page)).Text.Should().StartWith("<HTML>");
        await FluentActions.Awaiting(() => WithAsync(RecordingFault.Cut)).Should().ThrowAsync<HttpRequestException>();
        (await WithAsync(RecordingFault.None)).Bytes.Should().Equal(whole.Bytes);

        Task<(byte[] Bytes, string Text)> WithAsync(RecordingFault fault)
        {
            site.Pbx.Faults.Recordings = fault;
            return RecordingAsync(site);
        }
    }

    [Fact]
    public async Task Recordings_may_hold_GSM_or_the_format_of_cloud_systems()
    {
        await using var site = await CalledAsync();

        site.Pbx.Faults.RecordingFormat = RecordingFormat.Gsm;
        var gsm = (await RecordingAsync(site)).Bytes;
        site.Pbx.Faults.RecordingFormat = RecordingFormat.Yswav;
        var yswav = await RecordingAsync(site);

        (BitConverter.ToInt16(gsm, 20), BitConverter.ToInt32(gsm, 4) + 8).Should().Be(((short)0x31, gsm.Length));
        yswav.Text.Should().StartWith("YSWAV");
    }

    private static async Task<(byte[] Bytes, string Text)> RecordingAsync(Site site)
    {
        var token = await site.LogInAsync();
        var recording = site.Pbx.Cdrs.Single().Recording;
        var asked = await site.PostAsync($"v1.1.0/recording/get_random?token={token}", new { recording });
        if (asked.Text("random") is not { Length: > 0 } random)
        {
            return ([], asked.GetRawText());
        }

        using var response = await site.GetAsync($"v1.1.0/recording/download?recording={Uri.EscapeDataString(recording)}&random={random}&token={token}");
        var bytes = await response.Content.ReadAsByteArrayAsync(Site.Ct);
        return (bytes, Encoding.Latin1.GetString(bytes));
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
