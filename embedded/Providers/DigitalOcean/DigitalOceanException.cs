using System.Net;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>The API refused a request. The message has its own words and the request's id, never what was sent.</summary>
internal sealed class DigitalOceanException(HttpStatusCode status, string message) : ProviderException(message)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;
}
