"""The Marathon daemon: leader election, the HTTP interface, and handing requests on to the leader."""

import http.client
import json
import os
import socket
import sys
import threading

from .. import BANNER, net, web
from ..daemon import LOG, die, start_logging
from ..zookeeper import Group, Session, ZooKeeperUrlError, parse_url
from . import options as command_line
from . import ui
from .scheduler import Scheduler


class Marathon:
    """One Marathon; the one that leads schedules, the others hand requests on to it."""

    def __init__(self, version, options):
        self.version, self.options = version, options
        self.hosts, self.path = parse_url(options["zk"])
        self.hostname = options.get("hostname") or socket.gethostname()
        self.port = int(options["http_port"])
        self.name = f"{self.hostname}:{self.port}"
        self.leader = None
        self.scheduler = None
        self.mesos_leader = None
        self.group = None
        self.session = None
        self.credentials = None
        if options.get("http_credentials"):
            user, _, password = options["http_credentials"].partition(":")
            self.credentials = (user, password)

    def run(self):
        server = web.Server(self.options.get("http_address", "0.0.0.0"), self.port, self._routes(), self._before)
        # The second port, which the Mesos master calls back.
        callback = web.Server(os.environ.get("LIBPROCESS_IP", "0.0.0.0"), int(os.environ.get("LIBPROCESS_PORT", 0)),
                              [("GET", r"/standin/ping", lambda request: {})])
        for one in (server, callback):
            threading.Thread(target=one.serve_forever, daemon=True).start()
        endpoint = net.resolve(None, None, self.hostname, callback.server_port)
        LOG.info("Marathon %s at %s; the Mesos master calls back %s", self.version, self.name, endpoint.address)
        framework = self._framework(endpoint)
        timeout = int(self.options["zk_timeout"]) / 1000
        self.session = Session(self.hosts, timeout, self._session_lost).start()
        self._detect_mesos(timeout)
        self.group = Group(self.session, f"{self.path.rstrip('/')}/leader", "member_",
                           lambda leader: self._leader_changed(leader, framework))
        self.group.join(self.name.encode())
        self.group.watch()
        threading.Event().wait()

    def _framework(self, endpoint):
        framework = {
            "name": self.options["framework_name"], "address": endpoint.address,
        }
        if self.options.get("mesos_authentication_principal"):
            framework["principal"] = self.options["mesos_authentication_principal"]
            framework["secret"] = None
            if self.options.get("mesos_authentication_secret_file"):
                # Taken as it is: a newline at its end is part of the secret, as in the real one.
                with open(self.options["mesos_authentication_secret_file"], encoding="utf-8", newline="") as file:
                    framework["secret"] = file.read()
        return framework

    def _detect_mesos(self, timeout):
        master = self.options["master"]
        if not master.startswith("zk://"):
            self.mesos_leader = master.removeprefix("http://")
            return
        hosts, path = parse_url(master)
        session = self.session if hosts == self.hosts else Session(hosts, timeout, self._session_lost).start()

        def changed(leader):
            self.mesos_leader = json.loads(leader[1])["pid"].partition("@")[2] if leader else None
            LOG.info("The leading Mesos master is %s", self.mesos_leader)

        Group(session, path, "json.info_", changed).watch()

    @staticmethod
    def _session_lost():
        die("Lost the ZooKeeper session; ending, to start anew", 103)

    def _leader_changed(self, leader, framework):
        self.leader = leader[1].decode() if leader else None
        if leader and leader[0] == self.group.node:
            LOG.info("Elected (Leader Interface)")
            self.scheduler = Scheduler(self.session.client, self.path, self.options, framework,
                                       lambda: self.mesos_leader)
            self.scheduler.start()
        elif self.scheduler:
            die("Defeated (Leader Interface); ending, to start anew", 103)
        else:
            LOG.info("The leading Marathon is %s", self.leader)

    # HTTP

    def _routes(self):
        app = r"/v2/apps/+(.+?)/*"
        return [
            ("GET", r"/", lambda request: web.html(ui.overview(self.scheduler.views()))),
            ("GET", r"/v2/leader", lambda request: {"leader": self.leader}),
            ("GET", r"/v2/info", lambda request: self._info()),
            ("GET", r"/v2/apps/*", lambda request: {"apps": self.scheduler.views()}),
            ("POST", r"/v2/apps/*", lambda request: web.Answer(201, self.scheduler.create(request.json()))),
            ("GET", r"/v2/apps/+(.+)/tasks", lambda request, name: {"tasks": self.scheduler.tasks(name)}),
            ("DELETE", r"/v2/apps/+(.+)/tasks", lambda request, name: self.scheduler.end_tasks(
                name, request.query.get("host"), request.query.get("scale") == "true")),
            ("GET", app, lambda request, name: {"app": self.scheduler.view(name, True)}),
            ("PUT", app, self._put),
            ("DELETE", app, lambda request, name: self.scheduler.delete(name, _forced(request))),
            ("GET", r"/v2/queue", lambda request: self.scheduler.queue()),
            ("GET", r"/v2/deployments", lambda request: self.scheduler.deployments()),
        ]

    def _info(self):
        return {"name": self.options["framework_name"], "version": self.version, "leader": self.leader, "elected": True,
                "frameworkId": self.scheduler.framework_id}

    def _put(self, request, name):
        created, deployment = self.scheduler.replace(name, request.json(), _forced(request),
                                                     request.query.get("partialUpdate") != "false")
        return web.Answer(201 if created else 200, deployment)

    def _before(self, request):
        """Asks for credentials, then hands the request on where another Marathon leads."""
        if self.credentials and net.basic_credentials(request.headers.get("Authorization")) != self.credentials:
            return web.unauthorized(self.options.get("http_realm", "Mesosphere"))
        if self.scheduler:
            return None
        if not self.leader or self.leader == self.name:
            if request.path == "/v2/leader":
                return web.Answer(404, {"message": "There is no leader"})
            return web.Answer(503, {"message": "Could not determine the current leader"})
        if self.name in request.headers.get("X-Marathon-Via", ""):
            return web.Answer(502, {"message": "Detected proxying loop."})
        return self._hand_on(request)

    def _hand_on(self, request):
        headers = {"Content-Type": request.headers.get_content_type(),
                   "X-Marathon-Via": f"{request.headers.get('X-Marathon-Via', '')} {self.name}".strip()}
        connection = http.client.HTTPConnection(self.leader, timeout=10)
        try:
            connection.request(request.method, request.target, request.body or None, headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            return web.Answer(502, {"message": f"Cannot reach the leader {self.leader}: {error}"})
        finally:
            connection.close()
        return web.Answer(answer.status, body, content_type=answer.getheader("Content-Type"))


def _forced(request):
    return request.query.get("force") == "true"


def main(version, arguments):
    """Runs until it dies."""
    try:
        options = command_line.parse(arguments)
    except command_line.OptionError as error:
        print(f"[scallop] Error: {error}", file=sys.stderr)
        sys.exit(1)
    if options.get("help"):
        print(command_line.usage(version))
        sys.exit(0)
    if options.get("version"):
        print(f"{version}\n{BANNER}")
        sys.exit(0)
    for name in ("master", "zk"):
        if not options.get(name):
            print(f"[scallop] Error: Required option '{name}' not found", file=sys.stderr)
            sys.exit(1)
    start_logging("marathon")
    try:
        Marathon(version, options).run()
    except (ZooKeeperUrlError, net.AddressError, OSError) as error:
        die(f"Marathon cannot start: {error}")
