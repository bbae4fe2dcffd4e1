using Orleans.Serialization;
using Orleans.Storage;
using PbxGrains.Contracts;
using PbxGrains.Front.Cluster;

namespace PbxGrains.Front.Tests.Cluster;

public sealed class GrainCallsTests
{
    public static TheoryData<Exception> Passing =>
    [
        new TimeoutException(),
        new SiloUnavailableException(),
        new InconsistentStateException("Version conflict"),
        new DatabaseUnavailableException("The database does not answer."),
        new CodecNotFoundException("Could not find a codec for type Npgsql.NpgsqlException."),
        new OrleansException("The directory changes hands."),
    ];

    public static TheoryData<Exception> Mistakes =>
    [
        new InvalidOperationException(),
        new CodecNotFoundException("Could not find a codec for type PbxGrains.Contracts.Calls.OriginateOutcome."),
        new KeyNotFoundException(),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public void What_passes_by_itself_is_no_mistake(Exception exception) => GrainCalls.IsBusy(exception).Should().BeTrue();

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_not_called_busy(Exception exception) => GrainCalls.IsBusy(exception).Should().BeFalse();
}
