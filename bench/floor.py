"""The floor: the scripts of a cluster's steps over plain ssh on six new hosts, with nothing in between."""

import base64
import ipaddress
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab import addresses, call

STEPS = ("packages", "configuration")


class Floor:
    """The steps of a living cluster, to be run again once it is gone."""

    def __init__(self, project):
        self.hosts, self.ready, self.apps, self.scripts = remote_commands(project)
        # The lab gives addresses in the order of creation, and the scripts hold them.
        self.droplets = sorted(call("GET", "/droplets?per_page=200")["droplets"], key=lambda d: ipaddress.ip_address(addresses(d)["public"]))
        self.ip_range = call("GET", f"/vpcs/{self.droplets[0]['vpc_uuid']}")["vpc"]["ip_range"]

    def seconds(self):
        """Runs them on new droplets that get the old ones' addresses: boot, all steps, the readiness check, the apps."""
        with tempfile.TemporaryDirectory() as folder:
            key = os.path.join(folder, "key")
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
            key_id = call("POST", "/account/keys", {"name": "bench", "public_key": Path(key + ".pub").read_text().strip()})["ssh_key"]["id"]
            vpc = call("POST", "/vpcs", {"name": "bench", "region": self.droplets[0]["region"]["slug"], "ip_range": self.ip_range})["vpc"]["id"]
            created = []
            try:
                began = time.monotonic()
                for old in self.droplets:
                    created.append(call("POST", "/droplets", {
                        "name": old["name"], "region": old["region"]["slug"], "size": old["size_slug"],
                        "image": old["image"]["slug"], "ssh_keys": [key_id], "vpc_uuid": vpc})["droplet"]["id"])
                fresh = [call("GET", f"/droplets/{i}")["droplet"] for i in created]
                while any(d["status"] != "active" for d in fresh):
                    time.sleep(0.1)
                    fresh = [call("GET", f"/droplets/{i}")["droplet"] for i in created]
                for before, after in zip(self.droplets, fresh):
                    if addresses(before) != addresses(after):
                        sys.exit(f"floor: {after['name']} has {addresses(after)}, which its scripts do not expect: {addresses(before)}")

                with ThreadPoolExecutor(len(self.hosts)) as pool:
                    list(pool.map(lambda host: session(host, self.hosts[host], self.scripts, key), self.hosts))
                alone("readiness", self.ready, key)
                with ThreadPoolExecutor(len(self.apps) or 1) as pool:
                    list(pool.map(lambda app: alone("an app", app, key), self.apps))
                return time.monotonic() - began
            finally:
                for droplet in created:
                    call("DELETE", f"/droplets/{droplet}")
                call("DELETE", f"/account/keys/{key_id}")


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
