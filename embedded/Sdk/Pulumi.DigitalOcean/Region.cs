namespace Pulumi.DigitalOcean;

/// <summary>A region of the official package's list, which inputs name beside a text. This slice has none of the list: give the slug as a text.</summary>
[EnumType]
public readonly struct Region;
