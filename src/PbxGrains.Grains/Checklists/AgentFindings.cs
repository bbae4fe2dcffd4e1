namespace PbxGrains.Grains.Checklists;

/// <summary>What can be found out about agents and extensions.</summary>
internal static class AgentFindings
{
    public static readonly Finding NoAgents = Finding.Skip("no-agents");

    public static readonly Finding AllExist = Finding.Pass("all-exist");
    public static readonly Finding ExtensionMissing = Finding.Fail("extension-missing");
    public static readonly Finding ExtensionDiffers = Finding.Fail("extension-differs");

    public static readonly Finding AllRegistered = Finding.Pass("all-registered");
    public static readonly Finding PhoneUnregistered = Finding.Fail("phone-unregistered");
    public static readonly Finding NoneExists = Finding.Skip("none-exists");

    public static readonly Finding NoneShared = Finding.Pass("none-shared");
    public static readonly Finding ExtensionShared = Finding.Fail("extension-shared");

    public static readonly Finding NoneUnassigned = Finding.Pass("none-unassigned");
    public static readonly Finding ExtensionsUnassigned = Finding.Warn("extensions-unassigned");
}
