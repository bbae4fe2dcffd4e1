using PbxGrains.Storage.Recordings;

namespace PbxGrains.Storage.Tests.Recordings;

public sealed class RecordingIdTests
{
    [Theory]
    [InlineData("paris", "20260701-4002.wav", "69f0859fa28425acccecb9db39860b18")]
    [InlineData("lyon", "20260701-4002.wav", "8e42b3b0f2326d3e05aab08aea4f322e")]
    [InlineData("paris", "é.wav", "2b7a2e2bfbd4a9c991ed459ca43db897")]
    public void An_id_never_changes(string site, string name, string id) => RecordingId.Of(site, name).Should().Be(id);
}
