using PbxGrains.Grains.Placement;
using PbxGrains.Hosting;

return await HostRun.ToEndAsync(() =>
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddPbxCluster(kind: SiloKind.Worker);

    var app = builder.Build();
    app.MapPbxHealth();
    app.MapPbxMetrics();
    return app;
});
