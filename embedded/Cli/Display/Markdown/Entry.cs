namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>One thing that happens.</summary>
/// <param name="Title">What it is, in words.</param>
/// <param name="Lines">Its difference: lines that begin with <c>-</c>, <c>+</c> or, above those of some hosts only, <c>@@</c>.</param>
internal sealed record Entry(string Title, IReadOnlyList<string> Lines);
