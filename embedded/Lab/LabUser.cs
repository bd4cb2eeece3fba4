namespace MesosStack.Embedded.Lab;

/// <summary>Who wants hosts of the lab.</summary>
/// <param name="Folder">Folder of the project. Its hosts are leftovers once it is gone.</param>
/// <param name="Stack">Name of the stack.</param>
public sealed record LabUser(string Folder, string Stack)
{
    /// <summary>Whether nobody can want its hosts any more.</summary>
    internal bool IsGone => !Directory.Exists(Folder);

    /// <inheritdoc />
    public override string ToString() => $"stack {Stack} of {Folder}";
}
