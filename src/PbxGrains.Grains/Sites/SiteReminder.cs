namespace PbxGrains.Grains.Sites;

/// <summary>
/// The reminder that brings a supervised site's actor back after a crash. The actor does not wait for it: a silo that
/// started while the database was away has no reminders for minutes, and its sites are polled all the same.
/// </summary>
internal sealed class SiteReminder(IGrainBase grain)
{
    /// <summary>Time from one tick to the next; an actor that died comes back within it at the latest.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private const string Name = "supervision";

    /// <summary>Longest wait for it; it takes milliseconds when all is well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private Task? _registering;
    private bool _registered;
    private bool _wanted;

    /// <summary>A tick came, so it is registered.</summary>
    public void Ticked() => _registered = true;

    /// <summary>Registers it unless that is done; in the background, and until it succeeds, where that takes longer.</summary>
    public async Task EnsureAsync()
    {
        _wanted = true;
        if (!_registered)
        {
            _registering ??= RegisterAsync();
            _ = await Task.WhenAny(_registering, Task.Delay(Patience));
        }
    }

    /// <summary>Removes it: nobody needs this actor to be awake.</summary>
    public async Task RemoveAsync()
    {
        _wanted = false;
        if (await grain.GetReminder(Name) is { } reminder)
        {
            await grain.UnregisterReminder(reminder);
        }

        _registered = false;
    }

    /// <summary>No more attempts: the actor ends. The reminder stays.</summary>
    public void Stop() => _wanted = false;

    private async Task RegisterAsync()
    {
        try
        {
            while (_wanted && !_registered)
            {
                try
                {
                    _ = await grain.RegisterOrUpdateReminder(Name, Period, Period);
                    _registered = true;
                }
                catch (Exception)
                {
                    // The reminder service has said why.
                    await Task.Delay(AfterFailure);
                }
            }
        }
        finally
        {
            _registering = null;
        }
    }
}
