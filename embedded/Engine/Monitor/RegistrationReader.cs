using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Reads registrations, and refuses by name what this engine does not do.</summary>
internal static class RegistrationReader
{
    /// <summary>The features that a program may use with this engine.</summary>
    public static readonly IReadOnlySet<string> Features =
        new HashSet<string>(StringComparer.Ordinal) { "secrets", "resourceReferences", "aliasSpecs", "deletedWith" };

    /// <summary>What the program wants.</summary>
    /// <exception cref="RpcException">Invalid argument: something is malformed, an archive cannot be read, or an option that this engine does not do.</exception>
    public static Goal Read(RegisterResourceRequest request, ArchiveReader archives)
    {
        if (Refusals.OfOption(request) is { } refusal)
        {
            throw Invalid(request.Name, refusal);
        }

        if (UnknownFields.First(request, Refusals.WithoutEffect) is var (message, number))
        {
            throw Invalid(request.Name, Refusals.OfField(message, number));
        }

        if (request.Custom && request.Type.Split(':') is not { Length: 3 })
        {
            throw Invalid(request.Name, $"'{request.Type}' is not a type token of the form package:module:type");
        }

        try
        {
            var inputs = archives.WithHashes(PropertyCodec.FromStruct(request.Object));
            return new Goal
            {
                Type = request.Type,
                Name = request.Name,
                Custom = request.Custom,
                Parent = request.Parent,
                Inputs = request.Custom ? inputs.Map(Flat) : inputs,
                Dependencies = Sorted(request.Dependencies),
                PropertyDependencies = PropertyDependencies(request, inputs),
                Version = request.Version,
                Protect = request.HasProtect ? request.Protect : null,
                RetainOnDelete = request.HasRetainOnDelete ? request.RetainOnDelete : null,
                DeleteBeforeReplace = request.DeleteBeforeReplaceDefined ? request.DeleteBeforeReplace : null,
                DeletedWith = request.DeletedWith,
                IgnoreChanges = Paths(request.IgnoreChanges),
                ReplaceOnChanges = Paths(request.ReplaceOnChanges),
                AdditionalSecretOutputs = [.. request.AdditionalSecretOutputs],
                FormerNames = [.. request.Aliases.Select(alias => alias.Spec.Name).Where(name => name.Length > 0)],
                CustomTimeouts = ReadTimeouts(request.CustomTimeouts),
            };
        }
        catch (FormatException e)
        {
            throw Invalid(request.Name, e.Message);
        }
    }

    private static RpcException Invalid(string name, string message) =>
        new(new Status(StatusCode.InvalidArgument, $"resource '{name}': {message}"));

    private static ImmutableArray<string> Sorted(IEnumerable<string> urns) =>
        [.. urns.Where(u => u.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static ImmutableArray<string> Paths(IEnumerable<string> paths)
    {
        ImmutableArray<string> all = [.. paths];
        foreach (var path in all)
        {
            PropertyPath.Parse(path);
        }

        return all;
    }

    // A program that names no dependencies per property may mean any of the resource's.
    private static ImmutableSortedDictionary<string, ImmutableArray<string>> PropertyDependencies(RegisterResourceRequest request, PropertyMap inputs) =>
        request.PropertyDependencies.Count > 0
            ? request.PropertyDependencies.ToImmutableSortedDictionary(p => p.Key, p => Sorted(p.Value.Urns), StringComparer.Ordinal)
            : inputs.Keys.ToImmutableSortedDictionary(k => k, _ => Sorted(request.Dependencies), StringComparer.Ordinal);

    // The state leaves out a resource's limits where it has none.
    private static Timeouts? ReadTimeouts(RegisterResourceRequest.Types.CustomTimeouts? timeouts)
    {
        return timeouts is null ? null : Timeouts.Of(Limit(timeouts.Create), Limit(timeouts.Update), Limit(timeouts.Delete));

        // The .NET SDK counts in nanoseconds. A limit of zero means "no limit".
        static TimeSpan? Limit(string text)
        {
            if (text.Length == 0)
            {
                return null;
            }

            return text.EndsWith("ns", StringComparison.Ordinal) && long.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds)
                ? nanoseconds > 0 ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null
                : throw new FormatException($"'{text}' is not a duration in nanoseconds such as 120000000000ns");
        }
    }

    // A provider takes the id of a resource, not a reference to it.
    private static PropertyValue Flat(PropertyValue value) => value switch
    {
        PropertyValue.Reference { Id: "" } => PropertyValue.NotKnown,
        PropertyValue.Reference r => r.Id ?? r.Urn,
        _ => value,
    };
}
