using System.Text;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Tests.Client;

public sealed class AnswerTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Extensions_of_dialect_1_are_read()
    {
        var extensions = await Ask(PbxDialect.V1, Pbx.Sample("s-series-v1/extensionlist-response.json"), client => client.ListExtensionsAsync(Ct));

        extensions.Value.Should().Equal(
            new PbxExtension("1000", PbxExtensionStatus.Idle, "Registered", "Jana Dvořáková", "SIP"),
            new PbxExtension("1001", PbxExtensionStatus.Unregistered, "Unavailable", "Reception", "SIP"),
            new PbxExtension("1002", PbxExtensionStatus.Busy, "Busy", "1002", "SIP"),
            new PbxExtension("1010", PbxExtensionStatus.Idle, "Idle", "Lift", "FXS"));
    }

    [Fact]
    public async Task Extensions_of_dialect_2_are_read()
    {
        var extensions = await Ask(PbxDialect.V2, Pbx.Sample("s-series-v2/extension-list-response.json"), client => client.ListExtensionsAsync(Ct));

        extensions.Value.Should().Equal(
            new PbxExtension("1022", PbxExtensionStatus.Idle, "Idle", "1022", "SIP"),
            new PbxExtension("1023", PbxExtensionStatus.Idle, "Registered", "José", "SIP"),
            new PbxExtension("1030", PbxExtensionStatus.Idle, "Idle", "Fax", "FXS"));
    }

    [Fact]
    public async Task Numbers_for_texts_strange_rows_and_unknown_fields_cost_nothing()
    {
        const string answer = """
            {"status":"Success","errno":0,"page":{"of":[1]},"extlist":[
              {"number":1000,"status":"BUSY","username":7,"type":null,"more":[{}]},
              {"status":"Idle"},{"number":""},"nonsense",[1],null,
              {"number":"01001","status":{"x":1}}]}
            """;

        var extensions = await Ask(PbxDialect.V2, Reply.Json(answer), client => client.ListExtensionsAsync(Ct));

        extensions.Value.Should().Equal(
            new PbxExtension("1000", PbxExtensionStatus.Busy, "BUSY", "7", null),
            new PbxExtension("01001", PbxExtensionStatus.Unknown, "", null, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"extlist\":null")]
    [InlineData(",\"extlist\":\"\"")]
    [InlineData(",\"extlist\":[]")]
    public async Task A_list_that_is_not_there_is_empty(string list)
    {
        var extensions = await Ask(PbxDialect.V1, Reply.Json($$"""{"status":"Success"{{list}}}"""), client => client.ListExtensionsAsync(Ct));

        extensions.Value.Should().BeEmpty();
    }

    [Theory]
    [InlineData(PbxDialect.V1)]
    [InlineData(PbxDialect.V2)]
    public async Task The_same_list_again_is_the_same_object_and_another_one_is_read(PbxDialect dialect)
    {
        const string idle = """{"status":"Success","extlist":[{"number":"1000","status":"Idle"}]}""";
        const string busy = """{"status":"Success","extlist":[{"number":"1000","status":"Busy"}]}""";
        var answers = new Queue<Reply>([Reply.Json(idle), Reply.Json(idle), Reply.Json(busy), Reply.Error("10003"), Reply.Json(busy), Reply.Json(idle)]);
        await using var pbx = Pbx.Speaking(dialect, _ => answers.Dequeue());
        using var client = await Pbx.ConnectAsync(pbx, connection => connection with { KnownDialect = dialect });

        var first = await client.ListExtensionsAsync(Ct);
        var again = await client.ListExtensionsAsync(Ct);
        var other = await client.ListExtensionsAsync(Ct);
        var failed = await client.ListExtensionsAsync(Ct);
        var otherAgain = await client.ListExtensionsAsync(Ct);
        var back = await client.ListExtensionsAsync(Ct);

        again.Value.Should().BeSameAs(first.Value);
        other.Value!.Single().Status.Should().Be(PbxExtensionStatus.Busy);
        failed.Succeeded.Should().BeFalse();
        otherAgain.Value!.Single().Status.Should().Be(PbxExtensionStatus.Busy);
        back.Value!.Single().Status.Should().Be(PbxExtensionStatus.Idle);
    }

    [Fact]
    public async Task A_name_in_an_old_encoding_does_not_cost_the_list()
    {
        var answer = Encoding.Latin1.GetBytes("""{"status":"Success","extlist":[{"number":"1000","username":"José"}]}""");

        var extensions = await Ask(PbxDialect.V2, Reply.Json(answer), client => client.ListExtensionsAsync(Ct));

        extensions.Value!.Single().Name.Should().Be("José");
    }

    [Fact]
    public async Task Device_information_is_read()
    {
        var device = await Ask(PbxDialect.V1, Pbx.Sample("s-series-v1/deviceinfo-response.json"), client => client.GetDeviceInformationAsync(Ct));

        device.Value.Should().Be(new DeviceInformation
        {
            Name = "Yeastar S100",
            SerialNumber = "369364000001",
            Firmware = "30.11.0.7",
            Clock = new DateTimeOffset(2019, 1, 13, 23, 25, 20, TimeSpan.FromHours(8)),
            Uptime = new TimeSpan(3, 25, 4),
            RegisteredExtensions = 7,
            TotalExtensions = 100,
        });
    }

    [Theory]
    [InlineData("2017-05-24 23:25:20 UTC-8", -480)]
    [InlineData("2017-05-24 23:25:20 UTC+5:30", 330)]
    [InlineData("2017-05-24 23:25:20 UTC+05:45", 345)]
    [InlineData("2017-05-24 23:25:20 UTC-0330", -210)]
    [InlineData("2017-05-24 23:25:20 UTC", 0)]
    [InlineData(" 2017-05-24 23:25:20 GMT+2 ", 120)]
    public async Task The_clock_carries_its_offset(string text, int minutes)
    {
        var device = await Device($$"""{"systemtime":"{{text}}"}""");

        device.Clock.Should().Be(new DateTimeOffset(2017, 5, 24, 23, 25, 20, TimeSpan.FromMinutes(minutes)));
        device.Clock!.Value.Offset.Should().Be(TimeSpan.FromMinutes(minutes));
    }

    [Theory]
    [InlineData("2017-05-24 23:25:20")]
    [InlineData("2017-05-24 23:25:20 UTC+99")]
    [InlineData("2017-13-24 23:25:20 UTC+1")]
    [InlineData("0001-01-01 00:00:00 UTC+1")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task A_clock_that_cannot_be_read_is_unknown(string text) => (await Device($$"""{"systemtime":"{{text}}"}""")).Clock.Should().BeNull();

    [Theory]
    [InlineData("03:25:04", "03:25:04")]
    [InlineData("100:00:01", "4.04:00:01")]
    [InlineData("2 days, 03:25:04", "2.03:25:04")]
    public async Task Uptime_is_read(string text, string uptime) =>
        (await Device($$"""{"uptime":"{{text}}","extensionstatus":"x/9"}""")).Should().BeEquivalentTo(new DeviceInformation { Uptime = TimeSpan.Parse(uptime, System.Globalization.CultureInfo.InvariantCulture), TotalExtensions = 9 });

    [Fact]
    public async Task Trunks_of_both_dialects_are_read()
    {
        var first = await Ask(PbxDialect.V1, Pbx.Sample("s-series-v1/trunklist-response.json"), client => client.ListTrunksAsync(Ct));
        var second = await Ask(PbxDialect.V2, Pbx.Sample("s-series-v2/trunk-list-response.json"), client => client.ListTrunksAsync(Ct));

        first.Value.Should().Equal(
            new PbxTrunk("DIGIT1", "E1", "Down", false),
            new PbxTrunk("FXO2-3", "FXO", "Idle", true),
            new PbxTrunk("GSM2-7", "GSM", "No SIM", false),
            new PbxTrunk("SIP-142", "SIP", "Registered", true),
            new PbxTrunk("voip123", "SIP", "failure", false));
        second.Value.Should().Equal(new PbxTrunk("siptrunk", "SIP", "Registered", true), new PbxTrunk("FXO1-1", "FXO", "Idle", true));
    }

    [Theory]
    [InlineData("registered (unmonitored)", true)]
    [InlineData("UP", true)]
    [InlineData("Busy", true)]
    [InlineData("Pin Error", false)]
    [InlineData("Registering", false)]
    [InlineData("Disable", false)]
    [InlineData("Unknown", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_trunk_is_usable_by_its_word(string? word, bool? usable) => PbxTrunkStatuses.IsUsable(word).Should().Be(usable);

    [Theory]
    [InlineData("unavailable", PbxExtensionStatus.Unregistered)]
    [InlineData("Unregistered", PbxExtensionStatus.Unregistered)]
    [InlineData("REGISTERED", PbxExtensionStatus.Idle)]
    [InlineData(" Ringing ", PbxExtensionStatus.Ringing)]
    [InlineData("Hold", PbxExtensionStatus.OnHold)]
    [InlineData("Malfunction", PbxExtensionStatus.Fault)]
    [InlineData("fxsnoport", PbxExtensionStatus.Fault)]
    [InlineData("Dreaming", PbxExtensionStatus.Unknown)]
    [InlineData(null, PbxExtensionStatus.Unknown)]
    public void An_extension_status_is_read_in_any_case(string? word, PbxExtensionStatus status) => PbxExtensionStatuses.Parse(word).Should().Be(status);

    [Fact]
    public async Task Queues_of_both_dialects_are_read()
    {
        var first = await Ask(PbxDialect.V1, Pbx.Sample("s-series-v1/queuestatus-response.json"), client => client.GetQueueAsync("6700", Ct));
        var second = await Ask(PbxDialect.V2, Pbx.Sample("s-series-v2/queue-query-status-response.json"), client => client.GetQueueAsync("6700", Ct));
        var other = await Ask(PbxDialect.V2, Pbx.Sample("s-series-v2/queue-query-status-response.json"), client => client.GetQueueAsync("6701", Ct));

        first.Value!.Waiting.Should().Be(2);
        first.Value.Agents.Should().Equal(
            new PbxQueueAgent("8034", PbxQueueAgentStatus.Idle), new PbxQueueAgent("8033", PbxQueueAgentStatus.Ringing), new PbxQueueAgent("5007", PbxQueueAgentStatus.Paused));
        second.Value!.Waiting.Should().Be(0);
        second.Value.Agents.Should().Equal(new PbxQueueAgent("1000", PbxQueueAgentStatus.Idle), new PbxQueueAgent("4000", PbxQueueAgentStatus.Unavailable));
        other.Failure!.Code.Should().Be(PbxErrorCode.QueueNotFound);
    }

    [Fact]
    public async Task The_answer_to_dialling_is_the_call()
    {
        var request = new PbxOriginate("1000", "1002", DestinationIsExtension: true, Permission: null, AutoAnswer: false);

        (await Ask(PbxDialect.V1, Pbx.Sample("s-series-v1/dial-response.json"), client => client.OriginateAsync(request, Ct))).Value.Should().Be("1495710387.333");
        (await Ask(PbxDialect.V2, Pbx.Sample("s-series-v2/call-dial-response.json"), client => client.OriginateAsync(request, Ct))).Value.Should().Be("1571620483.18");
        (await Ask(PbxDialect.V2, Reply.Json("""{"status":"Success","callid":1571620483.10}"""), client => client.OriginateAsync(request, Ct))).Value.Should().Be("1571620483.10");
        (await Ask(PbxDialect.V2, Reply.Json(Pbx.Success), client => client.OriginateAsync(request, Ct))).Failure!.Kind.Should().Be(PbxFailureKind.UnexpectedAnswer);
    }

    private static async Task<DeviceInformation> Device(string json) =>
        (await Ask(PbxDialect.V2, Reply.Json($$"""{"status":"Success","deviceinfo":{{json}}}"""), client => client.GetDeviceInformationAsync(Ct))).Value!;

    private static async Task<T> Ask<T>(PbxDialect dialect, Reply answer, Func<IPbxClient, Task<T>> ask)
    {
        await using var pbx = Pbx.Speaking(dialect, _ => answer);
        using var client = await Pbx.ConnectAsync(pbx);
        return await ask(client);
    }
}
