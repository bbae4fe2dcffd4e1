using System.Collections;
using System.Collections.ObjectModel;
using System.Data.Common;
using System.Globalization;

namespace PbxGrains.Front.Cdrs;

/// <summary>Lets the CSV library pull rows of texts one by one, as from a database, so that never more than one is held.</summary>
/// <param name="columns">Names of the columns.</param>
/// <param name="rows">The rows; the caller disposes them.</param>
internal sealed class TextTableReader(IReadOnlyList<string> columns, IAsyncEnumerator<string?[]> rows) : DbDataReader, IDbColumnSchemaGenerator
{
    public override int FieldCount => columns.Count;

    public override bool HasRows => true;

    public override bool IsClosed => false;

    public override int Depth => 0;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken) => await rows.MoveNextAsync();

    public override bool Read() => throw new NotSupportedException("Rows come asynchronously.");

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => rows.Current[ordinal] is null;

    public override string GetString(int ordinal) => rows.Current[ordinal] ?? throw new InvalidCastException("The cell is null.");

    public override object GetValue(int ordinal) => (object?)rows.Current[ordinal] ?? DBNull.Value;

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public ReadOnlyCollection<DbColumn> GetColumnSchema() => columns.Select(name => (DbColumn)new TextColumn(name)).ToList().AsReadOnly();

    public override string GetName(int ordinal) => columns[ordinal];

    public override int GetOrdinal(string name) => columns.Index().First(column => column.Item == name).Index;

    public override string GetDataTypeName(int ordinal) => nameof(String);

    public override Type GetFieldType(int ordinal) => typeof(string);

    public override IEnumerator GetEnumerator() => throw new NotSupportedException("Rows come asynchronously.");

    public override bool GetBoolean(int ordinal) => Convert.ToBoolean(GetString(ordinal), CultureInfo.InvariantCulture);

    public override byte GetByte(int ordinal) => Convert.ToByte(GetString(ordinal), CultureInfo.InvariantCulture);

    public override char GetChar(int ordinal) => Convert.ToChar(GetString(ordinal), CultureInfo.InvariantCulture);

    public override DateTime GetDateTime(int ordinal) => Convert.ToDateTime(GetString(ordinal), CultureInfo.InvariantCulture);

    public override decimal GetDecimal(int ordinal) => Convert.ToDecimal(GetString(ordinal), CultureInfo.InvariantCulture);

    public override double GetDouble(int ordinal) => Convert.ToDouble(GetString(ordinal), CultureInfo.InvariantCulture);

    public override float GetFloat(int ordinal) => Convert.ToSingle(GetString(ordinal), CultureInfo.InvariantCulture);

    public override Guid GetGuid(int ordinal) => Guid.Parse(GetString(ordinal));

    public override short GetInt16(int ordinal) => Convert.ToInt16(GetString(ordinal), CultureInfo.InvariantCulture);

    public override int GetInt32(int ordinal) => Convert.ToInt32(GetString(ordinal), CultureInfo.InvariantCulture);

    public override long GetInt64(int ordinal) => Convert.ToInt64(GetString(ordinal), CultureInfo.InvariantCulture);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException("Every cell is text.");

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException("Every cell is text.");

    private sealed class TextColumn : DbColumn
    {
        public TextColumn(string name)
        {
            ColumnName = name;
            DataType = typeof(string);
            AllowDBNull = true;
        }
    }
}
