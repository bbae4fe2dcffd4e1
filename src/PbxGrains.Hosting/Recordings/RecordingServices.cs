using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Hosting.Recordings;

internal static class RecordingServices
{
    /// <summary>Adds the vault that the section <c>Recordings</c> names; none when it is off.</summary>
    /// <exception cref="StartRefusedException">The section cannot be used.</exception>
    public static IServiceCollection AddRecordingVault(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = Read(configuration);
        return settings.Store switch
        {
            RecordingStore.Folder => services.AddSingleton<IRecordingVault>(new FolderVault(settings.Folder ?? DefaultFolder())),
            RecordingStore.S3 => services.AddSingleton<IRecordingVault>(_ => new S3Vault(settings.S3)),
            _ => services,
        };
    }

    private static RecordingSettings Read(IConfiguration configuration)
    {
        RecordingSettings settings;
        try
        {
            settings = configuration.GetSection(RecordingSettings.Section).Get<RecordingSettings>() ?? new RecordingSettings();
        }
        catch (InvalidOperationException e)
        {
            // Names the setting and its value; no secret can be misread, since any text is one.
            throw new StartRefusedException($"The settings of recordings cannot be used: {e.Message}");
        }

        if (settings.Store == RecordingStore.S3 && S3Vault.Obstacle(settings.S3) is { } obstacle)
        {
            throw new StartRefusedException(obstacle);
        }

        return settings;
    }

    private static string DefaultFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "pbxgrains", "recordings");
}
