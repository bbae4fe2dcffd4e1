using System.Reflection;

namespace PbxGrains.Grains.Tests;

/// <summary>Grain storage keys rows by state name, not by grain: a name used twice would mix two grains' rows.</summary>
public sealed class GrainStateTests
{
    private static readonly Type[] Grains = [.. typeof(GrainServices).Assembly.GetTypes().Where(t => typeof(Grain).IsAssignableFrom(t) && !t.IsAbstract)];

    [Fact]
    public void Every_state_name_is_unique()
    {
        var names = Grains
            .SelectMany(t => t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .SelectMany(c => c.GetParameters())
            .Select(p => p.GetCustomAttribute<PersistentStateAttribute>()?.StateName)
            .Where(n => n is not null);

        names.Should().NotBeEmpty().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void No_grain_inherits_a_state_without_a_name_of_its_own() =>
        Grains.Should().NotBeEmpty().And.OnlyContain(t => t.BaseType == typeof(Grain));
}
