"""The lab for one measurement: a stack and a project folder of its own, and the lab's API."""

import json
import os
import sys
import tempfile
import urllib.request
from contextlib import contextmanager

from project import Project

NAME = "bench"
API = "http://127.0.0.1:17900/v2"


@contextmanager
def own_lab(what):
    """A project with the settings of the stack lab. Exits where the lab is in use already; stops it at the end. Needs root."""
    if os.geteuid() != 0:
        sys.exit(f"{what}: the lab needs root")
    with tempfile.TemporaryDirectory(prefix=f"mesos-stack-{what}-") as folder:
        project = Project(folder, NAME)
        _, status = project.run("lab", "status")
        if status.strip() != "The lab does not run.":
            sys.exit(f"{what}: the lab of this machine is in use; nothing was touched\n{status}")
        try:
            yield project
        finally:
            project.run("lab", "stop")


def call(method, path, body=None):
    request = urllib.request.Request(
        API + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer lab", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def addresses(droplet):
    return {network["type"]: network["ip_address"] for network in droplet["networks"]["v4"]}
