namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>The API was asked to do something once, and its answer is lost: it may have done it, or be doing it still.</summary>
internal sealed class LostAnswerException(string message, Exception? inner = null) : ProviderException(message, inner);
