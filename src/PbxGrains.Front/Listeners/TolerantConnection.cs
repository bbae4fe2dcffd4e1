using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace PbxGrains.Front.Listeners;

/// <summary>Connection middleware that puts a <see cref="RequestHeadRewriter"/> between the socket and HTTP parsing.</summary>
internal static class TolerantConnection
{
    public static async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        var socket = connection.Transport;
        var repaired = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
        connection.Features.Set(new ReportConnection());
        connection.Transport = new Duplex(repaired.Reader, socket.Output);
        var pump = Pump(socket.Input, repaired.Writer);
        try
        {
            await next(connection);
        }
        finally
        {
            await repaired.Reader.CompleteAsync();
            socket.Input.CancelPendingRead();
            await pump;
            connection.Transport = socket;
        }
    }

    private static async Task Pump(PipeReader from, PipeWriter to)
    {
        var rewriter = new RequestHeadRewriter();
        Exception? broken = null;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync();
                var passed = rewriter.Pass(read.Buffer, read.IsCompleted, to);
                from.AdvanceTo(passed, read.Buffer.End);
                var flushed = await to.FlushAsync();
                if (read.IsCompleted || read.IsCanceled || flushed.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or ConnectionResetException or InvalidOperationException)
        {
            // Kestrel hears of the broken connection through the pipe, as it would from the socket.
            broken = e;
        }

        await to.CompleteAsync(broken);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

/// <summary>Marks requests that came in through the report listener.</summary>
internal sealed record ReportConnection;
