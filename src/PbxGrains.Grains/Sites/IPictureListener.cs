using PbxGrains.Grains.Calls;
using PbxGrains.Grains.Extensions;

namespace PbxGrains.Grains.Sites;

/// <summary>Hears of changes of a site's picture in the moment they happen, in their order.</summary>
public interface IPictureListener
{
    /// <summary>A call moved.</summary>
    /// <param name="move">What moved; what it refers to goes on changing.</param>
    /// <param name="at">When, UTC.</param>
    void Moved(CallMove move, DateTimeOffset at);

    /// <summary>An extension's status changed.</summary>
    /// <param name="change">The change.</param>
    /// <param name="at">When, UTC.</param>
    void Changed(ExtensionChange change, DateTimeOffset at);
}
