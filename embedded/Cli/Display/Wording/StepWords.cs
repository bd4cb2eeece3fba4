using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display.Wording;

/// <summary>How kinds of steps are called in front of people.</summary>
internal static class StepWords
{
    public static string Sign(this StepKind kind) => Of(kind).Sign;

    /// <summary>The colour, in Spectre's names.</summary>
    public static string Colour(this StepKind kind) => Of(kind).Colour;

    /// <summary>What a step does, as Pulumi's events call it.</summary>
    public static string Operation(this StepKind kind) => Of(kind).Operation;

    public static string Doing(this StepKind kind) => Of(kind).Doing;

    public static string Done(this StepKind kind) => Of(kind).Done;

    /// <summary>What a step does, with the official CLI's mark where it leaves something behind.</summary>
    public static string Operation(this Step step) => step.Kind.Operation() + Mark(step);

    public static string Doing(this Step step) => step.Kind.Doing() + Mark(step);

    public static string Done(this Step step) => step.Kind.Done() + Mark(step);

    /// <summary>Whether a step takes something out of the state that stays where it is, because of the option <c>RetainOnDelete</c>.</summary>
    public static bool Retains(this Step step) =>
        step.Old is { RetainOnDelete: true } && (step.Kind.Deletes() || step.Kind is StepKind.Replace or StepKind.CreateReplacement);

    /// <summary>Whether a step changes anything.</summary>
    public static bool Changes(this StepKind kind) => kind is not (StepKind.Same or StepKind.Refresh);

    public static bool Deletes(this StepKind kind) => kind is StepKind.Delete or StepKind.DeleteReplaced;

    /// <summary>Whether a step is one part of a replacement.</summary>
    public static bool IsPart(this StepKind kind) => kind is StepKind.CreateReplacement or StepKind.DeleteReplaced;

    private static string Mark(Step step) => step.Retains() ? "[retain]" : "";

    private static (string Sign, string Colour, string Operation, string Doing, string Done) Of(StepKind kind) => kind switch
    {
        StepKind.Create => ("+", "green", "create", "creating", "created"),
        StepKind.Update => ("~", "yellow", "update", "updating", "updated"),
        StepKind.Delete => ("-", "red", "delete", "deleting", "deleted"),
        StepKind.Replace => ("+-", "yellow", "replace", "replacing", "replaced"),
        StepKind.CreateReplacement => ("++", "green", "create-replacement", "creating replacement", "created replacement"),
        StepKind.DeleteReplaced => ("--", "red", "delete-replaced", "deleting the replaced one", "deleted the replaced one"),
        StepKind.Refresh => ("~", "yellow", "refresh", "refreshing", "refreshed"),
        _ => (" ", "grey", "same", "unchanged", "unchanged"),
    };
}
