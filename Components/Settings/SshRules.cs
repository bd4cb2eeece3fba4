using System.Linq.Expressions;

namespace MesosStack.Components.Settings;

/// <summary>Checks the SSH key pair: which settings go together, and whether the halves do. A wrong pair is found here, not by hosts that refuse it.</summary>
internal static class SshRules
{
    private static readonly (string PublicKey, string Fingerprint, string Path, string PrivateKey) Keys = (
        SettingTable.Key(s => s.Ssh.PublicKey), SettingTable.Key(s => s.Ssh.KeyFingerprint), SettingTable.Key(s => s.Ssh.PrivateKeyPath), SettingTable.Key(s => s.Ssh.HasPrivateKey));

    /// <summary>Applies the rules.</summary>
    /// <param name="ssh">The settings.</param>
    /// <param name="privateKey">The private key as it is configured; null where there is none.</param>
    /// <param name="read">Gives a file's text, or null where there is none.</param>
    /// <param name="fault">Takes what is wrong: setting, value, what is allowed.</param>
    public static void Check(SshSettings ssh, string? privateKey, Func<string, string?> read, Action<Expression<Func<ClusterSettings, object>>, string?, string> fault)
    {
        if (ssh.IsGenerated && (ssh.PrivateKeyPath.Length > 0 || ssh.HasPrivateKey))
        {
            fault(s => s.Ssh.PublicKey, null, $"must be set along with {Keys.Path} or {Keys.PrivateKey}, or {Keys.Fingerprint} where the account has the key; leave all four empty to have a key pair made");
        }

        if (!ssh.IsGenerated && (ssh.PrivateKeyPath.Length > 0) == ssh.HasPrivateKey)
        {
            fault(s => s.Ssh.PrivateKeyPath, null, $"exactly one of {Keys.Path} and {Keys.PrivateKey} must be set along with {(ssh.PublicKey.Length > 0 ? Keys.PublicKey : Keys.Fingerprint)}");
        }

        if (ssh.PrivateKeyPath.Length > 0)
        {
            var text = read(ssh.PrivateKeyPath);
            if (text is null)
            {
                fault(s => s.Ssh.PrivateKeyPath, ssh.PrivateKeyPath, "no such file, or not to be read; give the path of a private key on the machine that runs Pulumi");
            }
            else
            {
                CheckPair(ssh, text, what => fault(s => s.Ssh.PrivateKeyPath, ssh.PrivateKeyPath, what));
            }
        }

        if (ssh.HasPrivateKey)
        {
            CheckPair(ssh, privateKey!, what => fault(s => s.Ssh.HasPrivateKey, null, what));
        }
    }

    /// <summary>The public half of the configured private key.</summary>
    /// <param name="ssh">Valid settings.</param>
    /// <param name="privateKey">The private key as it is configured; null where there is none.</param>
    /// <param name="read">Gives a file's text.</param>
    public static SshPublicKey PublicHalf(SshSettings ssh, string? privateKey, Func<string, string?> read) =>
        SshPrivateKey.PublicHalf(ssh.HasPrivateKey ? privateKey! : read(ssh.PrivateKeyPath)!);

    private static void CheckPair(SshSettings ssh, string text, Action<string> fault)
    {
        SshPublicKey own;
        try
        {
            own = SshPrivateKey.PublicHalf(text);
        }
        catch (FormatException e)
        {
            fault(e.Message);
            return;
        }

        if (ssh.PublicKey.Length > 0 && SettingChecks.PublicKeyOrEmpty(ssh.PublicKey) is null && SshPublicKey.Parse(ssh.PublicKey) is var line && !own.Equals(line))
        {
            fault($"does not belong to {Keys.PublicKey}: its public half is {own.Type} {own.Fingerprint}, and {Keys.PublicKey} is {line.Type} {line.Fingerprint}; give the two files of one pair ('ssh-keygen -y -f FILE' prints the public half of a private key)");
        }

        // One that is no fingerprint is told of anyway.
        if (ssh.KeyFingerprint.Length == own.FingerprintOfAccount.Length && ssh.KeyFingerprint != own.FingerprintOfAccount)
        {
            fault($"does not belong to {Keys.Fingerprint}: its fingerprint is {own.FingerprintOfAccount} ('ssh-keygen -l -E md5 -f FILE' prints it)");
        }
    }
}
