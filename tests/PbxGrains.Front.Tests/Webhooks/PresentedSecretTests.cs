using Microsoft.AspNetCore.Http.Features;
using PbxGrains.Front.Webhooks;

namespace PbxGrains.Front.Tests.Webhooks;

public sealed class PresentedSecretTests
{
    [Theory]
    [InlineData("/api/pbx/webhook/paris/hush", "", "/api/pbx/webhook/paris/***", "", "hush")]
    [InlineData("/API/PBX/Webhook/paris/hush/", "", "/API/PBX/Webhook/paris/***", "", "hush/")]
    [InlineData("/api//pbx/webhook//paris/hush/more", "", "/api//pbx/webhook//paris/***", "", "hush/more")]
    [InlineData("/api/pbx/webhook/paris%2Fhush", "", "/api/pbx/webhook/paris%2F***", "", "hush")]
    [InlineData("/api/pbx%2fwebhook%2fparis/hush", "", "/api/pbx%2fwebhook%2fparis/***", "", "hush")]
    [InlineData("/api/pbx/webhook/paris", "?secret=hush", "/api/pbx/webhook/paris", "?secret=***", "hush")]
    [InlineData("/api/pbx/webhook/paris", "?a=1&SECRET=hu%73h", "/api/pbx/webhook/paris", "?a=1&SECRET=***", "hush")]
    [InlineData("/api/pbx/webhook/paris", "?s%65cret=hush", "/api/pbx/webhook/paris", "?secret=***", "hush")]
    [InlineData("/api/pbx/webhook/paris/hush", "?secret=other", "/api/pbx/webhook/paris/***", "?secret=***", "hush")]
    public void A_secret_leaves_the_address(string path, string query, string pathLeft, string queryLeft, string secret)
    {
        var features = Features(path, query);

        PresentedSecret.TakeFrom(features);

        var request = features.Get<IHttpRequestFeature>()!;
        request.Path.Should().Be(pathLeft);
        request.QueryString.Should().Be(queryLeft);
        request.RawTarget.Should().NotContain("hush").And.NotContain("other");
        features.Get<PresentedSecret>()!.Value.Should().Be(secret);
        features.Get<PresentedSecret>()!.ToString().Should().NotContain(secret);
    }

    [Theory]
    [InlineData("/api/pbx/webhook/paris", "")]
    [InlineData("/api/pbx/webhook/paris/", "?x=%20y")]
    [InlineData("/api/pbx/sites/paris", "?q=1")]
    public void An_address_without_secret_stays_as_it_is(string path, string query)
    {
        var features = Features(path, query);

        PresentedSecret.TakeFrom(features);

        features.Get<IHttpRequestFeature>()!.Path.Should().Be(path);
        features.Get<IHttpRequestFeature>()!.QueryString.Should().Be(query);
        features.Get<IHttpRequestFeature>()!.RawTarget.Should().Be(path + query);
        features.Get<PresentedSecret>().Should().BeNull();
    }

    private static FeatureCollection Features(string path, string query)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Path = path, QueryString = query, RawTarget = path + query });
        return features;
    }
}
