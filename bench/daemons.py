#!/usr/bin/env python3
"""Kills each daemon of each host with SIGKILL, and measures how long the cluster takes to be whole again; as root. Usage: bench/daemons.py [TIMES [DAEMON...]]

On a cluster of the lab's six hosts, each daemon is killed TIMES times, on one host of its role after another. The next kill comes once the daemon has a new process and
the cluster's own readiness check says that the cluster is whole. Prints a line for each daemon: seconds until then (least, median, most). Exits 1 where a
cluster is not whole within five minutes, or a stand-in has recorded a violation.
"""

import json
import statistics
import subprocess
import sys
import time
import urllib.request

sys.dont_write_bytecode = True
from lab import own_lab  # noqa: E402

DAEMONS = {"zookeeper": "master", "mesos-master": "master", "marathon": "master", "mesos-slave": "agent"}

# Prints the main process once it is another than the one that was killed.
KILL = """
set -eu
old=$(systemctl show -P MainPID {0})
kill -9 "$old"
for try in $(seq 1200); do
  new=$(systemctl show -P MainPID {0})
  if [ "$new" != "$old" ] && [ "$new" != 0 ] && [ "$(systemctl show -P SubState {0})" = running ]; then exit 0; fi
  sleep 0.1
done
echo "{0} is not back after 120 s" >&2
exit 1
"""


def plain(value):
    """A value of the state, a secret one opened."""
    return json.loads(value["plaintext"]) if isinstance(value, dict) and "plaintext" in value else value


class Cluster:
    """The cluster of a stack, as the state has it."""

    def __init__(self, project):
        resources = json.loads(project.run("stack", "export", "--show-secrets")[1])["deployment"]["resources"]
        self.hosts, self.key = {}, project.folder / "key"
        for resource in resources:
            name = resource["urn"].split("::")[-1]
            if name.endswith("-configuration"):
                self.hosts["-".join(name.split("-")[1:3])] = plain(resource["inputs"]["connection"])["host"]
            elif name.endswith("-readiness"):
                self.readiness, self.members = plain(resource["inputs"]["create"]), plain(resource["inputs"]["stdin"])
        self.key.touch(mode=0o600)
        self.key.write_text(project.run("stack", "output", "sshPrivateKey", "--show-secrets")[1].strip() + "\n")
        self.of_role = {role: sorted(host for host in self.hosts if host.startswith(role)) for role in ("master", "agent")}

    def run(self, host, script, given=""):
        done = subprocess.run(
            ["ssh", "-i", self.key, "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
             f"root@{self.hosts[host]}", script], input=given, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"daemons: {host} ended with {done.returncode}\n{done.stdout}{done.stderr}")

    def must_be_whole(self):
        self.run(self.of_role["master"][-1], self.readiness, self.members)

    def violations(self):
        with urllib.request.urlopen(f"http://{self.hosts['master-1']}:5050/standin/violations", timeout=30) as answer:
            return json.load(answer)


def main():
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    daemons = sys.argv[2:] or list(DAEMONS)
    with own_lab("daemons") as project:
        project.run("up", "--yes")
        cluster = Cluster(project)
        print(f"seconds until the cluster is whole again, {times} kills each: least, median, most", flush=True)
        for daemon in daemons:
            hosts, took = cluster.of_role[DAEMONS[daemon]], []
            for number in range(times):
                began = time.monotonic()
                cluster.run(hosts[number % len(hosts)], KILL.format(daemon))
                cluster.must_be_whole()
                took.append(time.monotonic() - began)
            print(f"{daemon:<14}{min(took):6.1f}{statistics.median(took):6.1f}{max(took):6.1f}", flush=True)
        if cluster.violations():
            sys.exit(f"daemons: {cluster.violations()}")
        project.run("destroy", "--yes")


if __name__ == "__main__":
    main()
