"""Stand-ins for Apache Mesos and Marathon: their start-up rules and HTTP surface, none of their code.

They exist so that a cluster's configuration can be tried where the real packages cannot be had.
"""

import os

BANNER = "STAND-IN: this is not Apache Mesos or Marathon, but a small imitation for trying out a cluster."

# Tests run the daemons from an unpacked tree; installed hosts leave this unset.
ROOT = os.environ.get("STANDIN_ROOT", "")


def package_version(package):
    """The upstream version that the installed package imitates, such as "0.28.2"."""
    with open(f"{ROOT}/usr/share/mesos-standin/{package}.version", encoding="ascii") as file:
        return file.read().strip()


def version_tuple(version):
    """"1.4.1" as (1, 4, 1), for comparing."""
    return tuple(int(part) for part in version.split("."))
