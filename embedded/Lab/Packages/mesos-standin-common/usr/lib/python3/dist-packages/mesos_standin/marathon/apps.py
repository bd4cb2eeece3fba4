"""App definitions: what Marathon accepts, fills in, and answers."""

import copy
import datetime
import re

from ..web import Answer

# What an app is given where its definition does not say.
DEFAULTS = {
    "cmd": None, "env": {}, "labels": {}, "instances": 1, "cpus": 1.0, "mem": 128.0, "disk": 0.0, "ports": [0],
    "backoffSeconds": 1, "backoffFactor": 1.15, "maxLaunchDelaySeconds": 3600,
}
# What the stand-in cannot do, with Marathon's defaults. It refuses any other value instead of doing something else.
NOT_IMITATED = {
    "args": None, "user": None, "executor": "", "constraints": [], "uris": [], "fetch": [], "storeUrls": [],
    "requirePorts": False, "container": None, "healthChecks": [], "readinessChecks": [], "dependencies": [],
    "acceptedResourceRoles": None, "upgradeStrategy": {"minimumHealthCapacity": 1, "maximumOverCapacity": 1},
    "gpus": 0, "ipAddress": None, "residency": None, "secrets": {}, "taskKillGracePeriodSeconds": None,
}
# Fields of an answer, which a caller may send back; portDefinitions only say once more what the ports are.
READ_ONLY = ("deployments", "lastTaskFailure", "tasks", "tasksHealthy", "tasksRunning", "tasksStaged",
             "tasksUnhealthy", "version", "versionInfo")
NUMBERS = {"cpus": float, "mem": float, "disk": float, "instances": int, "backoffSeconds": int,
           "backoffFactor": float, "maxLaunchDelaySeconds": int}
SEGMENT = re.compile(r"[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]*[a-z0-9])?)*")


def timestamp():
    """Now, in Marathon's form."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def normal_id(text):
    """An app id as an absolute path."""
    return "/" + text.strip("/")


def _invalid(path, message):
    return Answer(422, {"message": "Object is not valid", "details": [{"path": path, "errors": [message]}]})


def _malformed(path, expected):
    return Answer(400, {"message": "Invalid JSON", "details": [{"path": path, "errors": [expected]}]})


def _is_number(value, kind):
    return not isinstance(value, bool) and (isinstance(value, int) or (kind is float and isinstance(value, float)))


def _check_types(body):
    if not isinstance(body, dict):
        raise _malformed("/", "error.expected.jsobject")
    for name in ("id", "cmd"):
        if body.get(name) is not None and not isinstance(body[name], str):
            raise _malformed(f"/{name}", "error.expected.jsstring")
    for name, kind in NUMBERS.items():
        if name in body and not _is_number(body[name], kind):
            raise _malformed(f"/{name}", "error.expected.jsnumber")
    for name in ("env", "labels"):
        value = body.get(name, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise _malformed(f"/{name}", "error.expected.jsobject")
    ports = body.get("ports", [])
    if not isinstance(ports, list) or not all(_is_number(port, int) for port in ports):
        raise _malformed("/ports", "error.expected.jsarray")


def port_definitions(app):
    """An app's ports in the longer form."""
    return [{"port": port, "protocol": "tcp", "labels": {}} for port in app["ports"]]


def _check_names(body):
    for name, value in body.items():
        if name in NOT_IMITATED:
            # Empty is as good as not named.
            if value and value != NOT_IMITATED[name]:
                raise _invalid(f"/{name}", f"'{name}' is not imitated by this stand-in")
        elif name not in DEFAULTS and name not in READ_ONLY and name not in ("id", "portDefinitions"):
            raise _invalid(f"/{name}", f"'{name}' is no field of an app that this stand-in knows")


def definition(body, app_id=None, base=None):
    """A whole definition from what a caller sent, over `base` where an app is changed. Raises 400 or 422."""
    _check_types(body)
    _check_names(body)
    app_id = normal_id(app_id or body.get("id") or "")
    if not all(SEGMENT.fullmatch(segment) for segment in app_id[1:].split("/")):
        raise _invalid("/id", "must fully match regular expression "
                              "'^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])"
                              "|(\\.|\\.\\.)$'")
    if body.get("id") and normal_id(body["id"]) != app_id:
        raise _invalid("/id", f"the id in the path is {app_id}")
    app = copy.deepcopy(base or {**DEFAULTS, **NOT_IMITATED})
    app.update({name: value for name, value in body.items() if name in DEFAULTS})
    app["id"] = app_id
    if body.get("portDefinitions") and body["portDefinitions"] != port_definitions(app):
        raise _invalid("/portDefinitions", "'portDefinitions' other than those of 'ports' are not imitated by this "
                                           "stand-in")
    if not app.get("cmd"):
        raise _invalid("/", "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.")
    for name in NUMBERS:
        if app[name] < 0:
            raise _invalid(f"/{name}", f"got {app[name]}, expected 0 or more")
    if any(not 0 <= port <= 65535 for port in app["ports"]):
        raise _invalid("/ports", "Elements must be in [0, 65535]")
    return app


def same(one, other):
    """Whether two definitions differ in nothing."""
    return one["instances"] == other["instances"] and same_but_for_scale(one, other)


def same_but_for_scale(one, other):
    """Whether two definitions differ in nothing, or in the number of instances only: running tasks then stay."""
    def essence(app):
        return {name: value for name, value in app.items() if name not in ("instances", "version", "versionInfo")}
    return essence(one) == essence(other)
