namespace MesosStack.Embedded.Engine.Secrets;

/// <summary>Pulumi's two environment variables for the passphrase of a stack's secrets. A program gets neither: the engine opens secrets for it.</summary>
public static class PassphraseVariables
{
    /// <summary>The passphrase itself.</summary>
    public const string Text = "PULUMI_CONFIG_PASSPHRASE";

    /// <summary>The path of a file with the passphrase.</summary>
    public const string File = "PULUMI_CONFIG_PASSPHRASE_FILE";
}
