namespace PbxGrains.Front.Sites;

/// <summary>Sentences about fields that cannot be used, collected field by field.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, List<string>> _sentences = new(StringComparer.Ordinal);

    /// <summary>True when nothing is wrong.</summary>
    public bool None => _sentences.Count == 0;

    /// <summary>Notes what is wrong with a field and how to put it right.</summary>
    public void Add(string field, string sentence)
    {
        if (!_sentences.TryGetValue(field, out var list))
        {
            _sentences[field] = list = [];
        }

        list.Add(sentence);
    }

    /// <summary>All of them, as the problem details show them.</summary>
    public IReadOnlyDictionary<string, string[]> ToDictionary() =>
        _sentences.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal);
}
