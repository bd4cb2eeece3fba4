"""The stand-in for mesos-slave."""

import json
import os
import signal
import threading
import time

from . import net, resources, version_tuple, web
from .credentials import CredentialsError, load_one
from .daemon import LOG, die, start_logging
from .flags import parse_or_exit
from .registry import TERMINAL
from .tasks import Tasks
from .zookeeper import Group, Session, ZooKeeperUrlError, parse_url

TAIL = 1 << 20  # bytes of a sandbox file that are shown, from its end


class Identity:
    """Who this agent is: <work_dir>/meta/slaves/latest points at the id that the master gave it."""

    def __init__(self, work_dir):
        self.meta = os.path.join(work_dir, "meta")
        self.latest = os.path.join(self.meta, "slaves", "latest")

    def load(self):
        """(id, agent info) of an earlier start, or None."""
        try:
            with open(os.path.join(self.latest, "slave.info"), encoding="utf-8") as file:
                return os.path.basename(os.path.realpath(self.latest)), json.load(file)
        except FileNotFoundError:
            return None

    def save(self, agent_id, info):
        directory = os.path.join(self.meta, "slaves", agent_id)
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, "slave.info"), "w", encoding="utf-8") as file:
            json.dump(info, file)
        self.remove()
        os.symlink(agent_id, self.latest)
        return directory

    def remove(self):
        """Makes the next start that of a new agent."""
        if os.path.islink(self.latest):
            os.unlink(self.latest)

    def rebooted(self):
        """Whether the machine started anew since the last call; remembers this boot."""
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
        # The start time of init too: containers share the boot id of their machine.
        with open("/proc/1/stat", encoding="ascii", errors="replace") as file:
            boot += " " + file.read().rpartition(")")[2].split()[19]
        path = os.path.join(self.meta, "boot_id")
        os.makedirs(self.meta, exist_ok=True)
        try:
            with open(path, encoding="ascii") as file:
                before = file.read()
        except FileNotFoundError:
            before = boot
        with open(path, "w", encoding="ascii") as file:
            file.write(boot)
        return before != boot


class Agent:
    """Registers with the leading master, runs its tasks, and finds both again after a restart."""

    def __init__(self, flags):
        self.flags, self.version, self.work_dir = flags, flags.version, flags["work_dir"]
        self.endpoint = net.resolve(flags["ip"], flags["advertise_ip"], flags["hostname"], int(flags["port"]),
                                    flags["hostname_lookup"])
        self.credential = load_one(flags["credential"]) if flags["credential"] else None
        self.info = {
            "hostname": self.endpoint.hostname,
            "port": self.endpoint.port,
            "attributes": resources.attributes(flags["attributes"]),
            "resources": resources.of_machine(flags["resources"], self.work_dir),
        }
        self.identity = Identity(self.work_dir)
        self.id, self.tasks, self.registered_with, self.leader = None, None, None, None
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._unregister = False
        self._recover()

    def _recover(self):
        rebooted = self.identity.rebooted()
        known = self.identity.load()
        if not known or self.flags["recover"] == "cleanup":
            return
        agent_id, info = known
        before_1_4 = version_tuple(self.version) < (1, 4)
        if rebooted and (before_1_4 or info != self.info):
            LOG.info("The machine was rebooted: starting as a new agent")
            self.identity.remove()
            return
        if info != self.info:
            word = "slave" if version_tuple(self.version) < (1, 0) else "agent"
            line = "-" * 60
            die(f"Failed to perform recovery: Incompatible {word} info detected.\n{line}\n"
                f"Old {word} info:\n{json.dumps(info)}\n{line}\nNew {word} info:\n{json.dumps(self.info)}\n{line}\n"
                f"To remedy this do as follows:\nStep 1: rm -f {self.identity.latest}\n"
                f"        This ensures {word} doesn't recover old live executors.\nStep 2: Restart the {word}.")
        self._adopt(agent_id)
        LOG.info("Recovered as agent %s", agent_id)

    def _adopt(self, agent_id):
        self.id = agent_id
        self.tasks = Tasks(self.work_dir, self.identity.save(agent_id, self.info), agent_id)
        self.tasks.recover()

    # Running

    def run(self):
        signal.signal(signal.SIGUSR1, self._on_usr1)
        server = web.Server(self.endpoint.bind, self.endpoint.port, self._routes(), self._check_http)
        threading.Thread(target=server.serve_forever, daemon=True, name="http").start()
        LOG.info("Agent started on %s:%d, advertised as %s (%s)", self.endpoint.bind, self.endpoint.port,
                 self.endpoint.address, self.endpoint.hostname)
        threading.Thread(target=self._detect, daemon=True, name="detector").start()
        beat = 0.0
        while not self._unregister:
            changed = False
            with self._lock:
                if self.tasks:
                    changed = self.tasks.poll()
            if changed or self._wake.is_set() or time.monotonic() - beat >= 1:
                self._wake.clear()
                self._talk()
                beat = time.monotonic()
            self._wake.wait(0.25)
        self._shut_down()

    def _on_usr1(self, number, frame):
        self._unregister = True
        self._wake.set()

    def _detect(self):
        master = self.flags["master"]
        if not master.startswith("zk://"):
            self.leader = master.removeprefix("http://")
            return
        hosts, path = parse_url(master)

        def lost():
            die("The ZooKeeper session expired; starting anew")

        def changed(leader):
            self.leader = json.loads(leader[1])["pid"].partition("@")[2] if leader else None
            LOG.info("New master detected at %s", self.leader)
            self._wake.set()

        Group(Session(hosts, 10.0, lost).start(), path, "json.info_", changed).watch()

    def _talk(self):
        """Registers with a leader that does not know this agent yet, else tells it how the tasks are."""
        leader = self.leader
        if not leader:
            self.registered_with = None
            return
        try:
            if self.registered_with != leader:
                self._register(leader)
            with self._lock:
                told = self.tasks.views()
            net.call(leader, "/standin/agent/heartbeat", {"id": self.id, "tasks": told})
            with self._lock:
                self.tasks.forget([task["id"] for task in told if task["state"] in TERMINAL])
        except net.RemoteError as error:
            if error.status == 401:
                die(f"Master {leader} refused authentication")
            LOG.warning("Master %s answered %s", leader, error)
            self.registered_with = None
        except (OSError, ValueError) as error:
            LOG.warning("Cannot reach master %s: %s", leader, error)
            self.registered_with = None

    def _register(self, leader):
        with self._lock:
            tasks = self.tasks.views() if self.tasks else []
        body = {"id": self.id, "info": self.info, "address": self.endpoint.address,
                "tasks": tasks}
        if self.credential:
            body["principal"], body["secret"] = self.credential
        agent_id = net.call(leader, "/standin/agent/register", body)["id"]
        with self._lock:
            if self.id != agent_id:
                self._adopt(agent_id)
        self.registered_with = leader
        LOG.info("Registered with master %s as %s", leader, agent_id)

    def _shut_down(self):
        """SIGUSR1: unregisters, ends all tasks at once, and is a new agent at the next start."""
        LOG.info("Received SIGUSR1; unregistering and shutting down")
        with self._lock:
            tasks = []
            if self.tasks:
                self.tasks.kill_all()
                time.sleep(0.2)
                self.tasks.poll()
                tasks = self.tasks.views()
            if self.registered_with:
                try:
                    net.call(self.registered_with, "/standin/agent/unregister", {"id": self.id, "tasks": tasks})
                except (OSError, ValueError, net.RemoteError) as error:
                    LOG.warning("Cannot unregister: %s", error)
            self.identity.remove()
        die("Agent unregistered", 0)

    # HTTP

    def _routes(self):
        sandbox = r"/standin/sandbox/(.+)/(stdout|stderr)"
        return [
            ("GET", sandbox, self._sandbox_file),
            ("GET", r"/standin/ping", lambda request: {"id": self.id}),
            ("POST", r"/standin/launch", self._launch),
            ("POST", r"/standin/kill", self._kill),
        ]

    def _check_http(self, request):
        """HTTP authentication, which agents have from 1.0."""
        if not self.flags.get("authenticate_http_readonly") or request.path.startswith("/standin/"):
            return None
        if request.path.endswith(("/health", "/version")) or request.path == "/":
            return None
        accepted = load_one(self.flags["http_credentials"]) if self.flags.get("http_credentials") else None
        given = net.basic_credentials(request.headers.get("Authorization"))
        return None if given and given == accepted else web.unauthorized("mesos-agent-readonly")

    def _launch(self, request):
        with self._lock:
            if not self.tasks:
                return web.plain("not registered", 503)
            self.tasks.launch(request.json(), self.endpoint.hostname)
        self._wake.set()
        return {"ok": True}

    def _kill(self, request):
        with self._lock:
            found = self.tasks and self.tasks.kill(request.json()["task_id"])
        return {"ok": True} if found else web.plain("unknown task", 404)

    def _sandbox_file(self, request, task_id, name):
        root = os.path.join(self.work_dir, "slaves")
        for agent_id in os.listdir(root) if os.path.isdir(root) else []:
            frameworks = os.path.join(root, agent_id, "frameworks")
            for framework in os.listdir(frameworks) if os.path.isdir(frameworks) else []:
                executors = os.path.join(frameworks, framework, "executors")
                if task_id in os.listdir(executors):
                    with open(os.path.join(executors, task_id, "runs", "latest", name), "rb") as file:
                        file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL))
                        return web.Answer(200, file.read(), content_type="text/plain; charset=utf-8")
        return web.plain("No such sandbox", 404)


def main(version, arguments):
    """Runs until it dies."""
    flags = parse_or_exit("slave", version, arguments)
    start_logging("mesos-slave", flags["log_dir"])
    if not flags["master"]:
        die("Missing required option --master")
    if not flags["work_dir"]:
        die("Missing required option --work_dir")
    try:
        os.makedirs(flags["work_dir"], exist_ok=True)
        agent = Agent(flags)
        if flags["master"].startswith("zk://"):
            parse_url(flags["master"])
    except (CredentialsError, ZooKeeperUrlError, resources.ResourceError, net.AddressError, OSError) as error:
        die(str(error))
    try:
        agent.run()
    except OSError as error:
        die(f"Failed to initialize: Failed to bind on {agent.endpoint.bind}:{agent.endpoint.port}: {error.strerror}")
