using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Reports;

/// <summary>What stood in a report, flat: texts by field, and the parties in the body's order.</summary>
internal sealed class ReportFields
{
    private readonly string?[] _texts = new string?[(int)ReportField.Count];
    private readonly List<PbxLeg> _legs = [];
    private readonly List<MissedQueueCall> _missed = [];

    /// <summary>The text of a field; null when absent or empty. Of several spellings the first that is not empty counts.</summary>
    public string? this[ReportField field]
    {
        get => _texts[(int)field];
        set => _texts[(int)field] ??= value;
    }

    /// <summary>Extension numbers at the root, each once.</summary>
    public List<string> Extensions { get; } = [];

    /// <summary>The parties so far.</summary>
    public IReadOnlyList<PbxLeg> Legs => _legs;

    /// <summary>Calls a queue's agent missed.</summary>
    public IReadOnlyList<MissedQueueCall> Missed => _missed;

    /// <summary>True when the report names more parties, extensions or missed calls than a report may.</summary>
    public bool TooMany { get; private set; }

    /// <summary>True when a party does not say whether it is an extension, inbound or outbound.</summary>
    public bool HasPartyOfNoKind { get; set; }

    /// <summary>True when a PIN code was there. The code is not kept.</summary>
    public bool HadPinCode { get; set; }

    /// <summary>True when there was an array <c>call</c>.</summary>
    public bool HasCall { get; set; }

    /// <summary>True when there was an array <c>members</c>.</summary>
    public bool HasMembers { get; set; }

    /// <summary>True when a party stood at the root.</summary>
    public bool HasRootParty { get; private set; }

    /// <summary>True when a key that names a party came twice at the root.</summary>
    public bool RepeatsParty { get; private set; }

    private int _rootKinds;

    /// <summary>Notes that a party of this kind stands at the root.</summary>
    public void MeetAtRoot(PbxLegKind kind)
    {
        var bit = 1 << (int)kind;
        HasRootParty = true;
        RepeatsParty |= (_rootKinds & bit) != 0;
        _rootKinds |= bit;
    }

    /// <summary>Adds parties at a place in the order.</summary>
    public void Insert(int index, IReadOnlyList<PbxLeg> legs)
    {
        if (!Full(_legs.Count + legs.Count))
        {
            _legs.InsertRange(index, legs);
        }
    }

    /// <summary>Adds a missed call.</summary>
    public void Add(MissedQueueCall missed)
    {
        if (!Full(_missed.Count + 1))
        {
            _missed.Add(missed);
        }
    }

    /// <summary>Adds an extension number to a list, once.</summary>
    public void AddExtension(List<string> extensions, string? number)
    {
        if (number is not null && !extensions.Contains(number) && !Full(extensions.Count + 1))
        {
            extensions.Add(number);
        }
    }

    /// <summary>Gives the first party the status its report implies, unless it says its own.</summary>
    public void Imply(PbxLegStatus status)
    {
        if (_legs is [{ Status: PbxLegStatus.Unknown }, ..])
        {
            _legs[0] = _legs[0] with { Status = status };
        }
    }

    /// <summary>Takes extensions named at the root for parties when nothing else names one.</summary>
    public void TakeRootExtensions()
    {
        if (_legs.Count == 0 && Extensions.Count > 0)
        {
            HasRootParty = true;
            _legs.AddRange(Extensions.Select(number => new PbxLeg { Kind = PbxLegKind.Extension, Extension = number }));
        }
    }

    private bool Full(int count)
    {
        TooMany |= count > ReportParser.PartyLimit;
        return TooMany;
    }
}

/// <summary>One party as it is read.</summary>
internal sealed class PartyFields(PbxLegKind kind)
{
    private PbxLegStatus _status;
    private string? _from;
    private string? _to;
    private string? _trunk;
    private string? _legId;
    private string? _channel;
    private string? _via;

    /// <summary>Extension numbers of the party: an array of them names several parties.</summary>
    public List<string> Extensions { get; } = [];

    /// <summary>Takes a field; others are ignored.</summary>
    public void Set(ReportField field, string? text)
    {
        _ = field switch
        {
            ReportField.From => _from ??= text,
            ReportField.To => _to ??= text,
            ReportField.Trunk => _trunk ??= text,
            ReportField.InboundId or ReportField.OutboundId => _legId ??= text,
            ReportField.ChannelId => _channel ??= text,
            ReportField.CallPath => _via ??= text,
            _ => null,
        };

        if (field is ReportField.MemberStatus or ReportField.Status && _status == PbxLegStatus.Unknown)
        {
            _status = StatusOf(text);
        }
    }

    /// <summary>The legs: one, or one for each extension number; none when nothing was said.</summary>
    public IReadOnlyList<PbxLeg> ToLegs()
    {
        if (kind == PbxLegKind.Extension && Extensions.Count > 0)
        {
            return [.. Extensions.Select(Leg)];
        }

        // A trunk leg has no extension: a number in it is the outside one.
        var number = Extensions is [var first, ..] ? first : null;
        _from ??= kind == PbxLegKind.Inbound ? number : null;
        _to ??= kind == PbxLegKind.Outbound ? number : null;
        var silent = _from is null && _to is null && _trunk is null && _legId is null && _channel is null && _status == PbxLegStatus.Unknown;
        return silent ? [] : [Leg(extension: null)];
    }

    private static PbxLegStatus StatusOf(string? word) => word?.ToUpperInvariant() switch
    {
        "ALERT" => PbxLegStatus.Alert,
        "RING" => PbxLegStatus.Ring,
        "ANSWERED" => PbxLegStatus.Answered,
        "ANSWER" => PbxLegStatus.Answer,
        "HOLD" => PbxLegStatus.Hold,
        "BYE" => PbxLegStatus.Bye,
        _ => PbxLegStatus.Unknown,
    };

    private PbxLeg Leg(string? extension) => new()
    {
        Kind = kind,
        Extension = extension,
        From = _from,
        To = _to,
        Trunk = _trunk,
        Handle = _channel ?? _legId,
        Status = _status,
        Via = _via,
    };
}
