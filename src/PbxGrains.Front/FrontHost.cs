using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using PbxGrains.Front.Agents;
using PbxGrains.Front.Board;
using PbxGrains.Front.Board.SignIn;
using PbxGrains.Front.Calls;
using PbxGrains.Front.Cdrs;
using PbxGrains.Front.Cdrs.Completeness;
using PbxGrains.Front.Cdrs.Statistics;
using PbxGrains.Front.Checklists;
using PbxGrains.Front.Events;
using PbxGrains.Front.Extensions;
using PbxGrains.Front.Keys;
using PbxGrains.Front.Listeners;
using PbxGrains.Front.OpenApi;
using PbxGrains.Front.Problems;
using PbxGrains.Front.Recordings;
using PbxGrains.Front.Sites;
using PbxGrains.Front.Status;
using PbxGrains.Front.Subscriptions;
using PbxGrains.Front.Webhooks;
using PbxGrains.Hosting;
using PbxGrains.Storage.Cdrs.Statistics;

namespace PbxGrains.Front;

/// <summary>Puts a front together.</summary>
public static class FrontHost
{
    // Their messages quote request lines, which may carry a webhook secret that could not be taken out yet.
    private const string RequestLineLogs = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    /// <summary>Where the dashboard of Orleans is: actors by kind, silos, their load.</summary>
    private const string DashboardPath = "/orleans";

    /// <summary>Adds a whole front: its part of the cluster, as silo or pure client, and the API.</summary>
    /// <exception cref="InvalidOperationException">A setting cannot be used.</exception>
    public static WebApplicationBuilder AddPbxFrontHost(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection(FrontSettings.Section).Get<FrontSettings>() ?? new FrontSettings();
        builder.AddPbxCluster(asClient: settings.Hosting == FrontHosting.Client);
        builder.Services.AddFrontStop();
        return builder.AddPbxFront();
    }

    /// <summary>Adds the API alone; cluster and storage come from elsewhere.</summary>
    public static WebApplicationBuilder AddPbxFront(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.Configure<FrontSettings>(builder.Configuration.GetSection(FrontSettings.Section));

        services.AddSingleton<FrontListeners>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(s => s.GetRequiredService<FrontListeners>());
        services.AddSingleton<IHttpContextFactory, SecretFreeContexts>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<FrontSettings>>(TrustedProxies.Configure);
        builder.Logging.AddFilter(RequestLineLogs, LogLevel.None);

        services.AddProblemDetails();
        services.AddExceptionHandler<UnhandledProblems>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, FrontJson.Default);
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        });

        services.AddApiKeys();
        services.AddApiDescription();
        services.AddSingleton<SiteDirectory>();
        services.AddHostedService<SiteDirectoryFeed>();
        services.AddSingleton<SiteOffice>();
        services.AddSingleton<AgentDiff>();
        services.AddSingleton<CallStories>();
        services.AddSingleton<CallStatisticsReader>();
        services.AddSingleton<WebhookAddress>();
        services.AddSingleton<UnprovenReports>();
        services.AddSingleton<WebhookIssue>();
        services.AddEventStream();
        services.AddHttpContextAccessor();
        services.AddBoard();
        services.AddSubscriptions(builder.Configuration);
        return builder;
    }

    /// <summary>The way of a request before it meets its route.</summary>
    public static WebApplication UsePbxFront(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<FrontSettings>>().Value.Proxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.UseExceptionHandler();
        app.UseStatusCodePages(context => StatusProblems.Write(context.HttpContext));
        app.UseRouting();
        app.UseReportListenerRules();
        app.UseBoard();
        app.UseAuthentication();
        app.UseSameOrigin();
        app.UseAuthorization();
        return app;
    }

    /// <summary>All routes.</summary>
    public static WebApplication MapPbxFront(this WebApplication app)
    {
        app.MapSitesApi();
        app.MapSiteProbeApi();
        app.MapSiteCredentialsApi();
        app.MapSiteReportsApi();
        app.MapExtensionsApi();
        app.MapOriginateApi();
        app.MapClickToCallApi();
        app.MapCallsApi();
        app.MapCallCommandsApi();
        app.MapLinesApi();
        app.MapCallHistoryApi();
        app.MapCallStoryApi();
        app.MapCallStatisticsApi();
        app.MapCompletenessApi();
        app.MapRecordingsApi();
        app.MapRetentionApi();
        app.MapImportsApi();
        app.MapChecklistApi();
        app.MapEventsApi();
        app.MapSubscriptionsApi();
        app.MapDeliveriesApi();
        app.MapAgentsApi();
        app.MapKeysApi();
        app.MapStatusApi();
        app.MapWebhookApi();
        app.MapGroup("").AllowAnonymous().MapPbxHealth();
        app.MapApiDescription();
        app.MapBoard();
        return app;
    }

    /// <summary>What a whole front shows of itself and of the cluster; an API alone has neither.</summary>
    public static WebApplication MapPbxFrontOperations(this WebApplication app)
    {
        app.MapPbxMetrics().RequireAuthorization(Scope.Read).ExcludeFromDescription();
        app.MapOrleansDashboard(DashboardPath).RequireAuthorization(Scope.Admin).ExcludeFromDescription();
        return app;
    }
}
