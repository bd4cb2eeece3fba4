using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers.Inputs;

/// <summary>Reads properties whose kinds were checked before. Secret marks are taken off; null and unknown read as absent where a plain value is asked for.</summary>
internal static class PropertyReading
{
    extension(PropertyMap map)
    {
        /// <summary>The value in clear; null where it is absent or null.</summary>
        public PropertyValue? Value(string name) =>
            map.TryGetValue(name, out var value) && value.Unwrapped() is not PropertyValue.Null and var clear ? clear : null;

        /// <summary>A text.</summary>
        public string? Text(string name) => (map.Value(name) as PropertyValue.Text)?.Value;

        /// <summary>A text that a check made sure of.</summary>
        /// <exception cref="ProviderException">It is not there.</exception>
        public string RequiredText(string name) => map.Text(name) ?? throw new ProviderException($"{name} is missing");

        /// <summary>A number.</summary>
        public double? Number(string name) => (map.Value(name) as PropertyValue.Number)?.Value;

        /// <summary>A whole number.</summary>
        public int? Whole(string name) => map.Number(name) is { } number ? checked((int)number) : null;

        /// <summary>A truth value.</summary>
        public bool? Bool(string name) => (map.Value(name) as PropertyValue.Bool)?.Value;

        /// <summary>The fields of an object.</summary>
        public PropertyMap? Fields(string name) => (map.Value(name) as PropertyValue.Object)?.Properties;

        /// <summary>The items of a list; none where it is absent.</summary>
        public ImmutableArray<PropertyValue> Items(string name) => (map.Value(name) as PropertyValue.Array)?.Items ?? [];

        /// <summary>The texts of a list; none where it is absent.</summary>
        public ImmutableArray<string> Texts(string name) => [.. map.Items(name).OfType<PropertyValue.Text>().Select(t => t.Value)];

        /// <summary>This map with each of these set to unknown.</summary>
        public PropertyMap WithUnknown(params IEnumerable<string> names) => names.Aggregate(map, (m, name) => m.With(name, PropertyValue.NotKnown));
    }
}
