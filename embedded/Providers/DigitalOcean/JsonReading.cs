using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>Between the API's JSON and property values.</summary>
internal static class JsonReading
{
    extension(JsonNode node)
    {
        /// <summary>The object that the answer to a POST wraps.</summary>
        /// <exception cref="LostAnswerException">It is not there, although the API did not refuse.</exception>
        public JsonNode Wrapped(string name) => node[name] ?? throw new LostAnswerException($"DigitalOcean's answer holds no {name}");

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

        /// <summary>The texts of a field that is a list; none where it is absent.</summary>
        public IEnumerable<string> Texts(string name) => (node[name] as JsonArray ?? []).Select(i => i!.GetValueKind() == JsonValueKind.String ? i.GetValue<string>() : i.ToJsonString());
    }

    /// <summary>Texts as a list value.</summary>
    public static PropertyValue.Array ToList(IEnumerable<string> texts) => new([.. texts.Select(t => (PropertyValue)t)]);

    /// <summary>Texts as a JSON list.</summary>
    public static JsonArray ToJson(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    /// <summary>Numbers of a list value as a JSON list.</summary>
    public static JsonArray NumbersToJson(IEnumerable<PropertyValue> items) => [.. items.OfType<PropertyValue.Number>().Select(n => (JsonNode)(long)n.Value)];

    /// <summary>What the API takes as a number where it looks like one, else as a text: image and key ids.</summary>
    public static JsonNode IdOrText(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : value;
}
