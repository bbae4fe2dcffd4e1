using System.Globalization;
using System.Net;
using System.Net.Security;
using PbxGrains.Simulator.Calls;
using PbxGrains.Simulator.Cdrs;
using PbxGrains.Simulator.Fleet;
using PbxGrains.Simulator.Http;
using PbxGrains.Simulator.Reports;
using PbxGrains.Simulator.Sessions;
using PbxGrains.Simulator.Traffic;

namespace PbxGrains.Simulator;

/// <summary>One simulated Yeastar S-Series PBX on its own loopback address. Safe to use from any thread.</summary>
public sealed partial class SimulatedPbx : IAsyncDisposable
{
    private static readonly Version FirstWithV2 = new(30, 13, 0, 30);

    private readonly Dictionary<string, SimulatedExtension> _byNumber;
    private readonly PbxListener _listener;
    private readonly IPAddress _address;
    private PbxCertificate? _certificate;
    private int _generation;
    private DateTimeOffset _started;
    private volatile string _password;
    private volatile bool _isStarted;
    private bool _wasStarted;
    private bool _oddList;

    internal SimulatedPbx(int index, FleetOptions options, TimeProvider time, FleetServer server)
    {
        Index = index;
        Options = options;
        _password = options.Password;
        Time = time;
        Timeline = new Timeline(time, Gate);
        Faults = new PbxFaults(FaultsChanged);
        Clock = new PbxClock(Timeline, Faults, TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone));
        Sessions = new SessionRegistry(Timeline, Faults, Counters);
        Counters.CountSessionsWith(() =>
        {
            lock (Gate)
            {
                return Sessions.Live;
            }
        });
        Firmware = Version.Parse(options.Firmware ?? (index % 2 == 0 ? FleetOptions.NewFirmware : FleetOptions.OldFirmware));
        SerialNumber = string.Create(CultureInfo.InvariantCulture, $"3693{Math.Abs(options.Seed % 100):00}{index + 1:000000}");
        Extensions = PbxDirectory.Extensions(index, options);
        _byNumber = Extensions.ToDictionary(extension => extension.Number, StringComparer.Ordinal);
        _address = new IPAddress([127, (byte)(1 + (index % 250)), (byte)(index / 250), 254]);
        Tickets = new DownloadTickets(Timeline);
        Sender = new ReportSender(this);
        Switchboard = new Switchboard(this);
        CallFlow = new CallFlow(this, Switchboard, Ledger);
        Transfers = new Transfers(this);
        Traffic = new TrafficGenerator(this);
        _listener = new PbxListener(_address, options.Port, socket => server.Serve(this, socket));
        _started = time.GetUtcNow();
        if (options.Https)
        {
            _certificate = NewCertificate();
        }
    }

    /// <summary>Place in the fleet, from 0.</summary>
    public int Index { get; }

    /// <summary>Where its API is: <c>https://127.1.0.254:8088/</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>API user.</summary>
    public string UserName => Options.UserName;

    /// <summary>Password of the API user, in clear. An administrator may change it; tokens given out before stay good.</summary>
    public string Password
    {
        get => _password;
        set => _password = value;
    }

    /// <summary>Base64 of the SHA-256 of the certificate's public key (SPKI); null over plain HTTP.</summary>
    public string? CertificatePin => Volatile.Read(ref _certificate)?.Pin;

    /// <summary>Serial number, which its reports carry as <c>sn</c>.</summary>
    public string SerialNumber { get; }

    /// <summary>Firmware; 30.13.0.30 and later speak both dialects.</summary>
    public Version Firmware { get; }

    /// <summary>IANA name of its zone.</summary>
    public string TimeZone => Options.TimeZone;

    /// <summary>What is wrong with it now.</summary>
    public PbxFaults Faults { get; }

    /// <summary>What it has seen.</summary>
    public PbxCounters Counters { get; } = new();

    /// <summary>Its telephones, by number.</summary>
    public IReadOnlyList<SimulatedExtension> Extensions { get; }

    internal Lock Gate { get; } = new();

    internal FleetOptions Options { get; }

    internal TimeProvider Time { get; }

    internal Timeline Timeline { get; }

    internal PbxClock Clock { get; }

    internal SessionRegistry Sessions { get; }

    internal bool SpeaksV2 => Firmware >= FirstWithV2;

    internal bool IsHttps => Options.Https;

    internal IPAddress IpAddress => _address;

    internal TimeSpan Uptime => Timeline.Now - _started;

    internal SslStreamCertificateContext CertificateContext =>
        Volatile.Read(ref _certificate)?.Context ?? throw new InvalidOperationException("This PBX speaks plain HTTP.");

    /// <summary>Switches it on: it listens on the address it had before.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">Something else listens there.</exception>
    public Task StartAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        Start();
        return Task.CompletedTask;
    }

    /// <summary>Switches its web interface off: connections are refused until it is started again. Tokens and calls stay.</summary>
    public Task StopAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        _isStarted = false;
        _listener.Close();
        return Task.CompletedTask;
    }

    /// <summary>Gives it another self-signed certificate: <see cref="CertificatePin" /> changes, the next handshake shows it.</summary>
    /// <exception cref="InvalidOperationException">It speaks plain HTTP.</exception>
    public Task ChangeCertificateAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        if (!IsHttps)
        {
            throw new InvalidOperationException("This PBX speaks plain HTTP and has no certificate to change.");
        }

        // Handshakes that run still use the old one, so it is left to the collector.
        _ = Interlocked.Increment(ref _generation);
        Volatile.Write(ref _certificate, NewCertificate());
        return Task.CompletedTask;
    }

    /// <summary>The telephone with a number; null when there is none.</summary>
    public SimulatedExtension? FindExtension(string number) => _byNumber.GetValueOrDefault(number);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _isStarted = false;
        _listener.Dispose();
        lock (Gate)
        {
            Timeline.Dispose();
            Sender.Dispose();
        }

        Volatile.Read(ref _certificate)?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>True for each second list of extensions; under the gate.</summary>
    internal bool IsOddList() => _oddList = !_oddList;

    internal void Start()
    {
        _isStarted = true;
        Listen();
        lock (Gate)
        {
            if (!_wasStarted)
            {
                _wasStarted = true;
                Traffic.Start();
            }
        }
    }

    private PbxCertificate NewCertificate() => new(Options.Seed, SerialNumber, _generation, _address, Time.GetUtcNow());

    private void FaultsChanged(PbxFaults faults)
    {
        _listener.Swallow(faults.BlackHole);
        if (!_isStarted)
        {
            return;
        }

        if (faults.Down)
        {
            _listener.Close();
        }
        else
        {
            Listen();
        }
    }

    private void Listen()
    {
        if (Faults.Down)
        {
            return;
        }

        _listener.Open();
        Address = new UriBuilder(IsHttps ? "https" : "http", _address.ToString(), _listener.Port).Uri;
    }
}
