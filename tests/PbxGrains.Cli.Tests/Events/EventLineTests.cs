using System.Globalization;
using System.Text.Json;
using PbxGrains.Cli.Api;
using PbxGrains.Cli.Events;

namespace PbxGrains.Cli.Tests.Events;

public sealed class EventLineTests
{
    [Theory]
    [InlineData("pbx.call.answered", "jana", """{"caller":"1003","callee":"0612345678","extension":"1003"}""", "call answered 1003 (jana) → 0612345678")]
    [InlineData("pbx.call.ringing", "jana", """{"caller":"0612345678","callee":"6200","extension":"1003"}""", "call ringing 0612345678 → 6200, 1003 (jana)")]
    [InlineData("pbx.call.ringing", null, """{"caller":null,"callee":null,"extension":"1003"}""", "call ringing – → 1003")]
    [InlineData("pbx.call.ended", "jana", """{"caller":"0612345678","callee":"1003","failureReason":"Busy"}""", "call ended 0612345678 → 1003 (jana) Busy")]
    [InlineData("pbx.extension.status", "jana", """{"extension":"1003","status":"onHold","talkingTo":"0612"}""", "extension on hold 1003 (jana) – 0612")]
    [InlineData("pbx.extension.status", null, """{"extension":"1003","status":"dreaming"}""", "extension dreaming 1003")]
    [InlineData("pbx.site.health", null, """{"health":"unreachable","reason":"noAnswer","message":"No answer within 10 s."}""", "site unreachable No answer within 10 s.")]
    [InlineData("pbx.site.warning", null, """{"code":"clock","message":"The clock is wrong.","settled":false}""", "warning The clock is wrong.")]
    [InlineData("pbx.site.warning", null, """{"code":"clock","message":"The clock is wrong.","settled":true}""", "warning settled The clock is wrong.")]
    [InlineData("pbx.cdr.recorded", "jana", """{"record":{"caller":"0612","callee":"1003","disposition":"answered","talkSeconds":62}}""", "call record written 0612 → 1003 (jana) answered 1:02")]
    [InlineData("pbx.recording.ready", null, """{"recording":{"id":"3f1c","name":"a.wav","state":"ready","durationSeconds":62.4}}""", "recording ready a.wav 1:02")]
    [InlineData("pbx.originate.failed", "jana", """{"extension":"1003","destination":"0612","message":"Busy."}""", "dial failed 1003 (jana) → 0612 Busy.")]
    public void Each_type_has_its_words(string type, string? agent, string data, string expected) => LineOf("en-US", type, agent, data).Should().Be(expected);

    [Theory]
    [InlineData("pbx.extension.status", """{"extension":"1003","status":"busy"}""", "poste occupé 1003")]
    [InlineData("pbx.site.health", """{"health":"online","reason":"polling","message":"The PBX is polled."}""", "site\u00a0: en ligne ")]
    [InlineData("pbx.recording.absent", """{"recording":{"id":"3f1c","reason":"deletedOnPbx"}}""", "enregistrement audio indisponible 3f1c ")]
    public void Also_in_French(string type, string data, string expected) => LineOf("fr-FR", type, null, data).Should().StartWith(expected).And.NotContain("The PBX");

    [Fact]
    public void Pauses_grow_up_to_a_limit_and_are_never_the_same_for_all()
    {
        ReconnectPause.After(0, 0).Should().Be(TimeSpan.FromMilliseconds(250));
        ReconnectPause.After(0, 1).Should().Be(TimeSpan.FromMilliseconds(500));
        ReconnectPause.After(3, 1).Should().Be(TimeSpan.FromSeconds(4));
        ReconnectPause.After(10_000, 1).Should().Be(TimeSpan.FromSeconds(30));
    }

    private static string LineOf(string culture, string type, string? agent, string data)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        var told = new EventResource { Type = type, Site = "demo-1", AgentId = agent, Data = JsonElement.Parse(data) };
        return string.Join(' ', EventLine.Of(told, "").Skip(2).Select(part => part.Text));
    }
}
