using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace PbxGrains.Front.Board.Charts;

/// <summary>Text in a chart: SVG's element of that name, which markup of components takes for something else.</summary>
public sealed class ChartText : ComponentBase
{
    /// <summary>Where, from the left.</summary>
    [Parameter, EditorRequired] public string X { get; set; } = "";

    /// <summary>Where, from the top.</summary>
    [Parameter, EditorRequired] public string Y { get; set; } = "";

    /// <summary>Which part of it is there: <c>start</c>, <c>middle</c> or <c>end</c>.</summary>
    [Parameter, EditorRequired] public string Anchor { get; set; } = "start";

    /// <summary>Its class.</summary>
    [Parameter] public string? Class { get; set; }

    /// <summary>What it says.</summary>
    [Parameter, EditorRequired] public string Words { get; set; } = "";

    /// <inheritdoc />
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", X);
        builder.AddAttribute(2, "y", Y);
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddAttribute(4, "class", Class);
        builder.AddContent(5, Words);
        builder.CloseElement();
    }
}
