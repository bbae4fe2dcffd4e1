using System.Text.Json;

using PbxGrains.Yeastar.Client;

namespace PbxGrains.Yeastar.Reports;

/// <summary>
/// Walks the tokens of a report into <see cref="ReportFields"/>. No document is built, because a document keeps only the
/// last of two equal keys and the default format of dialect 1 names its parties by equal keys (fact sheet S-Series §7.2).
/// </summary>
internal ref struct ReportReader
{
    private readonly ReportFields _fields = new();
    private Utf8JsonReader _json;

    private ReportReader(ReadOnlySpan<byte> json) => _json = new Utf8JsonReader(json, ReportBody.Tolerant);

    /// <summary>Reads one report.</summary>
    /// <exception cref="JsonException">Not JSON, or not one object.</exception>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static ReportFields Read(ReadOnlySpan<byte> json)
    {
        var reader = new ReportReader(json);
        reader.ReadReport();
        return reader._fields;
    }

    private void ReadReport()
    {
        _json.Read();
        var wrapped = _json.TokenType == JsonTokenType.StartArray;
        if (wrapped)
        {
            _json.Read();
        }

        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A report is an object.");
        }

        while (NextField() is { } field)
        {
            ReadRoot(field);
        }

        if (wrapped && (!_json.Read() || _json.TokenType != JsonTokenType.EndArray))
        {
            throw new JsonException("A body holds one report.");
        }

        if (_json.Read())
        {
            throw new JsonException("A body holds one report.");
        }
    }

    private void ReadRoot(ReportField field)
    {
        switch (field)
        {
            case ReportField.Call when IsContainer:
                _fields.HasCall = true;
                ReadParties();
                break;
            case ReportField.Members when IsContainer:
                _fields.HasMembers = true;
                ReadParties();
                break;
            case ReportField.Extension when _json.TokenType != JsonTokenType.StartObject:
                ReadExtensions(_fields.Extensions);
                break;
            case ReportField.Ivr when _json.TokenType == JsonTokenType.StartObject:
                ReadIvr();
                break;
            case ReportField.MissedCalls:
                ReadMissed();
                break;
            case ReportField.PinCode:
                _fields.HadPinCode |= IsContainer || ReportText.Read(ref _json) is not null;
                SkipContainer();
                break;
            default:
                if (PartyKind(field) is { } kind)
                {
                    _fields.MeetAtRoot(kind);
                    ReadParty(kind);
                }
                else
                {
                    _fields[field] = ReportText.Read(ref _json);
                }

                break;
        }
    }

    /// <summary>The value of <c>call</c> or <c>members</c>: an array of objects with one or several parties each.</summary>
    private void ReadParties()
    {
        if (_json.TokenType == JsonTokenType.StartArray)
        {
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                ReadParties();
            }
        }
        else if (_json.TokenType == JsonTokenType.StartObject)
        {
            ReadMember();
        }
        else
        {
            ReadParty(PbxLegKind.Extension);
        }
    }

    /// <summary>An element of <c>call</c> or <c>members</c>. Fields beside the parties describe a party without a wrapper.</summary>
    private void ReadMember()
    {
        var place = _fields.Legs.Count;
        var bare = new PartyFields(PbxLegKind.Extension);
        while (NextField() is { } field)
        {
            if (PartyKind(field) is { } kind)
            {
                ReadParty(kind);
            }
            else if (field == ReportField.Ivr && _json.TokenType == JsonTokenType.StartObject)
            {
                ReadIvr();
            }
            else
            {
                ReadPartyField(bare, field);
            }
        }

        if (bare.Extensions.Count > 0)
        {
            _fields.Insert(place, bare.ToLegs());
        }
        else if (_fields.Legs.Count == place && bare.ToLegs().Count > 0)
        {
            _fields.HasPartyOfNoKind = true;
        }
    }

    /// <summary>The value of <c>ext</c>, <c>inbound</c> or <c>outbound</c>: an object, a bare number, or an array of either.</summary>
    private void ReadParty(PbxLegKind kind)
    {
        var place = _fields.Legs.Count;
        var party = new PartyFields(kind);
        switch (_json.TokenType)
        {
            case JsonTokenType.StartArray:
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    ReadParty(kind);
                }

                return;
            case JsonTokenType.StartObject:
                while (NextField() is { } field)
                {
                    if (PartyKind(field) is { } inner && IsContainer)
                    {
                        ReadParty(inner);
                    }
                    else
                    {
                        ReadPartyField(party, field);
                    }
                }

                break;
            case JsonTokenType.String or JsonTokenType.Number:
                _fields.AddExtension(party.Extensions, ReportText.Read(ref _json));
                break;
        }

        _fields.Insert(place, party.ToLegs());
    }

    private void ReadPartyField(PartyFields party, ReportField field)
    {
        if (field == ReportField.Extension)
        {
            ReadExtensions(party.Extensions);
        }
        else
        {
            party.Set(field, ReportText.Read(ref _json));
        }
    }

    /// <summary>A number or an array of numbers (a clone sends <c>"extid":["106","101"]</c>, fact sheet S-Series §9).</summary>
    private void ReadExtensions(List<string> extensions)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _fields.AddExtension(extensions, ReportText.Read(ref _json));
            return;
        }

        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            ReadExtensions(extensions);
        }
    }

    /// <summary><c>ivr</c> as an object with <c>ivrid</c> (dialect 1) or <c>number</c> (dialect 2).</summary>
    private void ReadIvr()
    {
        while (NextField() is { } field)
        {
            if (field is ReportField.Ivr or ReportField.Extension)
            {
                _fields[ReportField.Ivr] = ReportText.Read(ref _json);
            }
            else
            {
                SkipContainer();
            }
        }
    }

    private void ReadMissed()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartArray:
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    ReadMissed();
                }

                break;
            case JsonTokenType.StartObject:
                string? caller = null, callId = null;
                while (NextField() is { } field)
                {
                    var text = ReportText.Read(ref _json);
                    caller = field == ReportField.Caller ? caller ?? text : caller;
                    callId = field == ReportField.CallId ? callId ?? text : callId;
                }

                if (caller is not null || callId is not null)
                {
                    _fields.Add(new MissedQueueCall(caller, callId));
                }

                break;
        }
    }

    /// <summary>Goes to the value of the object's next field; null at the object's end.</summary>
    private ReportField? NextField()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.PropertyName)
        {
            return null;
        }

        var field = ReportFieldNames.Of(ref _json);
        _json.Read();
        return field;
    }

    private readonly bool IsContainer => _json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;

    private void SkipContainer()
    {
        if (IsContainer)
        {
            _json.Skip();
        }
    }

    /// <summary><c>extension</c> reaches this for an object only: as a text it is a number.</summary>
    private readonly PbxLegKind? PartyKind(ReportField field) => field switch
    {
        ReportField.ExtensionParty => PbxLegKind.Extension,
        ReportField.Extension when _json.TokenType == JsonTokenType.StartObject => PbxLegKind.Extension,
        ReportField.InboundParty => PbxLegKind.Inbound,
        ReportField.OutboundParty => PbxLegKind.Outbound,
        _ => null,
    };
}
