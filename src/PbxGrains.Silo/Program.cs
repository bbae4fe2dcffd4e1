using PbxGrains.Hosting;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddPbxCluster();

var app = builder.Build();
app.MapPbxHealth();
await app.RunAsync();
