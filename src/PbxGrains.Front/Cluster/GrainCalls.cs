using Orleans.Serialization;
using Orleans.Storage;
using PbxGrains.Contracts;

namespace PbxGrains.Front.Cluster;

/// <summary>How the front asks actors: a read is asked once more when the cluster was busy, a command never is.</summary>
internal static class GrainCalls
{
    private const string DatabaseDriver = "Npgsql.";

    /// <summary>
    /// True when the exception says that the cluster could not answer just now, not that something is wrong. The runtime's
    /// own exception without further particulars is thrown while the directory of actors changes hands; just then an actor may
    /// be started twice, and the one that finds that the other has written gives way.
    /// </summary>
    public static bool IsBusy(Exception exception) =>
        exception is
            TimeoutException or
            SiloUnavailableException or
            OrleansMessageRejectionException or
            GatewayTooBusyException or
            ClientNotAvailableException or
            InconsistentStateException or
            DatabaseUnavailableException
        || exception.GetType() == typeof(OrleansException)
        || IsActorWithoutState(exception);

    /// <summary>An actor elsewhere could not read its state: what the database driver threw there cannot be written down for us.</summary>
    private static bool IsActorWithoutState(Exception exception) =>
        exception is CodecNotFoundException && exception.Message.Contains(DatabaseDriver, StringComparison.Ordinal);

    /// <summary>Reads, and reads once more when the first try met a busy cluster.</summary>
    public static async Task<T> Read<T>(Func<CancellationToken, Task<T>> read, CancellationToken ct)
    {
        try
        {
            return await read(ct);
        }
        catch (Exception e) when (IsBusy(e) && !ct.IsCancellationRequested)
        {
            return await read(ct);
        }
    }

    /// <summary>Reads within a time limit; null when the cluster did not answer in time.</summary>
    public static async Task<T?> TryRead<T>(Func<CancellationToken, Task<T>> read, TimeSpan limit, CancellationToken ct)
        where T : class?
    {
        try
        {
            return await read(ct).WaitAsync(limit, ct);
        }
        catch (Exception e) when (IsBusy(e))
        {
            return null;
        }
    }

    /// <summary>Tells an actor something it would hear of anyway, just sooner.</summary>
    /// <returns>False when the cluster did not take it in time.</returns>
    public static async Task<bool> TryTell(Func<CancellationToken, Task> tell, TimeSpan limit, CancellationToken ct)
    {
        try
        {
            await tell(ct).WaitAsync(limit, ct);
            return true;
        }
        catch (Exception e) when (IsBusy(e))
        {
            return false;
        }
    }
}
