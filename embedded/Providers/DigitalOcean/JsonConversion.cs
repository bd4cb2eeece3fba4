using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>Between the API's JSON and property values.</summary>
internal static class JsonConversion
{
    extension(JsonNode node)
    {
        /// <summary>The object that the answer to a POST wraps.</summary>
        /// <exception cref="LostAnswerException">It is not there, although the API did not refuse.</exception>
        public JsonNode Wrapped(string name) => node[name] ?? throw new LostAnswerException($"DigitalOcean's answer holds no {name}");

        /// <summary>A field that is an object; an empty one where it is absent.</summary>
        public JsonNode Within(string name) => node[name] ?? new JsonObject();

        /// <summary>A field as a text; "" where it is absent. Ids come as numbers or texts.</summary>
        public string Text(string name) => node[name] switch
        {
            null => "",
            { } value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            var value => value.ToJsonString(),
        };

        /// <summary>A field as a number; 0 where it is absent.</summary>
        public double Number(string name) => node[name]?.GetValue<double>() ?? 0;

        /// <summary>A field as a truth value; false where it is absent.</summary>
        public bool Bool(string name) => node[name]?.GetValue<bool>() ?? false;

        /// <summary>The items of a field that is a list; none where it is absent.</summary>
        public IEnumerable<JsonNode> Items(string name) => (node[name] as JsonArray ?? []).OfType<JsonNode>();

        /// <summary>The texts of a field that is a list; none where it is absent.</summary>
        public IEnumerable<string> Texts(string name) => node.Items(name).Select(item => item.GetValueKind() == JsonValueKind.String ? item.GetValue<string>() : item.ToJsonString());

        /// <summary>A field that is a list as a value, each item as <paramref name="convert"/> gives it.</summary>
        public PropertyValue.Array List(string name, Func<JsonNode, PropertyValue> convert) => new([.. node.Items(name).Select(convert)]);

        /// <summary>A field that is a list of texts or numbers as a value.</summary>
        public PropertyValue.Array List(string name) =>
            node.List(name, item => item.GetValueKind() == JsonValueKind.Number ? item.GetValue<double>() : item.GetValue<string>());
    }

    /// <summary>A text, a truth value, or a list of such.</summary>
    public static JsonNode ToJson(PropertyValue value) => value switch
    {
        PropertyValue.Text text => text.Value,
        PropertyValue.Bool truth => truth.Value,
        PropertyValue.Array array => ToJson(array, ToJson),
        _ => throw new InvalidOperationException($"the API takes no {value.GetType().Name}"),
    };

    /// <summary>A list, each item as <paramref name="convert"/> gives it.</summary>
    public static JsonArray ToJson(PropertyValue value, Func<PropertyValue, JsonNode> convert) => [.. ((PropertyValue.Array)value).Items.Select(convert)];

    /// <summary>A text that the API takes as a number where it looks like one: the id of an image or a key.</summary>
    public static JsonNode IdOrText(PropertyValue value) =>
        long.TryParse(((PropertyValue.Text)value).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : ToJson(value);
}
