using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace PbxGrains.Storage.Cdrs;

/// <summary>A filter in SQL: conditions on <c>r</c>, values only as parameters.</summary>
/// <param name="parameters">Of the command the conditions are for; nothing else may add to them before.</param>
internal sealed class CallRecordConditions(NpgsqlParameterCollection parameters)
{
    private const int IndexedNumber = 64;

    private readonly StringBuilder _sql = new("true");

    public static CallRecordConditions Of(CallRecordFilter filter, CallRecordCursor? after, NpgsqlParameterCollection parameters)
    {
        var conditions = new CallRecordConditions(parameters);
        conditions.Add(filter);
        if (after is { } cursor)
        {
            conditions.Add("(r.started_at, r.record_id) < ({0}, {1})", (NpgsqlDbType.TimestampTz, cursor.StartedAt.ToUniversalTime()), (NpgsqlDbType.Bigint, cursor.RecordId));
        }

        return conditions;
    }

    /// <summary>Some record of the same call has this extension.</summary>
    public void AddExtensionOfCall(string extension) => AddIf(
        "EXISTS (SELECT FROM pbx.call_record AS leg WHERE leg.call_id = r.call_id AND leg.site_id = r.site_id AND leg.extensions @> {0})",
        NpgsqlDbType.Array | NpgsqlDbType.Text,
        new[] { CallRecordText.Storable(extension) });

    /// <summary>In the order of pages, before this record.</summary>
    public void AddNewerThan(CallRecordCursor cursor) =>
        Add("(r.started_at, r.record_id) > ({0}, {1})", (NpgsqlDbType.TimestampTz, cursor.StartedAt.ToUniversalTime()), (NpgsqlDbType.Bigint, cursor.RecordId));

    public override string ToString() => _sql.ToString();

    private void Add(CallRecordFilter filter)
    {
        switch (filter.SiteIds)
        {
            // Equality, not an array of one: only so does the index give the order.
            case [var site]:
                AddIf("r.site_id = {0}", NpgsqlDbType.Text, CallRecordText.Storable(site));
                break;
            case { } sites:
                AddIf("r.site_id = ANY ({0})", NpgsqlDbType.Array | NpgsqlDbType.Text, sites.Select(CallRecordText.Storable).ToArray());
                break;
        }

        AddIf("r.started_at >= {0}", NpgsqlDbType.TimestampTz, filter.From?.ToUniversalTime());
        AddIf("r.started_at < {0}", NpgsqlDbType.TimestampTz, filter.To?.ToUniversalTime());
        AddIf("r.extensions @> {0}", NpgsqlDbType.Array | NpgsqlDbType.Text, filter.Extension is { } extension ? new[] { CallRecordText.Storable(extension) } : null);
        AddIf("r.agent_id = {0}", NpgsqlDbType.Text, CallRecordText.StorableOrNull(filter.AgentId));
        AddNumbers(filter);
        AddIf("r.direction = {0}", NpgsqlDbType.Text, CallRecordText.StorableOrNull(filter.Direction));
        AddIf("r.disposition = {0}", NpgsqlDbType.Text, CallRecordText.StorableOrNull(filter.Disposition));
        AddIf("(r.source_trunk = {0} OR r.destination_trunk = {0})", NpgsqlDbType.Text, CallRecordText.StorableOrNull(filter.Trunk));
        AddIf("r.talk_seconds >= {0}", NpgsqlDbType.Integer, filter.MinimumTalkSeconds);
        AddIf("(r.recording IS NOT NULL) = {0}", NpgsqlDbType.Boolean, filter.HasRecording);
        AddIf("r.call_id = {0}", NpgsqlDbType.Text, CallRecordText.StorableOrNull(filter.CallId));
    }

    private void AddNumbers(CallRecordFilter filter)
    {
        if (filter.Numbers is not { } certain)
        {
            return;
        }

        const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
        const string Numbers = "pbx.call_record_numbers(r.caller, r.callee, r.caller_e164, r.callee_e164)";
        Add($"({Numbers} && {{0}} OR r.extensions && {{1}})", (Texts, Indexed([.. certain, .. filter.AmbiguousNumbers])), (Texts, Indexed(certain)));
        if (filter.AmbiguousNumbers.Count > 0)
        {
            // What the index found by an ambiguous notation alone must not be known to be another number.
            Add(
                $"({Numbers} && {{0}} OR r.extensions && {{0}} OR (r.caller_e164 IS NULL AND r.caller = ANY ({{1}})) OR (r.callee_e164 IS NULL AND r.callee = ANY ({{1}})))",
                (Texts, Indexed(certain)),
                (Texts, Indexed(filter.AmbiguousNumbers)));
        }
    }

    private static string[] Indexed(IEnumerable<string> numbers) =>
        [.. numbers.Select(number => CallRecordText.Storable(number.Length > IndexedNumber ? number[..IndexedNumber] : number))];

    private void AddIf(string condition, NpgsqlDbType type, object? value)
    {
        if (value is not null)
        {
            Add(condition, (type, value));
        }
    }

    private void Add(string condition, params ReadOnlySpan<(NpgsqlDbType Type, object Value)> values)
    {
        var names = new object[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            _ = parameters.Bind(values[i].Type, values[i].Value);
            names[i] = $"${parameters.Count.ToString(CultureInfo.InvariantCulture)}";
        }

        _ = _sql.Append(" AND ").AppendFormat(CultureInfo.InvariantCulture, condition, names);
    }
}
