"""A project folder of its own for a measurement, and what a run of ./mesos-stack on it costs."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STACK = ROOT / "mesos-stack"


@dataclass
class Cost:
    """What one run cost: seconds, seconds of processor time of the engine and the programs, MB at the peak, MB that the engine wrote, and what was printed."""

    seconds: float
    processor: float
    memory: float
    written: float
    output: str


class Project:
    """A project folder with one stack, which is nobody's."""

    def __init__(self, folder, name):
        self.folder, self.name = Path(folder), name
        self.environment = {**os.environ, "PULUMI_CONFIG_PASSPHRASE": name}
        self.settings = self.folder / f"Pulumi.{name}.yaml"
        shutil.copy(ROOT / "Pulumi.yaml", folder)
        shutil.copy(ROOT / "Pulumi.lab.yaml", self.settings)

    def command(self, *arguments):
        """The launcher's command line."""
        return [str(STACK), *arguments, "--cwd", str(self.folder), "--stack", self.name]

    def run(self, *arguments):
        """Runs the launcher, shows what it says only when it fails, and gives (seconds, standard output)."""
        began = time.monotonic()
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env=self.environment)
        took = time.monotonic() - began
        if done.returncode != 0:
            sys.exit(f"mesos-stack {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return took, done.stdout

    def measured(self, *arguments):
        """Runs the launcher as above and gives its cost: the engine's and the largest program's peak count for the memory."""
        with tempfile.TemporaryFile("w+") as output:
            began = time.monotonic()
            process = subprocess.Popen(self.command(*arguments), stdout=output, stderr=subprocess.STDOUT,
                                       stdin=subprocess.DEVNULL, env=self.environment)
            memory = PeakMemory(process.pid)
            memory.start()
            # Its counters can be read between its end and its burial.
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            took = time.monotonic() - began
            peaks, written, processor = memory.stop(), bytes_written(process.pid), processor_time(process.pid)
            output.seek(0)
            text = output.read()
            if process.wait() != 0:
                sys.exit(f"mesos-stack {' '.join(arguments)} ended with {process.returncode}\n{text}")
        engine = peaks.pop(process.pid, 0)
        return Cost(took, processor, engine + max(peaks.values(), default=0), written / 1e6, text)


class PeakMemory(threading.Thread):
    """Samples the peak resident sizes of a process and those below it, in MB, until stopped."""

    def __init__(self, parent):
        super().__init__(daemon=True)
        self.parent, self.peaks, self.stopping = parent, {}, threading.Event()

    def run(self):
        while not self.stopping.wait(0.05):
            for pid in self.family():
                try:
                    command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                if any(part.endswith((b"MesosStack.dll", b"MesosStack.Embedded.Cli.dll")) for part in command) and b"serve" not in command:
                    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
                    if peak:
                        self.peaks[pid] = int(peak[1]) / 1024

    def family(self):
        """The process and all below it."""
        found, todo = [], [self.parent]
        while todo:
            pid = todo.pop()
            found.append(pid)
            try:
                for task in Path(f"/proc/{pid}/task").iterdir():
                    todo += [int(child) for child in (task / "children").read_text().split()]
            except OSError:
                pass
        return found

    def stop(self):
        """One engine and one program live at a time; a later program (preview, then update) replaces an earlier one."""
        self.stopping.set()
        self.join()
        return self.peaks


def bytes_written(pid):
    """What a process has given to write(): files and its output; what it sent over the network is not in it."""
    return int(re.search(r"wchar: (\d+)", Path(f"/proc/{pid}/io").read_text())[1])


def processor_time(pid):
    """Seconds that a process and its children that have ended kept a processor busy."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
