#!/usr/bin/env python3
"""Kills `up` with SIGKILL at random moments, and checks that the next `up` ends with one healthy cluster; as root. Usage: bench/kills.py [TIMES [SEED]]

Each round: a first `up` of the lab's six hosts is killed after a random time. In every third round it is killed at the first moment from then on at which the
state is being folded, which shows as a file ending in .new beside it. Then `up` has to end well, a second one with --refresh has to find nothing to change, no
droplet may stand twice, no stand-in may have recorded a violation, and `destroy` has to leave nothing at the cloud. Prints a line a round and exits 1 at the first that fails.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True
from lab import addresses, call, own_lab  # noqa: E402

NAMES = sorted([f"master-{n}" for n in (1, 2, 3)] + [f"agent-{n}" for n in (1, 2, 3)])

# An `up` of six hosts takes about this long, in seconds.
LENGTH = 35.0


def folding(folder):
    """Whether the state is being written anew."""
    return any(Path(folder, ".mesos-stack", ".pulumi", "stacks").glob("**/*.new"))


def killed_up(project, moment, at_fold):
    """Starts an up and kills it (the launcher's process becomes the engine's); gives what it was doing, or None where it had ended before."""
    process = subprocess.Popen(project.command("up", "--yes"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=project.environment)
    deadline = time.monotonic() + moment
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    folded = False
    while at_fold and process.poll() is None:
        if folding(project.folder):
            folded = True
            break
    if process.poll() is not None:
        return None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return "while the state was folded" if folded else "at work"


def read(address):
    """The JSON that an address answers with."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


def check(project):
    """Exits where the cloud holds anything but one cluster."""
    droplets = call("GET", "/droplets?per_page=200")["droplets"]
    names = sorted("-".join(d["name"].split("-")[2:]) for d in droplets)
    if names != NAMES:
        sys.exit(f"kills: the cloud has {names}")
    for what, path in (("vpcs", "/vpcs"), ("firewalls", "/firewalls"), ("ssh_keys", "/account/keys")):
        found = [item for item in call("GET", path)[what] if not item.get("default")]
        if len(found) != 1:
            sys.exit(f"kills: the cloud has {len(found)} {what}")
    master = next(addresses(d)["public"] for d in droplets if d["name"].endswith("-master-1"))
    agents = read(f"http://{master}:5050/state")["activated_slaves"]
    violations = read(f"http://{master}:5050/standin/violations")
    if violations or agents != 3:
        sys.exit(f"kills: {agents} agents, violations: {violations}")


def main():
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    chance = random.Random(seed)
    print(f"seed {seed}", flush=True)
    with own_lab("kills") as project:
        for number in range(1, times + 1):
            moment = chance.uniform(0.5, LENGTH)
            doing = killed_up(project, moment, at_fold=number % 3 == 0)
            took, _ = project.run("up", "--yes")
            project.run("up", "--yes", "--refresh", "--expect-no-changes")
            check(project)
            project.run("destroy", "--yes")
            print(f"{number:>3}  killed after {moment:4.1f} s {doing or '(it had ended)'}; the next up took {took:.0f} s", flush=True)
    print(f"{times} of {times} ended with one healthy cluster")


if __name__ == "__main__":
    main()
