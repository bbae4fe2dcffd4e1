using PbxGrains.Contracts;
using PbxGrains.Contracts.Extensions;
using PbxGrains.Grains.Extensions;
using PbxGrains.Yeastar.Client;

namespace PbxGrains.Grains.Tests.Extensions;

public sealed class ExtensionBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExtensionNumber Jana = ExtensionNumber.Parse("0010");

    private readonly ExtensionBook _book = new(Noon);

    [Fact]
    public void A_list_makes_extensions_known_with_their_source_and_time()
    {
        var changes = _book.Listed([Listed("0010", PbxExtensionStatus.Idle)], Noon);

        changes.Should().ContainSingle().Which.Number.Should().Be(Jana);
        _book.Find(Jana).Should().BeEquivalentTo(new { Status = ExtensionStatus.Idle, Source = KnowledgeSource.Poll, Since = Noon, ConfirmedAt = Noon });
    }

    [Fact]
    public void Leading_zeros_make_another_extension()
    {
        _ = _book.Listed([Listed("0010", PbxExtensionStatus.Idle), Listed("10", PbxExtensionStatus.Busy)], Noon);

        _book.Find(Jana)!.Status.Should().Be(ExtensionStatus.Idle);
        _book.Find(ExtensionNumber.Parse("10"))!.Status.Should().Be(ExtensionStatus.Busy);
    }

    [Fact]
    public void The_same_list_again_changes_nothing_but_confirms()
    {
        _ = _book.Listed([Listed("0010", PbxExtensionStatus.Idle)], Noon);

        _book.Listed([Listed("0010", PbxExtensionStatus.Idle)], Noon.AddSeconds(5)).Should().BeEmpty();

        _book.ListedAt.Should().Be(Noon.AddSeconds(5));
        _book.Find(Jana)!.Since.Should().Be(Noon);
    }

    [Fact]
    public void The_same_list_object_again_confirms_all_of_it()
    {
        IReadOnlyList<PbxExtension> listed = [Listed("0010", PbxExtensionStatus.Idle), Listed("0011", PbxExtensionStatus.Busy)];
        _ = _book.Listed(listed, Noon);

        _book.Listed(listed, Noon.AddSeconds(5)).Should().BeEmpty();

        _book.ListedAt.Should().Be(Noon.AddSeconds(5));
        _book.AnyActive.Should().BeTrue();
    }

    [Fact]
    public void The_same_list_object_corrects_a_push_in_between()
    {
        IReadOnlyList<PbxExtension> listed = [Listed("0010", PbxExtensionStatus.Idle)];
        _ = _book.Listed(listed, Noon);
        _ = _book.Listed(listed, Noon.AddSeconds(5));
        _ = _book.Pushed("0010", ExtensionStatus.Ringing, registeredAddress: null, Noon.AddSeconds(6));

        _book.Listed(listed, Noon.AddSeconds(10)).Should().ContainSingle().Which.State!.Status.Should().Be(ExtensionStatus.Idle);
    }

    [Fact]
    public void The_same_list_object_corrects_a_push_that_was_newer_than_it_the_first_time()
    {
        IReadOnlyList<PbxExtension> listed = [Listed("0010", PbxExtensionStatus.Idle)];
        _ = _book.Pushed("0010", ExtensionStatus.Ringing, registeredAddress: null, Noon.AddSeconds(1));
        _ = _book.Listed(listed, Noon);
        _book.Find(Jana)!.Status.Should().Be(ExtensionStatus.Ringing);

        _ = _book.Listed(listed, Noon.AddSeconds(5));

        _book.Find(Jana)!.Status.Should().Be(ExtensionStatus.Idle);
    }

    [Fact]
    public void The_same_list_object_removes_what_a_push_named_in_between()
    {
        IReadOnlyList<PbxExtension> listed = [Listed("0010", PbxExtensionStatus.Idle)];
        _ = _book.Listed(listed, Noon);
        _ = _book.Pushed("0011", ExtensionStatus.Ringing, registeredAddress: null, Noon.AddSeconds(1));

        _ = _book.Listed(listed, Noon.AddSeconds(5));

        _book.Count.Should().Be(1);
    }

    [Fact]
    public void The_same_list_object_is_all_new_after_everything_was_forgotten()
    {
        IReadOnlyList<PbxExtension> listed = [Listed("0010", PbxExtensionStatus.Idle)];
        _ = _book.Listed(listed, Noon);
        _book.Clear();

        _book.Listed(listed, Noon.AddSeconds(5)).Should().ContainSingle();
    }

    [Fact]
    public void A_push_is_newer_than_a_list_asked_for_before_it()
    {
        _ = _book.Listed([Listed("0010", PbxExtensionStatus.Idle)], Noon);
        _ = _book.Pushed("0010", ExtensionStatus.Ringing, registeredAddress: null, Noon.AddSeconds(5.1));

        _book.Listed([Listed("0010", PbxExtensionStatus.Idle)], askedAt: Noon.AddSeconds(5)).Should().BeEmpty();

        _book.Find(Jana)!.Status.Should().Be(ExtensionStatus.Ringing);
        _book.Find(Jana)!.Source.Should().Be(KnowledgeSource.Push);
    }

    [Fact]
    public void A_later_list_corrects_a_push()
    {
        _ = _book.Pushed("0010", ExtensionStatus.Ringing, registeredAddress: null, Noon);

        _ = _book.Listed([Listed("0010", PbxExtensionStatus.Idle)], Noon.AddSeconds(2));

        _book.Find(Jana).Should().BeEquivalentTo(new { Status = ExtensionStatus.Idle, Source = KnowledgeSource.Poll, Since = Noon.AddSeconds(2) });
    }

    [Fact]
    public void A_repeated_push_changes_nothing()
    {
        _ = _book.Pushed("0010", ExtensionStatus.Ringing, registeredAddress: null, Noon);

        _book.Pushed("0010", ExtensionStatus.Ringing, registeredAddress: null, Noon.AddSeconds(1)).Should().BeNull();

        _book.Find(Jana)!.Since.Should().Be(Noon);
    }

    [Fact]
    public void An_extension_the_PBX_no_longer_lists_is_gone()
    {
        _ = _book.Listed([Listed("0010", PbxExtensionStatus.Idle), Listed("0011", PbxExtensionStatus.Idle)], Noon);

        var changes = _book.Listed([Listed("0011", PbxExtensionStatus.Idle)], Noon.AddSeconds(5));

        changes.Should().ContainSingle().Which.Should().Be(new ExtensionChange(Jana, State: null, StatusChanged: true, ExtensionStatus.Idle));
        _book.Find(Jana).Should().BeNull();
    }

    [Fact]
    public void A_row_with_a_number_that_is_none_is_passed_over() =>
        _book.Listed([Listed("10 06; drop", PbxExtensionStatus.Idle)], Noon).Should().BeEmpty();

    [Fact]
    public void Knowledge_reads_as_unknown_beyond_its_bound_and_says_what_it_was()
    {
        _ = _book.Listed([Listed("0010", PbxExtensionStatus.Idle)], Noon);
        var id = new ExtensionId(SiteId.Parse("paris"), Jana);

        var fresh = ExtensionJudge.View(id, _book.Find(Jana)!, _book.ListedAt, TimeSpan.FromSeconds(30), Noon.AddSeconds(30));
        var stale = ExtensionJudge.View(id, _book.Find(Jana)!, _book.ListedAt, TimeSpan.FromSeconds(30), Noon.AddSeconds(31));

        var later = ExtensionJudge.View(id, _book.Find(Jana)!, _book.ListedAt, TimeSpan.FromSeconds(30), Noon - ExtensionJudge.ClocksDiffer);
        var ahead = ExtensionJudge.View(id, _book.Find(Jana)!, _book.ListedAt, TimeSpan.FromSeconds(30), Noon - ExtensionJudge.ClocksDiffer - TimeSpan.FromMilliseconds(1));

        (later.Stale, ahead.Stale).Should().Be((false, true), "of what is dated ahead nobody knows the age");
        fresh.Should().BeEquivalentTo(new { Status = ExtensionStatus.Idle, Stale = false, LastKnownStatus = (ExtensionStatus?)null });
        stale.Should().BeEquivalentTo(new { Status = ExtensionStatus.Unknown, Stale = true, LastKnownStatus = (ExtensionStatus?)ExtensionStatus.Idle, ConfirmedAt = Noon });
    }

    private static PbxExtension Listed(string number, PbxExtensionStatus status) => new(number, status, status.ToString(), Name: null, "SIP");
}
