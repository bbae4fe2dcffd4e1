using System.Reflection;

namespace PbxGrains.Contracts.Tests;

/// <summary>What crosses the cluster keeps its names and numbers, so that two versions can run side by side.</summary>
public sealed class WireContractTests
{
    private static readonly Type[] Crossing = [.. typeof(SiteId).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("PbxGrains.", StringComparison.Ordinal) == true && t.GetCustomAttribute<GenerateSerializerAttribute>() is not null)];

    [Fact]
    public void Every_type_has_an_alias_of_its_own()
    {
        Crossing.Should().NotBeEmpty().And.OnlyContain(t => t.GetCustomAttributes<AliasAttribute>(inherit: false).Any());
        Crossing.SelectMany(t => t.GetCustomAttributes<AliasAttribute>(inherit: false)).Select(a => a.Alias).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Every_grain_interface_and_method_has_an_alias()
    {
        var interfaces = typeof(SiteId).Assembly.GetTypes().Where(t => t.IsInterface && typeof(IGrain).IsAssignableFrom(t)).ToList();

        interfaces.Should().NotBeEmpty().And.OnlyContain(t => t.GetCustomAttribute<AliasAttribute>() != null);
        interfaces.SelectMany(t => t.GetMethods()).Should().OnlyContain(m => m.GetCustomAttribute<AliasAttribute>() != null);
    }

    [Fact]
    public void Every_grain_method_can_be_cancelled()
    {
        var methods = typeof(SiteId).Assembly.GetTypes().Where(t => t.IsInterface && typeof(IGrain).IsAssignableFrom(t)).SelectMany(t => t.GetMethods());

        methods.Should().OnlyContain(m => m.GetParameters().Last().ParameterType == typeof(CancellationToken));
    }

    [Fact]
    public void Enum_values_count_from_zero_without_gaps()
    {
        Crossing.Where(t => t.IsEnum).Should().OnlyContain(t => Enum.GetValuesAsUnderlyingType(t).Cast<int>().SequenceEqual(Enumerable.Range(0, Enum.GetValuesAsUnderlyingType(t).Length)));
    }
}
