#!/usr/bin/env python3
"""Measures how the cost of a cluster grows with its agents; as root.

  scale.py 10 100 1000      clusters of three masters and so many agents, one after the other

The hosts are SIMULATED: nothing is installed, and every step ends at once. What is measured is the engine, the program, a real
SSH connection to a real sshd for every step, and the requests to an API in memory. How long real hosts take is bench/up.py's
to say. Everything is inside network, mount and process namespaces of its own, so that this machine's addresses, port 22 and
files are left alone; what was made is gone at the end, also after Ctrl-C.

  first      ./mesos-stack up --yes
  again      a second up, which has nothing to do
  changed    preview of another zkSessionTimeout
  refresh    preview --refresh, with nothing changed
  destroy    ./mesos-stack destroy --yes

Prints, for each: seconds, processor time of the engine and the program, peak memory of the engine plus that of the program, what
the engine wrote, and requests to the API. On a machine that has other work the seconds say little; the processor time tells how many
there would be without it.
Exits 1 where a promise is broken.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
from project import ROOT, STACK, Project  # noqa: E402
from simulated.hosts import Hosts, sshd_path  # noqa: E402

NAME = "scale"
MASTERS = 3

# No loopback address, or the lab would be started for it. It is this namespace's only (RFC 5737).
API_ADDRESS, API_PORT = "192.0.2.1", 80
API = f"http://{API_ADDRESS}:{API_PORT}"

# Growth is judged between these, where both were measured.
SMALL, LARGE = 100, 1000
GROWTH = 1.3
STATE_PER_HOST = 25.0
AGAIN_SECONDS, AGAIN_MEMORY = 10.0, 1000.0

TOOLS = {"unshare": "util-linux", "mount": "mount", "ip": "iproute2", "ssh-keygen": "openssh-client"}


@dataclass
class Measurement:
    """One size of cluster: the cost of each run by name, and the state after the first."""

    hosts: int
    resources: int
    state: float
    runs: dict
    requests: dict

    def first(self, what):
        """Of the first up, for one resource."""
        return getattr(self.runs["first"], what) / self.resources


def missing():
    """What the bench needs and this machine does not have, as packages."""
    packages = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
    if not sshd_path() or not Path("/usr/lib/openssh/sftp-server").exists():
        packages.append("openssh-server")
    return packages


def settings(agents):
    """The lab's, on the simulated API."""
    lines = (ROOT / "Pulumi.lab.yaml").read_text().replace("http://127.0.0.1:17900", API)
    return lines.replace("digitalocean:token: lab", f"digitalocean:token: simulated\n  mesos-stack:agents: {agents}")


def requests():
    with urllib.request.urlopen(f"{API}/requests", timeout=10) as answer:
        return sum(json.load(answer).values())


def measure(folder, agents):
    """All runs for one size."""
    folder.mkdir()
    project = Project(folder, NAME)
    project.settings.write_text(settings(agents))
    runs, asked = {}, {}

    def run(name, *arguments):
        print(f"{agents} agents: {' '.join(arguments)}", file=sys.stderr, flush=True)
        before = requests()
        runs[name] = project.measured(*arguments)
        asked[name] = requests() - before

    run("first", "up", "--yes")
    state = next((folder / ".mesos-stack" / ".pulumi" / "stacks").rglob(f"{NAME}.json"))
    size = state.stat().st_size / 1000
    resources = len(json.loads(state.read_text())["checkpoint"]["latest"]["resources"])
    run("again", "up", "--yes", "--expect-no-changes")
    project.run("config", "set", "zkSessionTimeout", "20secs")
    run("changed", "preview")
    project.run("config", "set", "zkSessionTimeout", "30secs")
    run("refresh", "preview", "--refresh", "--expect-no-changes")
    run("destroy", "destroy", "--yes")
    return Measurement(agents + MASTERS, resources, size, runs, asked)


def show(results):
    print(f"{'agents':>6} {'run':<8}{'seconds':>9}{'processor s':>13}{'memory MB':>11}{'written MB':>12}{'requests':>10}")
    for agents, result in results.items():
        for name, cost in result.runs.items():
            print(f"{agents:>6} {name:<8}{cost.seconds:>9.1f}{cost.processor:>13.1f}{cost.memory:>11.0f}{cost.written:>12.1f}{result.requests[name]:>10}")
    print(f"\n{'agents':>6}{'resources':>11}{'state KB':>10}{'KB a host':>11}   first up, for each resource: ms, KB of memory, KB written")
    for agents, result in results.items():
        print(f"{agents:>6}{result.resources:>11}{result.state:>10.0f}{result.state / result.hosts:>11.1f}   "
              f"{result.first('seconds') * 1000:.0f}, {result.first('memory') * 1000:.0f}, {result.first('written') * 1000:.1f}")
    print(f"\nThe hosts were simulated. {os.cpu_count()} cores, which the simulated hosts shared with the engine.")


def broken(results):
    """The promises that do not hold."""
    found = [f"{result.state / result.hosts:.1f} KB of state for each host at {agents} agents; promised: {STATE_PER_HOST:.0f}"
             for agents, result in results.items() if result.state / result.hosts > STATE_PER_HOST]
    if SMALL in results and LARGE in results:
        for what in ("written", "seconds", "memory"):
            growth = results[LARGE].first(what) / results[SMALL].first(what)
            if growth > GROWTH:
                found.append(f"{what} of the first up, for each resource, at {LARGE} agents is {growth:.2f} times that at {SMALL}; promised: {GROWTH}")
    if LARGE in results:
        again = results[LARGE].runs["again"]
        if again.seconds > AGAIN_SECONDS or again.memory > AGAIN_MEMORY:
            found.append(f"an up that has nothing to do at {LARGE} agents: {again.seconds:.1f} s and {again.memory:.0f} MB; "
                         f"promised: {AGAIN_SECONDS:.0f} s and {AGAIN_MEMORY:.0f} MB")
    return found


def inside(folder, sizes):
    """In the namespaces."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: sys.exit(1))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "address", "add", f"{API_ADDRESS}/32", "dev", "lo"], check=True)
    # What .NET leaves in the folder for temporary files when it is killed goes with ours.
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    results = {}
    for agents in sizes:
        # Each size has an account of its own: addresses begin anew.
        hosts = Hosts(folder / f"hosts-{agents}", API_ADDRESS, API_PORT)
        try:
            results[agents] = measure(folder / f"project-{agents}", agents)
        finally:
            hosts.close()
    show(results)
    faults = broken(results)
    if faults:
        sys.exit("Promises are broken:\n" + "\n".join(faults))


def outside(sizes):
    """Enters the namespaces, and takes away what is left of them."""
    if os.geteuid() != 0:
        sys.exit("bench: namespaces of its own need root")
    if missing():
        sys.exit(f"bench: packages are missing: {' '.join(missing())}")
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: sys.exit(1))
    subprocess.run([STACK, "build"], check=True)
    with tempfile.TemporaryDirectory(prefix="mesos-stack-scale-") as folder:
        child = subprocess.Popen(["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
                                  sys.executable, __file__, "--inside", folder, *map(str, sizes)], start_new_session=True)
        try:
            code = child.wait()
        finally:
            # The end of the first process in the namespace is the end of all others there.
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
                child.wait()
    sys.exit(code)


def main():
    arguments = sys.argv[1:]
    folder = Path(arguments[1]) if arguments[:1] == ["--inside"] else None
    numbers = arguments[2:] if folder else arguments
    if not numbers or not all(number.isdecimal() and int(number) > 0 for number in numbers):
        sys.exit(__doc__)
    sizes = [int(number) for number in numbers]
    if folder:
        inside(folder, sizes)
    else:
        outside(sizes)


if __name__ == "__main__":
    main()
