using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using PbxGrains.Storage.Recordings;

namespace PbxGrains.Hosting.Recordings;

/// <summary>
/// A vault in an S3-compatible object store. A recording is first written to a private file of this machine, since the store
/// wants to know its length beforehand; the object is there whole or not at all.
/// </summary>
public sealed class S3Vault : IRecordingVault, IDisposable
{
    private const int Retries = 2;

    private readonly S3Settings _settings;
    private readonly AmazonS3Client _store;
    private readonly FolderVault _spool;
    private readonly string _spoolFolder;

    /// <summary>Opens nothing yet: the store is asked when something is wanted of it.</summary>
    /// <param name="settings">The store.</param>
    /// <param name="spool">Folder for recordings on their way; null: one of this process in the temporary folder.</param>
    public S3Vault(S3Settings settings, string? spool = null)
    {
        _settings = settings;
        _spoolFolder = spool ?? Path.Combine(Path.GetTempPath(), $"pbxgrains-spool-{Guid.NewGuid():N}");
        _spool = new FolderVault(_spoolFolder);
        _store = NewClient(settings);
    }

    /// <summary>Why a store cannot be used as configured; null when it can.</summary>
    public static string? Obstacle(S3Settings settings) => settings switch
    {
        { Bucket: null or "" } => "Recordings:S3:Bucket is missing: name the bucket that holds the recordings.",
        { Endpoint: { } endpoint } when !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") =>
            "Recordings:S3:Endpoint must be an address like https://minio.example:9000.",
        { AccessKey: null } and { SecretKey: not null } or { AccessKey: not null } and { SecretKey: null } =>
            "Recordings:S3:AccessKey and Recordings:S3:SecretKey belong together: set both, or neither to use the machine's AWS configuration.",
        _ => null,
    };

    /// <inheritdoc />
    public async Task<VaultReceipt> PutAsync(string recordingId, Stream content, CancellationToken ct)
    {
        var key = KeyOf(recordingId);
        var receipt = await _spool.PutAsync(recordingId, content, ct);
        try
        {
            await using var file = await _spool.OpenAsync(recordingId, offset: 0, ct) ?? throw new VaultUnavailableException(VaultFault.Unreachable, "A recording vanished on its way to the object store.");
            _ = await AskAsync(
                token => _store.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = _settings.Bucket,
                        Key = key,
                        InputStream = file,
                        AutoCloseStream = false,
                        ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
                        ChecksumSHA256 = Convert.ToBase64String(receipt.Sha256),
                        UseChunkEncoding = false,
                    },
                    token),
                ct);
            return receipt;
        }
        finally
        {
            await _spool.DeleteAsync(recordingId, CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenAsync(string recordingId, long offset, CancellationToken ct)
    {
        var key = KeyOf(recordingId);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var request = new GetObjectRequest { BucketName = _settings.Bucket, Key = key };
        if (offset > 0)
        {
            request.ByteRange = new ByteRange($"bytes={offset.ToString(System.Globalization.CultureInfo.InvariantCulture)}-");
        }

        try
        {
            var answer = await AskAsync(token => _store.GetObjectAsync(request, token), ct);
            return new S3Content(answer, _settings.Timeout);
        }
        catch (VaultUnavailableException e) when (IsMissing(e))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(string recordingId, CancellationToken ct)
    {
        try
        {
            _ = await AskAsync(token => _store.DeleteObjectAsync(_settings.Bucket, KeyOf(recordingId), token), ct);
        }
        catch (VaultUnavailableException e) when (IsMissing(e))
        {
            // Some stores say so; to us it is all the same.
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<VaultEntry> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListObjectsV2Request { BucketName = _settings.Bucket, Prefix = Folder };
        ListObjectsV2Response page;
        do
        {
            page = await AskAsync(token => _store.ListObjectsV2Async(request, token), ct);
            foreach (var item in page.S3Objects ?? [])
            {
                var name = item.Key[(item.Key.LastIndexOf('/') + 1)..];
                if (RecordingId.IsValid(name))
                {
                    yield return new VaultEntry(name, item.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime()) : DateTimeOffset.MaxValue);
                }
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    /// <inheritdoc />
    public Task<int> SweepAsync(DateTimeOffset before, CancellationToken ct) => _spool.SweepAsync(before, ct);

    /// <inheritdoc />
    public void Dispose()
    {
        _store.Dispose();
        if (Directory.Exists(_spoolFolder))
        {
            Directory.Delete(_spoolFolder, recursive: true);
        }
    }

    private string Folder => _settings.Prefix.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "";

    private string KeyOf(string recordingId) => RecordingId.IsValid(recordingId)
        ? $"{Folder}{recordingId[..2]}/{recordingId}"
        : throw new ArgumentException("A file in the vault is named by a recording's id.", nameof(recordingId));

    private static AmazonS3Client NewClient(S3Settings settings)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = settings.PathStyle,
            AuthenticationRegion = settings.Region,
            Timeout = settings.Timeout,
            ConnectTimeout = settings.Timeout,
            MaxErrorRetry = Retries,
            RetryMode = RequestRetryMode.Standard,

            // Other stores than Amazon's know no checksums beyond the ones we ask for.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        }

        return settings is { AccessKey: { } access, SecretKey: { } secret }
            ? new AmazonS3Client(new BasicAWSCredentials(access, secret), config)
            : new AmazonS3Client(config);
    }

    private static async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (AmazonServiceException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw new VaultUnavailableException(VaultFault.Denied, "The object store of the recordings refuses our access key.", e);
        }
        catch (AmazonServiceException e) when (e.StatusCode is HttpStatusCode.InsufficientStorage)
        {
            throw new VaultUnavailableException(VaultFault.Full, "The object store of the recordings is full.", e);
        }
        catch (AmazonServiceException e) when (e.StatusCode != default)
        {
            throw new VaultUnavailableException(VaultFault.Unreachable, $"The object store of the recordings answered HTTP {(int)e.StatusCode} ({e.ErrorCode}).", e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException or OperationCanceledException or TimeoutException or WebException)
        {
            throw new VaultUnavailableException(VaultFault.Unreachable, "The object store of the recordings does not answer.", e);
        }
    }

    // A bucket that is not there is no missing recording.
    private static bool IsMissing(VaultUnavailableException failure) =>
        failure.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" };
}
