using PbxGrains.Hosting;

return await HostRun.ToEndAsync(() =>
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddPbxCluster();

    var app = builder.Build();
    app.MapPbxHealth();
    app.MapPbxMetrics();
    return app;
});
