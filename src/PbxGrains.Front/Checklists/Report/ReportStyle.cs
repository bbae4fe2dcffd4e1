using System.Security.Cryptography;
using System.Text;

namespace PbxGrains.Front.Checklists.Report;

/// <summary>The style of the report. It is part of the page, so that a saved page still prints well, and the only one the page may use.</summary>
internal static class ReportStyle
{
    private const string Resource = "checklist/report.css";

    /// <summary>The sheet.</summary>
    public static string Sheet { get; } = Read();

    /// <summary>What a browser may do with the page: show it in this style.</summary>
    public static string ContentPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Sheet)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string Read()
    {
        using var stream = typeof(ReportStyle).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
