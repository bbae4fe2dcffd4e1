namespace PbxGrains.Hosting.Recordings;

/// <summary>Where recordings are kept.</summary>
public enum RecordingStore
{
    /// <summary>In a folder that every process of the cluster sees.</summary>
    Folder,

    /// <summary>In an S3-compatible object store.</summary>
    S3,

    /// <summary>Nowhere: recordings stay on the PBX and cannot be heard.</summary>
    Off,
}

/// <summary>Where recordings are kept; configuration section <c>Recordings</c>. The same in every process of the cluster.</summary>
public sealed record RecordingSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Recordings";

    /// <summary>Folder (default), S3 or off.</summary>
    public RecordingStore Store { get; init; } = RecordingStore.Folder;

    /// <summary>Folder of the recordings; null: a private folder of the user. Several machines must share it.</summary>
    public string? Folder { get; init; }

    /// <summary>The object store, when that is the store.</summary>
    public S3Settings S3 { get; init; } = new();
}

/// <summary>An S3-compatible object store.</summary>
public sealed record S3Settings
{
    /// <summary>Address of the store, <c>https://minio.example:9000</c>; null: Amazon's own of the region.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Region; object stores other than Amazon's mostly take any.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The bucket; it must exist.</summary>
    public string? Bucket { get; init; }

    /// <summary>What the keys of our objects begin with, without slash at the end.</summary>
    public string Prefix { get; init; } = "recordings";

    /// <summary>Access key; null together with <see cref="SecretKey" />: as the machine's AWS configuration says.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret key. Never logged.</summary>
    public string? SecretKey { get; init; }

    /// <summary>True to put the bucket into the path, as MinIO and its like want it; false to put it into the host name.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Time limit of one request, and of a silence within one.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public override string ToString() => $"{Endpoint ?? Region}/{Bucket}/{Prefix}";
}
