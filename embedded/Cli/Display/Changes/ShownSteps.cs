using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Changes;

/// <summary>Steps of the engine as they may be shown: a replacement once, and no secret in any value.</summary>
internal static class ShownSteps
{
    private static readonly PropertyValue.Secret Hidden = new(PropertyValue.Nothing);

    /// <summary>Steps without the two parts of a replacement that stands there as a whole, and without secrets.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="clean">Takes secrets out of a text.</param>
    public static IReadOnlyList<Step> Of(IReadOnlyList<Step> steps, Func<string, string> clean)
    {
        var replaced = steps.Where(s => s.Kind == StepKind.Replace).Select(s => s.Urn).ToHashSet(StringComparer.Ordinal);
        return [.. steps
            .Where(s => !s.Kind.IsPart() || !replaced.Contains(s.Urn))
            .Select(s => s with { Old = Masked(s.Old, clean), New = Masked(s.New, clean) })];
    }

    /// <summary>What such a step does to its resource.</summary>
    public static ResourceChange Change(Step step) =>
        new(step.Kind, step.Urn, step.Type, SealedDescription.Show(step.Old?.Inputs ?? PropertyMap.Empty), SealedDescription.Show(step.New?.Inputs ?? PropertyMap.Empty), step.Details) { Retained = step.Retains() };

    /// <summary>Properties without secrets.</summary>
    public static PropertyMap Masked(PropertyMap properties, Func<string, string> clean) =>
        PropertyMap.From(properties.Select(p => KeyValuePair.Create(p.Key, Masked(p.Value, clean))));

    private static ResourceState? Masked(ResourceState? state, Func<string, string> clean) =>
        state is null ? null : state with { Inputs = Masked(state.Inputs, clean), Outputs = Masked(state.Outputs, clean) };

    private static PropertyValue Masked(PropertyValue value, Func<string, string> clean) => value switch
    {
        PropertyValue.Secret => Hidden,
        PropertyValue.Text text => clean(text.Value),
        PropertyValue.Array array => new PropertyValue.Array([.. array.Items.Select(i => Masked(i, clean))]),
        PropertyValue.Object o => new PropertyValue.Object(Masked(o.Properties, clean)),
        _ => value,
    };
}
