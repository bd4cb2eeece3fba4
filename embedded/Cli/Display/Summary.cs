using System.Globalization;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>What stands at the end of an operation: diagnostics by resource, outputs, counts, time.</summary>
internal static class Summary
{
    private static readonly StepKind[] Order = [StepKind.Create, StepKind.Update, StepKind.Replace, StepKind.Delete, StepKind.Same];

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, OperationMode mode, OperationLog log, OperationResult result, TimeSpan took, bool showSecrets = false)
    {
        WriteDiagnostics(output, log);
        if (mode != OperationMode.Destroy)
        {
            WriteOutputs(output, result.Outputs, showSecrets);
        }

        output.WriteLine("Resources:");
        foreach (var kind in Order)
        {
            if (result.Counts.TryGetValue(kind, out var count) && count > 0)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {Words.Sign(kind),-2} {count} {(mode == OperationMode.Preview && kind != StepKind.Same ? "to " + Words.Operation(kind) : Words.Done(kind))}"));
            }
        }

        output.WriteLine();
        output.WriteLine($"Duration: {Words.Time(took)}");
        output.Flush();
    }

    /// <summary>Writes the stack's outputs.</summary>
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
        _ => DiffText.Show(value),
    };

    private static void WriteDiagnostics(TextWriter output, OperationLog log)
    {
        if (log.Diagnostics.Count == 0)
        {
            return;
        }

        output.WriteLine("Diagnostics:");
        foreach (var group in log.Diagnostics.Distinct().GroupBy(d => d.Urn, StringComparer.Ordinal))
        {
            if (group.Key.Length > 0)
            {
                output.WriteLine($"  {Words.TypeOf(group.Key)} ({Words.Name(group.Key)}):");
            }

            foreach (var (_, severity, message) in group)
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
