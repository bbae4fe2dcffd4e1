using PbxGrains.Front;
using PbxGrains.Hosting;

return await HostRun.ToEndAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddPbxFrontHost();

    var app = builder.Build();
    app.UsePbxFront();
    app.MapPbxFront();
    app.MapPbxFrontOperations();
    return app;
});
