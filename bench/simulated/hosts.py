"""One real sshd that answers for every simulated host, on port 22 of every loopback address of this network namespace."""

import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent

CONFIGURATION = """\
Port 22
ListenAddress 0.0.0.0
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/keys
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PermitUserRC no
PrintLastLog no
LogLevel ERROR
# Everybody comes from one address, and all at once.
MaxStartups 4096
MaxSessions 64
Subsystem sftp /usr/lib/openssh/sftp-server
ForceCommand /bin/sh {here}/host.sh {folder}/hosts
"""


class Hosts:
    """The hosts and their API. They end with their namespace, or with close()."""

    def __init__(self, folder, address, port):
        self.folder = Path(folder)
        # In memory: what a disk takes for a thousand hosts' files is not to be measured.
        (self.folder / "hosts").mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", self.folder / "hosts"], check=True)
        (self.folder / "keys").touch()
        self.private_files()
        self.api = subprocess.Popen([sys.executable, "-B", HERE / "api.py", address, str(port), self.folder / "hosts", self.folder / "keys"],
                                    stdout=subprocess.PIPE, text=True)
        if self.api.stdout.readline() != "ready\n":
            sys.exit("bench: the simulated API did not start")
        self.sshd = self.start_sshd()

    def private_files(self):
        """Lets root log in whatever this machine's passwords say, with a shell that reads no files. In this mount namespace only."""
        for name, fields in (("passwd", "root:x:0:0:root:/:/bin/sh"), ("shadow", "root:*:1::::::")):
            copy = self.folder / name
            copy.write_text(re.sub(r"^root:.*$", fields, Path("/etc", name).read_text(), flags=re.MULTILINE))
            copy.chmod(0o644 if name == "passwd" else 0o600)
            subprocess.run(["mount", "--bind", copy, f"/etc/{name}"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"], check=True)
        Path("/run/sshd").mkdir()

    def start_sshd(self):
        key, configuration = self.folder / "host_key", self.folder / "sshd_config"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        text = CONFIGURATION.format(folder=self.folder, here=HERE)
        configuration.write_text(text)
        # From 9.8 on whoever breaks off often is kept out for a while.
        if subprocess.run([sshd_path(), "-t", "-o", "PerSourcePenalties=no", "-f", configuration], capture_output=True).returncode == 0:
            configuration.write_text(text + "PerSourcePenalties no\n")
        sshd = subprocess.Popen([sshd_path(), "-D", "-e", "-f", configuration])
        deadline = time.monotonic() + 10
        while True:
            try:
                with socket.create_connection(("127.1.0.2", 22), 1) as connection:
                    # sshd would call a caller who says nothing an error.
                    connection.sendall(b"SSH-2.0-bench\r\n")
                    connection.recv(1)
                return sshd
            except OSError as e:
                if sshd.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"bench: sshd does not answer: {e}")
                time.sleep(0.05)

    def close(self):
        for process in (self.sshd, self.api):
            process.terminate()
            process.wait()


def sshd_path():
    return shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
