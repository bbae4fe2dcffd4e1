using Microsoft.Extensions.Hosting;
using PbxGrains.Grains.Secrets;
using PbxGrains.Storage.Events;
using PbxGrains.Storage.Migrations;

namespace PbxGrains.Hosting.Database;

/// <summary>
/// Brings the database up to date before any other service starts. The encryption key ring is made under the same
/// lock, so that processes which start together on an empty folder agree on one key.
/// </summary>
internal sealed class DatabaseStartup(DatabaseMigrator migrator, EventRetention events, ISecretProtector secrets) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await migrator.MigrateAsync(MakeKeyRing, cancellationToken);
        await events.NoticeMoveAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task MakeKeyRing(CancellationToken ct)
    {
        _ = secrets.Protect("key ring");
        return Task.CompletedTask;
    }
}
