namespace PbxGrains.Yeastar.Client;

/// <summary>The two version texts a dialect is chosen by (fact sheet S-Series §2.1).</summary>
internal static class PbxDialects
{
    /// <summary>Version in the path: names of endpoints and fields.</summary>
    public static string PathVersion(this PbxDialect dialect) => dialect == PbxDialect.V2 ? "v2.0.0" : "v1.1.0";

    /// <summary>Version in login and heartbeat: shape of the reports.</summary>
    public static string ReportVersion(this PbxDialect dialect) => dialect == PbxDialect.V2 ? "2.0.0" : "1.0.2";

    /// <summary>The other dialect.</summary>
    public static PbxDialect Other(this PbxDialect dialect) => dialect == PbxDialect.V2 ? PbxDialect.V1 : PbxDialect.V2;
}
