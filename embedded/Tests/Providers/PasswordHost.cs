namespace MesosStack.Embedded.Tests.Providers;

/// <summary>An sshd on loopback that takes one password for root, in one way only; this machine's own passwords are not asked.</summary>
internal sealed class PasswordHost : IDisposable
{
    public const string Password = "open-sesame-mstkt";

    // sshd takes its rules of PAM by the name it was started under (OpenSSH 9.8 and later: by a setting).
    private readonly string _name = $"mstkt-sshd-{Environment.ProcessId}";
    private readonly string _folder = Directory.CreateTempSubdirectory("mesos-stack-pam-").FullName;
    private readonly Sshd _sshd;

    private PasswordHost(string way)
    {
        var binary = Path.Combine(_folder, _name);
        File.CreateSymbolicLink(binary, "/usr/sbin/sshd");
        var named = $"PAMServiceName {_name}\n";
        _sshd = Sshd.Prepare(binary: binary, settings: $"""
            UsePAM yes
            PubkeyAuthentication yes
            PasswordAuthentication {(way == "password" ? "yes" : "no")}
            KbdInteractiveAuthentication {(way == "password" ? "no" : "yes")}
            {(Sshd.Knows(named) ? named : "")}
            """);
        var check = Path.Combine(_folder, "check");
        File.WriteAllText(check, $"[ \"$(tr -d '\\0')\" = '{Password}' ]\n");
        File.WriteAllText($"/etc/pam.d/{_name}", $"""
            auth required pam_exec.so expose_authtok quiet /bin/sh {check}
            auth required pam_permit.so
            account required pam_permit.so
            session required pam_permit.so

            """);
    }

    public int Port => _sshd.Port;

    public static PasswordHost Prepare(string way) => new(way);

    public async Task StartAsync()
    {
        _sshd.Start();
        await _sshd.ListeningAsync("127.0.0.1");
    }

    public void Dispose()
    {
        File.Delete($"/etc/pam.d/{_name}");
        _sshd.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
