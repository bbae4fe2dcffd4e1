using PbxGrains.Front;

var builder = WebApplication.CreateBuilder(args);
builder.AddPbxFrontHost();

var app = builder.Build();
app.UsePbxFront();
app.MapPbxFront();

await app.RunAsync();
