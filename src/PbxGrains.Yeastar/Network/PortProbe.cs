using System.Net;
using System.Net.Sockets;

namespace PbxGrains.Yeastar.Network;

/// <summary>Why a port did not take a connection.</summary>
public enum PortFailure
{
    /// <summary>Nobody listens there: the machine is there and says no.</summary>
    Refused,

    /// <summary>No answer at all: switched off, wrong address, or a firewall that drops.</summary>
    TimedOut,

    /// <summary>No route there.</summary>
    Unroutable,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>What several connections to one port came to.</summary>
/// <param name="Port">The port.</param>
/// <param name="Tries">Connections tried.</param>
/// <param name="RoundTrips">Time each that succeeded took, in the order tried.</param>
/// <param name="Failure">Why the last one that failed did; null when none failed.</param>
/// <param name="LocalAddress">Our address on them; null when none succeeded.</param>
public sealed record PortMeasurement(int Port, int Tries, IReadOnlyList<TimeSpan> RoundTrips, PortFailure? Failure, IPAddress? LocalAddress)
{
    /// <summary>Connections that succeeded.</summary>
    public int Answered => RoundTrips.Count;

    /// <summary>True when at least one succeeded.</summary>
    public bool IsOpen => RoundTrips.Count > 0;

    /// <summary>Share of tries that came to nothing, 0 to 1.</summary>
    public double Loss => Tries == 0 ? 0 : (Tries - Answered) / (double)Tries;

    /// <summary>The middle one of the round trips; null when there is none.</summary>
    public TimeSpan? Median => IsOpen ? RoundTrips.Order().ElementAt(Answered / 2) : null;

    /// <summary>The longest of the round trips; null when there is none.</summary>
    public TimeSpan? Longest => IsOpen ? RoundTrips.Max() : null;
}

/// <summary>Connects to a port a few times and hangs up at once: not a byte is sent.</summary>
public static class PortProbe
{
    private const int SilencesUntilGivenUp = 2;

    /// <summary>Measures, one connection after the other; a port that refuses or stays silent is not pestered.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">The port.</param>
    /// <param name="tries">Connections to try.</param>
    /// <param name="limit">Time limit of each.</param>
    /// <param name="time">Clock of limit and round trips.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<PortMeasurement> MeasureAsync(string host, int port, int tries, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        var roundTrips = new List<TimeSpan>(tries);
        PortFailure? failure = null;
        IPAddress? local = null;
        var silences = 0;
        var tried = 0;
        while (tried < tries && silences < SilencesUntilGivenUp && failure is not (PortFailure.Refused or PortFailure.Unroutable))
        {
            tried++;
            using var deadline = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            var started = time.GetTimestamp();
            try
            {
                await socket.ConnectAsync(new DnsEndPoint(host, port), either.Token);
                roundTrips.Add(time.GetElapsedTime(started));
                local = LocalAddressOf(socket);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                failure = PortFailure.TimedOut;
                silences++;
            }
            catch (SocketException e)
            {
                failure = FailureOf(e.SocketErrorCode);
                silences += failure == PortFailure.TimedOut ? 1 : 0;
            }
        }

        return new PortMeasurement(port, tried, roundTrips, failure, local);
    }

    internal static PortFailure FailureOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => PortFailure.Refused,
        SocketError.TimedOut => PortFailure.TimedOut,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => PortFailure.Unroutable,
        _ => PortFailure.Other,
    };

    private static IPAddress? LocalAddressOf(Socket socket) => (socket.LocalEndPoint as IPEndPoint)?.Address is { } address
        ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
        : null;
}
