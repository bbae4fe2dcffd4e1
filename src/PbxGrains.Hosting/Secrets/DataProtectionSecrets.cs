using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PbxGrains.Grains.Secrets;

namespace PbxGrains.Hosting.Secrets;

/// <summary>Encrypts secrets with ASP.NET Data Protection; the key ring lies in a folder that all processes share.</summary>
internal sealed class DataProtectionSecrets(IDataProtectionProvider provider) : ISecretProtector
{
    private readonly IDataProtector _protector = provider.CreateProtector("PbxGrains.Secrets.v1");

    public byte[] Protect(string secret) => _protector.Protect(Encoding.UTF8.GetBytes(secret));

    public string? Unprotect(byte[] cipher)
    {
        try
        {
            return Encoding.UTF8.GetString(_protector.Unprotect(cipher));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

internal static class SecretServices
{
    /// <summary>
    /// Key ring folder by configuration (<c>DataProtection:Folder</c>), else a private folder of the user. Every process
    /// of the cluster needs the same one.
    /// </summary>
    public static IServiceCollection AddPbxSecrets(this IServiceCollection services, IConfiguration configuration)
    {
        var folder = new DirectoryInfo(configuration["DataProtection:Folder"] ?? DefaultFolder());
        if (!folder.Exists)
        {
            if (OperatingSystem.IsWindows())
            {
                folder.Create();
            }
            else
            {
                Directory.CreateDirectory(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        services.AddDataProtection().SetApplicationName("pbxgrains").PersistKeysToFileSystem(folder);
        return services.AddSingleton<ISecretProtector, DataProtectionSecrets>();
    }

    private static string DefaultFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "pbxgrains", "keys");
}
