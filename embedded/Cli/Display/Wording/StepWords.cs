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

    /// <summary>Whether a step changes anything.</summary>
    public static bool Changes(this StepKind kind) => kind is not (StepKind.Same or StepKind.Refresh);

    public static bool Deletes(this StepKind kind) => kind is StepKind.Delete or StepKind.DeleteReplaced;

    /// <summary>Whether a step is one part of a replacement.</summary>
    public static bool IsPart(this StepKind kind) => kind is StepKind.CreateReplacement or StepKind.DeleteReplaced;

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
