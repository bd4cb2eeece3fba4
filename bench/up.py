#!/usr/bin/env python3
"""Measures the main job on the lab, beside the floor, in one run; as root. Refuses to run beside anything else in the lab.

  up        ./mesos-stack up --yes, six hosts, boot included, base image cached
  again     a second up, which has nothing to do
  preview   ./mesos-stack preview
  memory    peak resident size of the engine plus that of the program, sampled during the first up
  floor     the same scripts on six new hosts: one plain ssh session per host, all at once, boot included; then the readiness
            check, then the apps

Prints a table and the ratio up / floor. Exits 1 where a promise of the README is broken. It works on a stack and a project
folder of its own, with the settings of the stack lab.
"""

import base64
import ipaddress
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
from project import Project  # noqa: E402

NAME = "bench"
API = "http://127.0.0.1:17900/v2"
PROMISES = {"up": 60.0, "again": 3.0, "preview": 3.0, "memory": 350.0}
STEPS = ("packages", "configuration")


def call(method, path, body=None):
    request = urllib.request.Request(
        API + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer lab", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def addresses(droplet):
    return {network["type"]: network["ip_address"] for network in droplet["networks"]["v4"]}


def remote_commands(project):
    """From the state: every host's steps (command, standard input) in order, the readiness check, the apps, and the folder of the scripts."""
    _, exported = project.run("stack", "export", "--show-secrets")
    hosts, ready, apps, scripts = {}, None, [], None
    for resource in json.loads(exported)["deployment"]["resources"]:
        inputs = plain(resource.get("inputs", {}))
        name = resource["urn"].split("::")[-1]
        if resource["type"] == "command:remote:CopyToRemote":
            scripts = Path(project.folder, inputs["source"]["path"])
        elif resource["type"] == "command:remote:Command":
            entry = (inputs["connection"], inputs["create"], inputs["stdin"])
            step = next((s for s in STEPS if name.endswith("-" + s)), None)
            if step:
                hosts.setdefault(inputs["connection"]["host"], {})[step] = entry
            elif name.endswith("-readiness"):
                ready = entry
            elif "-app-" in name:
                apps.append(entry)
    return hosts, ready, apps, scripts


def plain(value):
    """Takes the envelopes of shown secrets off."""
    if isinstance(value, dict):
        if "plaintext" in value:
            return plain(json.loads(value["plaintext"]))
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def ssh(host, key, script):
    return subprocess.run(
        ["ssh", "-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
         "-o", "BatchMode=yes", "-o", "ConnectTimeout=2", f"root@{host}", "bash -s"],
        input=script, text=True, capture_output=True)


def packed(scripts):
    """Shell text that unpacks the scripts where the steps look for them."""
    archive = subprocess.run(["tar", "-cz", "-C", str(scripts), "."], check=True, capture_output=True).stdout
    return ("mkdir -p /usr/local/lib/mesos-stack\n"
            f"base64 -d <<'.' | tar -xz -C /usr/local/lib/mesos-stack\n{base64.encodebytes(archive).decode()}.\n")


def session(host, steps, scripts, key):
    """All of one host's steps in one session, once it answers."""
    script = "set -e\n" + packed(scripts)
    for step in STEPS:
        _, text, given = steps[step]
        script += f"printf %s {shlex.quote(given)} | bash -c {shlex.quote(text)}\n"
    deadline = time.monotonic() + 60
    while ssh(host, key, "true").returncode != 0:
        if time.monotonic() > deadline:
            sys.exit(f"{host} did not answer")
        time.sleep(0.2)
    done = ssh(host, key, script)
    if done.returncode != 0:
        sys.exit(f"floor: {host} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def alone(what, step, key):
    """One step in a session of its own."""
    connection, text, given = step
    done = ssh(connection["host"], key, f"printf %s {shlex.quote(given)} | bash -c {shlex.quote(text)}\n")
    if done.returncode != 0:
        sys.exit(f"floor: {what} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def measured_floor(old_droplets, ip_range, hosts, ready, apps, scripts):
    """The same scripts over one plain session per host, on six new droplets that get the old ones' addresses."""
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        key_id = call("POST", "/account/keys", {"name": "bench", "public_key": Path(key + ".pub").read_text().strip()})["ssh_key"]["id"]
        vpc = call("POST", "/vpcs", {"name": "bench", "region": old_droplets[0]["region"]["slug"], "ip_range": ip_range})["vpc"]["id"]
        created = []
        try:
            began = time.monotonic()
            for old in old_droplets:
                created.append(call("POST", "/droplets", {
                    "name": old["name"], "region": old["region"]["slug"], "size": old["size_slug"],
                    "image": old["image"]["slug"], "ssh_keys": [key_id], "vpc_uuid": vpc})["droplet"]["id"])
            fresh = [call("GET", f"/droplets/{i}")["droplet"] for i in created]
            while any(d["status"] != "active" for d in fresh):
                time.sleep(0.1)
                fresh = [call("GET", f"/droplets/{i}")["droplet"] for i in created]
            for before, after in zip(old_droplets, fresh):
                if addresses(before) != addresses(after):
                    sys.exit(f"floor: {after['name']} has {addresses(after)}, which its scripts do not expect: {addresses(before)}")

            with ThreadPoolExecutor(len(hosts)) as pool:
                list(pool.map(lambda host: session(host, hosts[host], scripts, key), hosts))
            alone("readiness", ready, key)
            with ThreadPoolExecutor(len(apps) or 1) as pool:
                list(pool.map(lambda app: alone("an app", app, key), apps))
            return time.monotonic() - began
        finally:
            for droplet in created:
                call("DELETE", f"/droplets/{droplet}")
            call("DELETE", f"/account/keys/{key_id}")


def measured(project):
    """Seconds and MB by name, and how many hosts there were."""
    first = project.measured("up", "--yes")
    results = {"up": first.seconds, "memory": first.memory}
    results["again"], _ = project.run("up", "--yes")
    results["preview"], _ = project.run("preview", "--expect-no-changes")
    hosts, ready, apps, scripts = remote_commands(project)
    # The lab gives addresses in the order of creation, and the scripts hold them.
    old = sorted(call("GET", "/droplets?per_page=200")["droplets"], key=lambda d: ipaddress.ip_address(addresses(d)["public"]))
    ip_range = call("GET", f"/vpcs/{old[0]['vpc_uuid']}")["vpc"]["ip_range"]
    project.run("destroy", "--yes")
    project.run("lab", "start")
    results["floor"] = measured_floor(old, ip_range, hosts, ready, apps, scripts)
    return results, len(hosts)


def main():
    if os.geteuid() != 0:
        sys.exit("bench: the lab needs root")
    with tempfile.TemporaryDirectory(prefix="mesos-stack-bench-") as folder:
        project = Project(folder, NAME)
        _, status = project.run("lab", "status")
        if status.strip() != "The lab does not run.":
            sys.exit(f"bench: the lab of this machine is in use; nothing was touched\n{status}")
        try:
            results, hosts = measured(project)
        finally:
            project.run("lab", "stop")

    print(f"{'what':<10}{'measured':>12}{'promised':>12}")
    for name in ("up", "floor", "again", "preview", "memory"):
        unit = "MB" if name == "memory" else "s"
        promise = f"{PROMISES[name]:.0f} {unit}" if name in PROMISES else "-"
        print(f"{name:<10}{results[name]:>9.1f} {unit:<2}{promise:>12}")
    print(f"\nup / floor = {results['up'] / results['floor']:.2f}   ({hosts} hosts, {os.cpu_count()} cores)")
    broken = [name for name, limit in PROMISES.items() if results[name] > limit]
    if broken:
        sys.exit("over the promise: " + ", ".join(broken))


if __name__ == "__main__":
    main()
