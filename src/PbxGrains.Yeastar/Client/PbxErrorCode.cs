namespace PbxGrains.Yeastar.Client;

/// <summary>Error numbers a PBX answers with.</summary>
public enum PbxErrorCode
{
    /// <summary>A number without a name here: see the raw code.</summary>
    Other = 0,

    /// <summary>Request not supported.</summary>
    RequestNotSupported = 10003,

    /// <summary>Call id does not exist (dialect 2.0.0).</summary>
    CallIdNotFound = 10005,

    /// <summary>Call does not exist.</summary>
    CallNotFound = 10007,
}
