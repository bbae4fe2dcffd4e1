using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Sites;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Tests.Sites;

public sealed class SitePictureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_a_list_of_calls_says_of_an_extension_was_found_by_polling()
    {
        var picture = new SitePicture(Noon);
        _ = picture.TakeExtensions([new PbxExtension("1001", PbxExtensionStatus.Idle, "Idle", "Ann", "SIP")], Noon, Noon);

        _ = picture.TakeCalls([new PbxCall("1772452801.7", [new PbxLeg { Kind = PbxLegKind.Extension, Extension = "1001", Status = PbxLegStatus.Ring }])], Noon.AddSeconds(5));

        picture.Extensions.Find(ExtensionNumber.Parse("1001")).Should().BeEquivalentTo(new { Status = ExtensionStatus.Ringing, Source = KnowledgeSource.Poll, Since = Noon.AddSeconds(5) });
    }
}
