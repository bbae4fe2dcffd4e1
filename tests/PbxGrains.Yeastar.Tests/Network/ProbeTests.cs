using System.Net;
using System.Net.Sockets;
using System.Text;
using PbxGrains.Yeastar.Client;
using PbxGrains.Yeastar.Network;

namespace PbxGrains.Yeastar.Tests.Network;

public sealed class ProbeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_open_port_is_measured_as_often_as_asked()
    {
        using var listener = Listen();

        var port = await PortProbe.MeasureAsync("127.0.0.1", PortOf(listener), tries: 4, Patience, TimeProvider.System, Ct);

        (port.Tries, port.Answered, port.IsOpen, port.Loss, port.Failure).Should().Be((4, 4, true, 0, null));
        port.LocalAddress.Should().Be(IPAddress.Loopback);
        port.Longest.Should().BeGreaterThanOrEqualTo(port.Median!.Value);
    }

    [Fact]
    public async Task A_port_that_refuses_is_not_asked_again()
    {
        var listener = Listen();
        var number = PortOf(listener);
        listener.Dispose();

        var port = await PortProbe.MeasureAsync("127.0.0.1", number, tries: 4, Patience, TimeProvider.System, Ct);

        (port.Tries, port.IsOpen, port.Failure, port.Loss).Should().Be((1, false, PortFailure.Refused, 1));
        (port.Median, port.LocalAddress).Should().Be((null, null));
    }

    [Fact]
    public async Task Only_the_head_of_an_answer_is_read_and_a_redirect_is_told_without_its_query()
    {
        using var listener = Listen();
        var served = ServeAsync(listener, "HTTP/1.1 302 Found\r\nServer: Boa\r\nLocation: https://10.1.0.254:8088/index.html?token=secret\r\n\r\n" + new string('x', 100_000));

        var reading = await RedirectProbe.ReadAsync("127.0.0.1", PortOf(listener), Patience, TimeProvider.System, Ct);

        reading.Redirects.Should().BeTrue();
        reading.Location.Should().Be(new Uri("https://10.1.0.254:8088/index.html"));
        await served;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 302 Found\r\n\r\n", 302)]
    [InlineData("", null)]
    [InlineData("HTTP/1.1\r\n", null)]
    public void An_answer_that_leads_nowhere_is_no_redirect(string head, int? status)
    {
        var reading = RedirectProbe.Read(head);

        (reading.Status, reading.Redirects).Should().Be((status, false));
    }

    [Fact]
    public async Task An_address_is_its_own_name_and_a_name_nobody_knows_has_none()
    {
        (await NameLookup.FindAsync("10.1.0.254", Patience, TimeProvider.System, Ct)).Should().Equal(IPAddress.Parse("10.1.0.254"));
        (await NameLookup.FindAsync("localhost", Patience, TimeProvider.System, Ct)).Should().Contain(address => IPAddress.IsLoopback(address));
        (await NameLookup.FindAsync("no-such-host.invalid", Patience, TimeProvider.System, Ct)).Should().BeEmpty();
    }

    [Fact]
    public void The_way_out_to_ourselves_is_ourselves() => Outlet.Towards(IPAddress.Parse("127.9.9.9")).Should().NotBeNull().And.Match<IPAddress>(address => IPAddress.IsLoopback(address));

    [Theory]
    [InlineData("30.13.0.30", "30.10.0.59", true)]
    [InlineData("30.10.0.59", "30.10.0.59", true)]
    [InlineData("30.9.0.99", "30.10.0.59", false)]
    [InlineData("thirty", "30.10.0.59", null)]
    [InlineData(null, "30.10.0.59", null)]
    public void Firmware_is_compared_part_by_part(string? version, string minimum, bool? isAtLeast) => PbxFirmware.IsAtLeast(version, minimum).Should().Be(isAtLeast);

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Ct);
        try
        {
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer), Ct);
        }
        catch (IOException)
        {
            // The probe hung up once it had the head.
        }
    }
}
