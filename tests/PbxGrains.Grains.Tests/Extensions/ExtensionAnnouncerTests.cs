using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Extensions;
using PbxGrains.Grains.Sites;

namespace PbxGrains.Grains.Tests.Extensions;

public sealed class ExtensionAnnouncerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExtensionNumber Jana = ExtensionNumber.Parse("0010");

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly ToldActors _actors = new();
    private readonly ExtensionAnnouncer _announcer;

    public ExtensionAnnouncerTests() => _announcer = new ExtensionAnnouncer(
        SiteId.Parse("paris"), new SitePicture(Noon), () => TimeSpan.FromSeconds(30), ActorFactory.For(_actors), _clock, CancellationToken.None);

    [Fact]
    public void An_extension_nobody_reads_is_not_woken_by_changes()
    {
        _announcer.Tell([Change("0010"), Change("0011")]);

        _actors.Told.Should().BeEmpty();
    }

    [Fact]
    public void An_extension_that_is_read_hears_of_its_changes_and_of_no_others()
    {
        _ = _announcer.KnowledgeOf(Jana);
        _clock.Advance(ExtensionAnnouncer.ToldFor);

        _announcer.Tell([Change("0010"), Change("0011")]);

        _actors.Told.Should().Equal("ext:paris/0010");
    }

    [Fact]
    public void An_extension_not_read_for_long_hears_nothing_until_it_is_read_again()
    {
        _ = _announcer.KnowledgeOf(Jana);
        _clock.Advance(ExtensionAnnouncer.ToldFor + TimeSpan.FromSeconds(1));
        _announcer.Tell([Change("0010")]);
        _actors.Told.Should().BeEmpty();

        _ = _announcer.KnowledgeOf(Jana);
        _announcer.Tell([Change("0010")]);

        _actors.Told.Should().ContainSingle();
    }

    private static ExtensionChange Change(string number) => new(ExtensionNumber.Parse(number), new ExtensionState { Status = ExtensionStatus.Busy }, StatusChanged: true);

    /// <summary>Which actors were told something.</summary>
    private sealed class ToldActors
    {
        public List<string> Told { get; } = [];
    }

    private sealed class Actor(string key, ToldActors actors) : IExtensionGrain
    {
        public Task<ExtensionView?> Get(CancellationToken ct = default) => throw new NotSupportedException();

        public Task Update(ExtensionKnowledge knowledge, CancellationToken ct = default)
        {
            actors.Told.Add(key);
            return Task.CompletedTask;
        }
    }

    /// <summary>Finds actors by their key, and can do nothing else.</summary>
    [SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it.")]
    private class ActorFactory : DispatchProxy
    {
        private ToldActors _actors = null!;

        public static IGrainFactory For(ToldActors actors)
        {
            var factory = Create<IGrainFactory, ActorFactory>();
            ((ActorFactory)(object)factory)._actors = actors;
            return factory;
        }

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => new Actor((string)args![0]!, _actors);
    }
}
