"""The stand-in for mesos-master."""

import functools
import ipaddress
import json
import os
import threading
import time
import uuid

from . import net, pages, version_tuple, web
from .credentials import CredentialsError, load_many
from .daemon import LOG, die, start_logging
from .flags import parse_or_exit, seconds
from .registry import Registry
from .replicated_log import Replica
from .zookeeper import Group, Session, ZooKeeperUrlError, parse_url


class Master:
    """Contends for leadership; where it leads, it knows agents, frameworks and tasks."""

    def __init__(self, flags):
        self.flags, self.version = flags, flags.version
        self.id = str(uuid.uuid4())
        self.endpoint = net.resolve(flags["ip"], flags["advertise_ip"], flags["hostname"], int(flags["port"]),
                                    flags["hostname_lookup"])
        self.leader = None
        self.elected = False
        self.leading = False  # elected, and the registry is recovered
        self.credentials = load_many(flags["credentials"]) if flags["credentials"] else None
        self.registry = Registry(self._removal_seconds())
        self.session = self.replica = self.group = None
        self.hosts = None
        if flags["zk"]:
            self.hosts, self.path = parse_url(flags["zk"])

    def _flag(self, *names):
        """The value of whichever of these names this version has."""
        return next((self.flags[name] for name in names if name in self.flags), None)

    def _removal_seconds(self):
        timeout = self._flag("slave_ping_timeout", "agent_ping_timeout")
        return seconds(timeout) * int(self._flag("max_slave_ping_timeouts", "max_agent_ping_timeouts"))

    # Leadership

    def run(self):
        server = web.Server(self.endpoint.bind, self.endpoint.port, self._routes(), self._check_http)
        threading.Thread(target=server.serve_forever, daemon=True, name="http").start()
        LOG.info("Master %s started on %s:%d, advertised as %s (%s)", self.id, self.endpoint.bind,
                 self.endpoint.port, self.endpoint.address, self.endpoint.hostname)
        if self.hosts:
            self.session = Session(self.hosts, seconds(self.flags["zk_session_timeout"]), self._session_lost).start()
            self.replica = Replica(self.session, self.path, self.flags["work_dir"], int(self.flags["quorum"]),
                                   self.endpoint)
            self.replica.start()
            self.group = Group(self.session, self.path, "json.info_", self._leader_changed)
            LOG.info("Joined the group as %s", self.group.join(json.dumps(self.info()).encode()))
            self.group.watch()
        else:
            self.leader, self.leading = self.info(), True
        while True:
            time.sleep(1)
            if self.leading:
                self.registry.probe_silent_agents()

    def info(self):
        """What a master writes into its node."""
        return {
            "address": {"hostname": self.endpoint.hostname, "ip": self.endpoint.ip, "port": self.endpoint.port},
            "hostname": self.endpoint.hostname,
            "id": self.id,
            "ip": int.from_bytes(ipaddress.IPv4Address(self.endpoint.ip).packed, "little"),
            "pid": f"master@{self.endpoint.address}",
            "port": self.endpoint.port,
            "version": self.version,
        }

    def _session_lost(self):
        if self.leading:
            die("Lost leadership... committing suicide!")
        die("Lost the ZooKeeper session as a follower; ending, to contend anew after a restart")

    def _leader_changed(self, leader):
        self.leader = json.loads(leader[1]) if leader else None
        if leader and leader[0] == self.group.node:
            LOG.info("Elected as the leading master!")
            self.elected = True
            threading.Thread(target=self._recover, daemon=True, name="registrar").start()
        elif self.elected:
            die("Lost leadership... committing suicide!")
        else:
            LOG.info("The leading master is %s", self.leader["pid"] if leader else "none")

    def _recover(self):
        timeout = self.flags["registry_fetch_timeout"]
        if not self.replica.wait_recovered(seconds(timeout)):
            die(f"Recovery failed: Failed to recover registrar: Failed to perform fetch within {timeout}")
        LOG.info("Recovered the registrar")
        self.leading = True

    # HTTP

    def _routes(self):
        leading = self._when_leading
        found = self._redirect_or_own_view
        return [
            ("GET", r"(?:/master)?/health", lambda request: web.plain("")),
            ("GET", r"(?:/master)?/redirect", lambda request: self._redirect("")),
            ("GET", self._state_path(), found(lambda request: self.state())),
            ("GET", r"(?:/master)?/slaves", found(lambda request: {"slaves": self.registry.agent_views()})),
            ("GET", r"(?:/master)?/frameworks", found(lambda request: {"frameworks": self._frameworks()})),
            ("GET", r"/metrics/snapshot", lambda request: self.metrics()),
            ("GET", r"/", self._ui),
            ("GET", r"/standin/replica", lambda request: self._replica()),
            ("GET", r"/standin/violations", lambda request: self.replica.violations if self.replica else []),
            ("POST", r"/standin/agent/register", leading(self._register_agent)),
            ("POST", r"/standin/agent/heartbeat", leading(self._heartbeat)),
            ("POST", r"/standin/agent/unregister", leading(lambda request: self.registry.unregister(request.json()))),
            ("POST", r"/standin/framework/register", leading(self._register_framework)),
            ("POST", r"/standin/framework/sync", leading(lambda request: self.registry.sync(request.json()))),
            ("POST", r"/standin/framework/launch", leading(lambda request: self.registry.launch(request.json()))),
            ("POST", r"/standin/framework/kill", leading(lambda request: self.registry.kill(request.json()))),
        ]

    def _state_path(self):
        """From 1.0 a path that ends in .json is not known."""
        return r"(?:/master)?/state" if version_tuple(self.version) >= (1, 0) else r"(?:/master)?/state(?:\.json)?"

    def _check_http(self, request):
        """Basic authentication where the flags ask for it; health, version and redirect stay open, as they are."""
        path = request.path.removeprefix("/master")
        if not self.flags.get("authenticate_http_readonly") or path.startswith("/standin/") \
                or path in ("/", "/health", "/version", "/redirect"):
            return None
        given = net.basic_credentials(request.headers.get("Authorization"))
        if given and (self.credentials or {}).get(given[0]) == given[1]:
            return None
        return web.unauthorized("mesos-master-readonly")

    def _redirect(self, target):
        if not self.leader:
            if version_tuple(self.version) >= (1, 0):
                return web.plain("No leader elected", 503)
            return web.redirect(f"//{self.endpoint.hostname}:{self.endpoint.port}{target}")
        return web.redirect(f"//{self.leader['hostname']}:{self.leader['port']}{target}")

    def _redirect_or_own_view(self, handler):
        """From 1.0 a master that does not lead sends readers to the leader; before, it shows its own empty view."""
        @functools.wraps(handler)
        def answer(request):
            if version_tuple(self.version) >= (1, 0) and not self.leads_by_name():
                return self._redirect(request.target)
            return handler(request)
        return answer

    def leads_by_name(self):
        """Whether ZooKeeper names this master, though it may still be recovering."""
        return bool(self.leader) and self.leader["id"] == self.id

    def _when_leading(self, handler):
        def answer(request):
            if not self.leading:
                return web.plain("Not the leading master, or still recovering", 503)
            return handler(request)
        return answer

    def _ui(self, request):
        """A page from every master. That of a master that does not lead sends the browser to the leader after a while."""
        if not self.leads_by_name() and self.leader:
            return web.html(pages.follower(self.leader))
        return web.html(pages.master(self.state(), self.leader, self.replica.violations if self.replica else []))

    def _replica(self):
        return self.replica.view() if self.replica else web.plain("Still connecting to ZooKeeper", 503)

    def state(self):
        """The part of /state that programs read."""
        agents = self.registry.agent_views() if self.leading else []
        view = {
            "version": self.version,
            "id": self.id,
            "pid": f"master@{self.endpoint.address}",
            "hostname": self.endpoint.hostname,
            "cluster": self.flags["cluster"],
            "activated_slaves": sum(agent["active"] for agent in agents),
            "slaves": agents,
            "frameworks": self._frameworks(),
        }
        if self.leader:
            view["leader"] = self.leader["pid"]
        return view

    def _frameworks(self):
        return self.registry.framework_views() if self.leading else []

    def metrics(self):
        """The metrics that readiness checks read."""
        agents = self.registry.agent_views() if self.leading else []
        values = {
            "master/elected": 1.0 if self.leads_by_name() else 0.0,
            "master/slaves_active": float(sum(agent["active"] for agent in agents)),
        }
        if version_tuple(self.version) >= (1, 0):
            values["registrar/log/recovered"] = 1.0 if not self.replica or self.replica.recovered else 0.0
        return values

    # Registration

    def _authenticate(self, body, required, what):
        if body.get("principal") is not None:
            if self.credentials is not None \
                    and self.credentials.get(body["principal"]) != body.get("secret"):
                LOG.warning("Refused %s: authentication of '%s' failed", what, body["principal"])
                raise web.Answer(401, "Authentication failed", content_type="text/plain")
        elif required:
            LOG.warning("Refused %s: it did not authenticate", what)
            raise web.Answer(401, f"{what} is not authenticated", content_type="text/plain")

    def _call_back(self, address, what):
        try:
            net.call(address, "/standin/ping", timeout=2)
        except (OSError, ValueError, net.RemoteError) as error:
            LOG.warning("Cannot call back %s at %s: %s", what, address, error)
            raise web.Answer(503, f"the master cannot call back {address}", content_type="text/plain") from error

    def _register_agent(self, request):
        body = request.json()
        self._authenticate(body, self._flag("authenticate_slaves", "authenticate_agents"), "Agent")
        self._call_back(body["address"], "agent")
        return self.registry.register_agent(body, self.id)

    def _heartbeat(self, request):
        return self.registry.heartbeat(request.json())

    def _register_framework(self, request):
        body = request.json()
        self._authenticate(body, self._flag("authenticate", "authenticate_frameworks"), "Framework")
        self._call_back(body["address"], "framework")
        return self.registry.register_framework(body, self.id)


def check(flags):
    """What the real master refuses to start with, beyond unknown flags."""
    if not flags["work_dir"]:
        die("--work_dir needed for replicated log based registry")
    if flags["zk"] and not flags["quorum"]:
        die("--quorum needed for replicated log based registry when using ZooKeeper")
    if flags["ip"] and flags["ip_discovery_command"]:
        die("Only one of `--ip` or `--ip_discovery_command` should be specified")
    if flags["quorum"] and int(flags["quorum"]) < 1:
        die("--quorum must be positive")


def main(version, arguments):
    """Runs until it dies."""
    flags = parse_or_exit("master", version, arguments)
    start_logging("mesos-master", flags["log_dir"])
    check(flags)
    try:
        os.makedirs(flags["work_dir"], exist_ok=True)
        master = Master(flags)
    except (CredentialsError, ZooKeeperUrlError, net.AddressError, OSError) as error:
        die(str(error))
    try:
        master.run()
    except OSError as error:
        die(f"Failed to initialize: Failed to bind on {master.endpoint.bind}:{master.endpoint.port}: {error.strerror}")
