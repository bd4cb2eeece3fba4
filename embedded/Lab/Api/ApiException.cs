namespace MesosStack.Embedded.Lab.Api;

/// <summary>A refusal that the API answers with.</summary>
internal sealed class ApiException(int status, string id, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>DigitalOcean's short name of the error.</summary>
    public string Id { get; } = id;

    public static ApiException NotFound() => new(404, "not_found", "The resource you were accessing could not be found.");

    public static ApiException Unprocessable(string message) => new(422, "unprocessable_entity", message);

    public static ApiException Forbidden(string message) => new(403, "forbidden", message);
}
