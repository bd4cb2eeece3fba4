"""Command lines as Mesos reads them: --name=value, bare --name and --no-name, and MESOS_NAME in the environment."""

import os
import re
import sys

from . import BANNER, flag_tables, version_tuple

DEFAULTS = {
    "master": {"port": "5050", "registry": "replicated_log", "registry_fetch_timeout": "1mins",
               "zk_session_timeout": "10secs", "hostname_lookup": True, "log_auto_initialize": True,
               "slave_ping_timeout": "15secs", "max_slave_ping_timeouts": "5",
               "agent_ping_timeout": "15secs", "max_agent_ping_timeouts": "5"},
    "slave": {"port": "5051", "hostname_lookup": True, "recover": "reconnect", "strict": True, "switch_user": True,
              "executor_registration_timeout": "1mins", "containerizers": "mesos", "work_dir": "/tmp/mesos"},
}
INTEGERS = {"port", "advertise_port", "quorum", "max_slave_ping_timeouts", "max_agent_ping_timeouts"}
DURATIONS = {"registry_fetch_timeout", "registry_store_timeout", "zk_session_timeout", "slave_ping_timeout",
             "agent_ping_timeout", "executor_registration_timeout", "executor_shutdown_grace_period",
             "recovery_timeout", "gc_delay", "slave_reregister_timeout", "agent_reregister_timeout",
             "allocation_interval", "offer_timeout", "registration_backoff_factor"}
PATHS = {"credential", "credentials", "work_dir", "log_dir"}
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "secs": 1, "mins": 60, "hrs": 3600, "days": 86400, "weeks": 604800}


class FlagError(Exception):
    """A command line that the real daemon would not start with."""


def seconds(text):
    """"10secs" as 10.0; the units are those of Mesos."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ns|us|ms|secs|mins|hrs|days|weeks)", text)
    if not match:
        raise FlagError(f"Invalid duration '{text}'")
    return float(match[1]) * UNITS[match[2]]


class Flags(dict):
    """The flags of one daemon; a flag that is not set is None."""

    def __init__(self, role, version):
        names = flag_tables.names(role, version_tuple(version))
        self.role, self.version = role, version
        self.switches = {name[1:] for name in names if name.startswith("!")}
        self.names = [name.lstrip("!") for name in names]
        super().__init__({name: None for name in self.names})
        self.update({name: value for name, value in DEFAULTS[role].items() if name in self})
        if version_tuple(version) >= (1, 0):
            # From 1.0 a work_dir must be named.
            self.update({"work_dir": None})

    def load(self, arguments):
        """Reads the environment, then the command line over it."""
        for key, value in os.environ.items():
            name = key.removeprefix("MESOS_").lower()
            if key.startswith("MESOS_") and name in self:
                self._set(name, value)
        seen = set()
        for argument in arguments:
            if not argument.startswith("--"):
                continue
            name, equals, value = argument[2:].partition("=")
            negated = not equals and name.startswith("no-")
            bare = name.removeprefix("no-") if negated else name
            if bare not in self:
                raise FlagError(f"Failed to load unknown flag '{bare}'")
            if bare in seen:
                raise FlagError(f"Duplicate flag '{bare}' on command line")
            seen.add(bare)
            if equals:
                self._set(bare, value)
            elif bare in self.switches:
                self[bare] = not negated
            elif negated:
                raise FlagError(f"Failed to load non-boolean flag '{bare}' via '--no-{bare}'")
            else:
                raise FlagError(f"Failed to load non-boolean flag '{bare}': Missing value")

    def _set(self, name, value):
        if value.startswith("file://") and name not in PATHS:
            try:
                with open(value.removeprefix("file://"), encoding="utf-8") as file:
                    value = file.read().strip()
            except OSError as error:
                raise FlagError(f"Failed to load flag '{name}': Failed to load value '{value}': {error}") from error
        if name in self.switches:
            if value not in ("true", "1", "false", "0"):
                raise FlagError(f"Failed to load flag '{name}': Failed to load value '{value}': "
                                f"Expecting a boolean (e.g., true or false)")
            self[name] = value in ("true", "1")
            return
        fault = None
        if name in INTEGERS and not value.isdecimal():
            fault = "Failed to convert into required type"
        if name in DURATIONS:
            try:
                seconds(value)
            except FlagError as error:
                fault = str(error)
        if fault:
            raise FlagError(f"Failed to load flag '{name}': Failed to load value '{value}': {fault}")
        self[name] = value

    def usage(self, message=None):
        """What --help prints, and what a refused command line is answered with."""
        lines = [message, ""] if message else []
        lines += [f"Usage: mesos-{self.role} [options]", "", BANNER, f"It imitates Mesos {self.version}.", ""]
        lines += [f"  --[no-]{name} " if name in self.switches else f"  --{name}=VALUE" for name in self.names]
        return "\n".join(lines)


def parse_or_exit(role, version, arguments):
    """The flags of a daemon that may start; prints and exits where the real one does."""
    flags = Flags(role, version)
    try:
        flags.load(arguments)
    except FlagError as error:
        print(flags.usage(str(error)), file=sys.stderr)
        sys.exit(1)
    if flags["version"]:
        print(f"mesos {version}\n{BANNER}")
        sys.exit(0)
    if flags["help"]:
        print(flags.usage())
        sys.exit(0)
    return flags
