using Npgsql;
using PbxGrains.Storage.Agents;
using AgentTable = PbxGrains.Storage.Agents.Agents;

namespace PbxGrains.Storage.Tests.Agents;

public sealed class AgentsTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly AgentRow Anna = new("anna", "Anna Łuczak", "lyon", "0010", "+33612345678");
    private static readonly AgentRow Bo = new("bo", null, "not-registered-yet", "200", null);

    private readonly AgentTable _agents = new(database.Data);

    private static CancellationToken Ct => MigratedDatabase.Ct;

    [Fact]
    public async Task The_whole_list_is_replaced()
    {
        await _agents.ReplaceAllAsync([Anna, Bo], Ct);
        await _agents.ReplaceAllAsync([Bo with { Extension = "201" }], Ct);

        (await _agents.ListAsync(Ct)).Should().Equal(Bo with { Extension = "201" });
    }

    [Fact]
    public async Task An_empty_list_leaves_nobody()
    {
        await _agents.ReplaceAllAsync([Anna], Ct);
        await _agents.ReplaceAllAsync([], Ct);

        (await _agents.ListAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task Some_are_added_or_changed_and_the_others_stay()
    {
        await _agents.ReplaceAllAsync([Anna], Ct);
        await _agents.UpsertAsync([Bo], Ct);
        await _agents.UpsertAsync([Anna with { Mobile = null }], Ct);
        await _agents.UpsertAsync([], Ct);

        (await _agents.ListAsync(Ct)).Should().Equal(Anna with { Mobile = null }, Bo);
        (await _agents.FindAsync("bo", Ct)).Should().Be(Bo);
        (await _agents.FindAsync("Bo", Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Of_an_agent_given_twice_the_last_counts()
    {
        await _agents.ReplaceAllAsync([Anna, Bo, Anna with { Extension = "11" }], Ct);

        (await _agents.FindAsync("anna", Ct))!.Extension.Should().Be("11");
    }

    [Fact]
    public async Task A_list_with_a_wrong_entry_changes_nothing()
    {
        await _agents.ReplaceAllAsync([Anna], Ct);

        var refused = await _agents.Awaiting(agents => agents.ReplaceAllAsync([Bo with { SiteId = "No Site" }], Ct)).Should().ThrowAsync<PostgresException>();

        refused.Which.ConstraintName.Should().Be("agent_site_id_is_lower_case_letters_digits_hyphens");
        (await _agents.ListAsync(Ct)).Should().Equal(Anna);
    }

    [Fact]
    public async Task Lists_that_are_sent_at_once_do_not_mix()
    {
        var lists = Enumerable.Range(0, 8).Select(n => Enumerable.Range(0, 5).Select(i => new AgentRow($"list{n}-{i}", null, "lyon", $"{i}", null)).ToList()).ToList();

        await Task.WhenAll(lists.Select(list => _agents.ReplaceAllAsync(list, Ct)));

        lists.Should().ContainEquivalentOf(await _agents.ListAsync(Ct));
    }

    [Fact]
    public async Task Saving_tells_what_it_changed_and_a_preview_tells_the_same_and_changes_nothing()
    {
        var changed = Anna with { Extension = "0011", Mobile = null };
        var added = new AgentRow("cy", "Cy", "lyon", "\u00A01O", null);
        await _agents.ReplaceAllAsync([Anna, Bo, new AgentRow("stays", null, "lyon", "1", null)], Ct);
        AgentRow[] wanted = [added, changed, new AgentRow("stays", null, "lyon", "1", null)];

        var preview = await _agents.PreviewAsync(wanted, wholeSet: true, Ct);
        (await _agents.ListAsync(Ct)).Should().Contain([Anna, Bo]);
        var saved = await _agents.ReplaceAllAsync(wanted, Ct);
        var again = await _agents.ReplaceAllAsync(wanted, Ct);

        foreach (var changes in new[] { preview, saved })
        {
            changes.Added.Should().Equal(added);
            changes.Changed.Should().Equal(new AgentChange(Anna, changed));
            changes.Removed.Should().Equal(Bo);
            changes.Unchanged.Should().Be(1);
        }

        again.Should().BeEquivalentTo(new { Added = Array.Empty<AgentRow>(), Changed = Array.Empty<AgentChange>(), Removed = Array.Empty<AgentRow>(), Unchanged = 3 });
        (await _agents.ListAsync(Ct)).Should().Equal(changed, added, new AgentRow("stays", null, "lyon", "1", null));
    }

    [Fact]
    public async Task A_part_of_the_agents_removes_nobody()
    {
        await _agents.ReplaceAllAsync([Anna, Bo], Ct);

        (await _agents.PreviewAsync([Bo], wholeSet: false, Ct)).Should().BeEquivalentTo(new { Removed = Array.Empty<AgentRow>(), Unchanged = 1 });
        var changes = await _agents.UpsertAsync([Bo with { Name = "Bo" }], Ct);

        changes.Changed.Should().Equal(new AgentChange(Bo, Bo with { Name = "Bo" }));
        changes.Removed.Should().BeEmpty();
        (await _agents.ListAsync(Ct)).Should().HaveCount(2);
    }

    [Fact]
    public async Task An_agent_is_removed()
    {
        await _agents.ReplaceAllAsync([Anna, Bo], Ct);

        (await _agents.DeleteAsync("anna", Ct)).Should().BeTrue();

        (await _agents.DeleteAsync("anna", Ct)).Should().BeFalse();
        (await _agents.ListAsync(Ct)).Should().Equal(Bo);
    }
}
