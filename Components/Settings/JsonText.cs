using System.Text;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>Reads structured values, which arrive as JSON.</summary>
internal static class JsonText
{
    private const int Deepest = 64;

    /// <summary>The value that a text holds, or what is wrong with it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fault">What is wrong; empty where it is no JSON.</param>
    public static JsonElement? Parse(string text, out string fault)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            fault = Check(bytes) ?? "";
            if (fault.Length > 0)
            {
                return null;
            }

            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            fault = "";
            return null;
        }
    }

    /// <summary>A text; null where a value is none, or where it holds half of a surrogate pair, which JSON can write and no text can hold.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Check(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth >= Deepest)
            {
                return $"is nested deeper than {Deepest} levels";
            }
        }

        return null;
    }
}
