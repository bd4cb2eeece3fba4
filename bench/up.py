#!/usr/bin/env python3
"""Measures the main job on the lab, beside the floor; as root. Refuses to run beside anything else in the lab. Usage: bench/up.py [ROUNDS]

  up        ./mesos-stack up --yes, six hosts, boot included, base image cached
  again     a second up, which has nothing to do
  preview   ./mesos-stack preview
  memory    peak resident size of the engine plus that of the program, sampled during the first up
  floor     the same scripts on six new hosts: one plain ssh session per host, all at once, boot included; then the readiness
            check, then the apps

Each of three rounds (or ROUNDS) makes and destroys a cluster. Prints a line a round, then a table of the medians and the ratio up / floor: one round alone
scatters by 5 %, because apt looks for its lock once a second. Exits 1 where a median breaks a promise of the README.
"""

import os
import sys
from statistics import median

sys.dont_write_bytecode = True
from floor import Floor  # noqa: E402
from lab import own_lab  # noqa: E402

PROMISES = {"up": 60.0, "again": 3.0, "preview": 3.0, "memory": 350.0, "up / floor": 1.1}
UNITS = {"memory": "MB", "up / floor": ""}
WHAT = ("up", "floor", "again", "preview", "memory")


def measured_round(project):
    """Seconds and MB by name."""
    first = project.measured("up", "--yes")
    results = {"up": first.seconds, "memory": first.memory}
    results["again"], _ = project.run("up", "--yes")
    results["preview"], _ = project.run("preview", "--expect-no-changes")
    floor = Floor(project)
    project.run("destroy", "--yes")
    project.run("lab", "start")
    results["floor"] = floor.seconds()
    project.run("lab", "stop")
    return results


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    results = []
    with own_lab("up") as project:
        for number in range(1, rounds + 1):
            results.append(measured_round(project))
            print(f"{number:>3}  " + ", ".join(f"{name} {results[-1][name]:.1f}" for name in WHAT), flush=True)

    medians = {name: median(result[name] for result in results) for name in WHAT}
    medians["up / floor"] = medians["up"] / medians["floor"]
    print(f"\n{'median':<12}{'measured':>10}   {'promised':>10}   (6 hosts, {os.cpu_count()} cores, {rounds} rounds)")
    for name, value in medians.items():
        promise = f"{PROMISES[name]:g}" if name in PROMISES else "-"
        print(f"{name:<12}{value:>10.2f} {UNITS.get(name, 's'):<2}{promise:>10}")
    broken = [name for name, limit in PROMISES.items() if medians[name] > limit]
    if broken:
        sys.exit("over the promise: " + ", ".join(broken))


if __name__ == "__main__":
    main()
