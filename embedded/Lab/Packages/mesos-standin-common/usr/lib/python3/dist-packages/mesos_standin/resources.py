"""Resources of agents and tasks: cpus, mem and disk in MB, ports as a list of [first, last]."""

import os
import re
import shutil

SCALARS = ("cpus", "mem", "disk")
DEFAULT_PORTS = [[31000, 32000]]


class ResourceError(Exception):
    """A --resources or --attributes text that cannot be read."""


def _ranges(text, name):
    if not re.fullmatch(r"\[\s*\d+\s*-\s*\d+(\s*,\s*\d+\s*-\s*\d+)*\s*\]", text):
        raise ResourceError(f"Failed to parse resource {name}: {text}")
    return [[int(first), int(last)] for first, last in re.findall(r"(\d+)\s*-\s*(\d+)", text)]


def _pairs(text):
    for part in filter(None, (part.strip() for part in (text or "").split(";"))):
        name, colon, value = part.partition(":")
        if not colon or not name:
            raise ResourceError(f"Failed to parse '{part}': expecting name:value")
        yield name.strip(), value.strip()


def attributes(text):
    """--attributes as a dictionary."""
    return dict(_pairs(text))


def of_machine(text, work_dir):
    """What --resources names, and for the rest what the machine has, less what Mesos leaves to the system."""
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read())[1]) // 1024
    disk = shutil.disk_usage(work_dir).total >> 20
    found = {
        "cpus": float(os.cpu_count() or 1),
        "mem": float(memory - 1024 if memory > 2048 else memory // 2),
        "disk": float(disk - 5120 if disk > 10240 else disk // 2),
        "ports": DEFAULT_PORTS,
    }
    for name, value in _pairs(text):
        name = re.sub(r"\(.*\)$", "", name)
        if value.startswith("["):
            found[name] = _ranges(value, name)
            continue
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = value
    return found


def ports(resources):
    """Every single port of a ranges resource."""
    return [port for first, last in resources.get("ports", []) for port in range(first, last + 1)]


def subtract(total, used):
    """What is left of an agent's resources; ports come back as ranges."""
    left = dict(total)
    for name in SCALARS:
        left[name] = round(total.get(name, 0.0) - sum(task.get(name, 0.0) for task in used), 4)
    taken = sorted(port for task in used for port in ports(task))
    ranges = [list(item) for item in total.get("ports", [])]
    for port in taken:
        split = []
        for first, last in ranges:
            if not first <= port <= last:
                split.append([first, last])
                continue
            split += [[first, port - 1]] if port > first else []
            split += [[port + 1, last]] if port < last else []
        ranges = split
    left["ports"] = ranges
    return left
