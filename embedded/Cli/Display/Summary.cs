using System.Globalization;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>What stands at the end of an operation: diagnostics by resource, outputs, counts, time.</summary>
internal static class Summary
{
    private static readonly StepKind[] Order = [StepKind.Create, StepKind.Update, StepKind.Delete, StepKind.Replace];

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="run">What ran.</param>
    /// <param name="before">The stack's outputs before: a preview shows those only that differ.</param>
    public static void Write(TextWriter output, Run run, PropertyMap before)
    {
        WriteDiagnostics(output, run.Log);
        var outputs = ShownSteps.Masked(run.Result.Outputs, run.Result.Clean);
        switch (run.Mode)
        {
            case OperationMode.Preview:
                WriteChangedOutputs(output, ShownSteps.Masked(before, run.Result.Clean), outputs);
                break;
            case OperationMode.Update:
                WriteOutputs(output, outputs, showSecrets: false);
                break;
        }

        WriteCounts(output, run);
        if (!run.IsPreview)
        {
            output.WriteLine();
            output.WriteLine($"Duration: {DisplayText.Time(run.Took)}");
        }

        output.Flush();
    }

    // In the words of the official CLI.
    private static void WriteCounts(TextWriter output, Run run)
    {
        var (counts, preview) = (run.Result.Counts, run.IsPreview);
        var retained = run.Log.Steps.Where(s => s.Retains() && !s.Kind.IsPart()).CountBy(s => s.Kind).ToDictionary();
        output.WriteLine("Resources:");
        var changes = Order.Where(kind => counts.GetValueOrDefault(kind) > 0).ToList();
        foreach (var kind in changes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {kind.Sign(),-2}{counts[kind]} {(preview ? "to " + kind.Operation() : kind.Done())}{(retained.TryGetValue(kind, out var kept) ? $" ({kept} of them kept: retainOnDelete)" : "")}"));
        }

        List<string> last = [];
        if (changes.Count > 1)
        {
            last.Add(string.Create(CultureInfo.InvariantCulture, $"{changes.Sum(kind => counts[kind])} changes"));
        }

        if (counts.GetValueOrDefault(StepKind.Same) is > 0 and var same)
        {
            last.Add(string.Create(CultureInfo.InvariantCulture, $"{same} unchanged"));
        }

        if (last.Count > 0)
        {
            output.WriteLine($"    {string.Join(". ", last)}");
        }
    }

    private static void WriteChangedOutputs(TextWriter output, PropertyMap before, PropertyMap after)
    {
        var lines = DiffText.Outputs(before, after).ToList();
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine("Outputs:");
        lines.ForEach(output.WriteLine);
        output.WriteLine();
    }

    public static void WriteOutputs(TextWriter output, PropertyMap outputs, bool showSecrets)
    {
        if (outputs.Count == 0)
        {
            return;
        }

        output.WriteLine("Outputs:");
        var width = outputs.Keys.Max(k => k.Length);
        foreach (var (key, value) in outputs)
        {
            output.WriteLine($"    {key.PadRight(width)}: {Text(value, showSecrets, "    ")}");
        }

        output.WriteLine();
    }

    private static string Text(PropertyValue value, bool showSecrets, string indent) => value switch
    {
        PropertyValue.Secret s when showSecrets => Text(s.Value, showSecrets, indent),
        PropertyValue.Array { Items: { Length: > 0 } items } => "[" + string.Concat(items.Select(i => $"{Environment.NewLine}{indent}    {Text(i, showSecrets, indent + "    ")}")) + $"{Environment.NewLine}{indent}]",
        PropertyValue.Object { Properties: { Count: > 0 } properties } => "{" + string.Concat(properties.Select(p => $"{Environment.NewLine}{indent}    {p.Key}: {Text(p.Value, showSecrets, indent + "    ")}")) + $"{Environment.NewLine}{indent}}}",
        _ => ValueText.Show(value),
    };

    private static void WriteDiagnostics(TextWriter output, OperationLog log)
    {
        if (log.Remarks.Count == 0)
        {
            return;
        }

        output.WriteLine("Diagnostics:");
        foreach (var group in log.Remarks.Distinct().GroupBy(d => d.Urn, StringComparer.Ordinal))
        {
            if (group.Key.Length > 0)
            {
                output.WriteLine($"  {DisplayText.TypeOf(group.Key)} ({DisplayText.Name(group.Key)}):");
            }

            foreach (var (severity, _, message) in group)
            {
                var lines = message.TrimEnd().Split('\n');
                output.WriteLine($"    {severity.ToString().ToLowerInvariant()}: {lines[0].TrimEnd()}");
                foreach (var line in lines.Skip(1))
                {
                    output.WriteLine($"      {line.TrimEnd()}");
                }
            }
        }

        output.WriteLine();
    }
}
