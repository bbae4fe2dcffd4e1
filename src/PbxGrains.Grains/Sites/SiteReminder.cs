namespace PbxGrains.Grains.Sites;

/// <summary>The reminder that brings a supervised site's actor back after a crash.</summary>
internal sealed class SiteReminder(IGrainBase grain)
{
    /// <summary>Time from one tick to the next; an actor that died comes back within it at the latest.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private const string Name = "supervision";

    private bool _registered;

    /// <summary>A tick came, so it is registered.</summary>
    public void Ticked() => _registered = true;

    /// <summary>Registers it unless that is done. A failed attempt counts as not done.</summary>
    public async Task EnsureAsync()
    {
        if (!_registered)
        {
            _ = await grain.RegisterOrUpdateReminder(Name, Period, Period);
            _registered = true;
        }
    }

    /// <summary>Removes it: nobody needs this actor to be awake.</summary>
    public async Task RemoveAsync()
    {
        if (await grain.GetReminder(Name) is { } reminder)
        {
            await grain.UnregisterReminder(reminder);
        }

        _registered = false;
    }
}
