using Npgsql;

namespace PbxGrains.Storage.Tests;

public sealed class PbxDataSourceTests
{
    private const string Server = "Host=127.0.0.1;Username=someone;Password=secret";

    [Fact]
    public void What_the_connection_string_leaves_open_is_filled_in()
    {
        var settings = SettingsOf(Server);

        settings.SearchPath.Should().Be("orleans,pbx");
        settings.MaxAutoPrepare.Should().Be(64);
        settings.CommandTimeout.Should().Be(20);
        settings.NoResetOnClose.Should().BeTrue();
        settings.ApplicationName.Should().Be("pbxgrains");
    }

    [Fact]
    public void What_the_connection_string_says_stays()
    {
        var settings = SettingsOf($"{Server};Max Auto Prepare=0;CommandTimeout=30;Application Name=mine;SearchPath=pbx, public");

        settings.MaxAutoPrepare.Should().Be(0);
        settings.CommandTimeout.Should().Be(30);
        settings.ApplicationName.Should().Be("mine");
        settings.SearchPath.Should().Be("pbx,public,orleans");
    }

    [Fact]
    public void The_password_does_not_show()
    {
        using var source = PbxDataSource.Create(Server);

        source.ConnectionString.Should().NotContain("secret");
    }

    private static NpgsqlConnectionStringBuilder SettingsOf(string connectionString)
    {
        using var source = PbxDataSource.Create(connectionString);
        return new NpgsqlConnectionStringBuilder(source.ConnectionString);
    }
}
