"""What the leading Marathon does: keeps as many tasks of each app as it asks for, through the leading Mesos master."""

import json
import math
import threading
import time
import uuid

from kazoo.exceptions import KazooException, NoNodeError

from .. import net, resources, web
from ..daemon import LOG
from ..zookeeper import store
from .apps import definition, normal_id, port_definitions, same, same_but_for_scale, timestamp

MISSING = 30.0  # seconds that no master may know of a task before it counts as lost
QUICK = 5.0  # seconds; a task that ended sooner makes the next launch wait
LONGEST_DELAY = 60.0
KEPT_VERSIONS = 3
# Why an offer does not suit, in the order in which Marathon asks.
REASONS = {"cpus": "InsufficientCpus", "mem": "InsufficientMemory", "disk": "InsufficientDisk", "ports": "InsufficientPorts"}


class Store:
    """Apps, tasks and the framework id in ZooKeeper, so that the next leader goes on with them."""

    def __init__(self, client, path):
        self._client, self._path = client, f"{path.rstrip('/')}/state"

    def load(self, kind):
        """Everything of a kind ("app", "task", "framework")."""
        self._client.ensure_path(self._path)
        names = [name for name in self._client.get_children(self._path) if name.startswith(kind + ":")]
        return [json.loads(self._client.get(f"{self._path}/{name}")[0]) for name in names]

    def save(self, kind, name, value):
        store(self._client, self._node(kind, name), json.dumps(value).encode())

    def delete(self, kind, name):
        try:
            self._client.delete(self._node(kind, name))
        except NoNodeError:
            LOG.info("%s %s was already gone from the store", kind, name)

    def _node(self, kind, name):
        return f"{self._path}/{kind}:{name.strip('/').replace('/', '_')}"


class Scheduler:
    """Apps, tasks and deployments of the leader."""

    def __init__(self, client, path, options, framework, mesos_leader):
        self._options = options
        self._framework = framework  # what is told when registering; "address" says where the master calls back
        self._mesos_leader = mesos_leader  # () -> ip:port or None
        self._store = Store(client, path)
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._offers = []
        self._delays, self._not_before = {}, {}
        self._deployments = {}
        self._failures = {}
        self._apps = {app["id"]: app for app in self._store.load("app")}
        self._tasks = {task["id"]: task for task in self._store.load("task")}
        self._versions = {kept["id"]: kept["apps"] for kept in self._store.load("versions")}
        for task in self._tasks.values():
            task["missing"] = None
        known = self._store.load("framework")
        self.framework_id = known[0]["id"] if known else None
        self._registered_with = None

    def start(self):
        threading.Thread(target=self._follow_mesos, daemon=True, name="mesos").start()
        threading.Thread(target=self._keep, daemon=True, name="scheduler").start()

    # Mesos

    def _follow_mesos(self):
        revision = None
        while True:
            leader = self._mesos_leader()
            try:
                if not leader:
                    self._registered_with = None
                    time.sleep(0.5)
                    continue
                if self._registered_with != leader:
                    self._register(leader)
                    revision = None
                answer = net.call(leader, "/standin/framework/sync", {**self._who(), "revision": revision}, timeout=10)
                revision = answer["revision"]
                self._take(answer)
                self._wake.set()
            except (OSError, ValueError, net.RemoteError, KazooException) as error:
                LOG.warning("Mesos master %s: %s", leader, error)
                self._registered_with = None
                time.sleep(1)
            except Exception:  # one faulty app must not end the thread that serves all
                LOG.exception("Mesos master %s", leader)
                self._registered_with = None
                time.sleep(1)

    def _register(self, leader):
        answer = net.call(leader, "/standin/framework/register", {**self._framework, "id": self.framework_id})
        if answer["id"] != self.framework_id:
            self.framework_id = answer["id"]
            self._store.save("framework", "id", {"id": self.framework_id})
        self._registered_with = leader
        LOG.info("Registered as %s with master %s", self.framework_id, leader)

    def _who(self):
        return {"id": self.framework_id, "address": self._framework["address"]}

    def _take(self, answer):
        """Compares the tasks that the master knows with those that this Marathon started."""
        with self._lock:
            self._offers = answer["offers"]
            active = {task["id"]: task for task in answer["tasks"]}
            ended = {task["id"]: task for task in answer["completed"]}
            now = time.monotonic()
            for task_id, task in list(self._tasks.items()):
                if task_id in active:
                    self._update(task, active[task_id])
                elif task_id in ended:
                    self._ended(task, ended[task_id])
                elif task["missing"] is None:
                    task["missing"] = now
                elif now - task["missing"] > MISSING:
                    self._ended(task, {"state": "TASK_LOST", "message": "No master knows the task"})
            for task_id in active.keys() - self._tasks.keys():
                LOG.info("Killing task %s, which belongs to nothing", task_id)
                self._kill(task_id)

    def _update(self, task, told):
        task["missing"] = None
        task.update({name: told[name] for name in ("state", "host") if name in told})

    def _ended(self, task, told):
        app_id = task["appId"]
        del self._tasks[task["id"]]
        self._store.delete("task", task["id"])
        LOG.info("Task %s: %s (%s)", task["id"], told["state"], told.get("message"))
        if told["state"] not in ("TASK_KILLED", "TASK_FINISHED"):
            self._failures[app_id] = {
                "appId": app_id, "host": task["host"], "message": told.get("message", ""), "state": told["state"],
                "taskId": task["id"], "timestamp": timestamp(), "version": task["version"], "slaveId": task["slaveId"]}
        ran = told.get("ended", 0) - told.get("started", told.get("ended", 0))
        if told["state"] == "TASK_KILLED" or ran >= QUICK:
            self._delays[app_id] = 0.0
        else:
            app = self._apps.get(app_id, {})
            longest = min(LONGEST_DELAY, app.get("maxLaunchDelaySeconds", LONGEST_DELAY))
            self._delays[app_id] = min(longest, max(app.get("backoffSeconds", 1),
                                                    self._delays.get(app_id, 0.0) * app.get("backoffFactor", 1.15)))
        self._not_before[app_id] = time.monotonic() + self._delays[app_id]

    def _kill(self, task_id):
        leader = self._registered_with
        if not leader:
            return
        try:
            net.call(leader, "/standin/framework/kill", {**self._who(), "task_id": task_id})
        except (OSError, ValueError, net.RemoteError) as error:
            LOG.warning("Cannot kill %s now: %s", task_id, error)

    # Keeping apps as they are wanted

    def _keep(self):
        while True:
            self._wake.wait(0.5)
            self._wake.clear()
            try:
                with self._lock:
                    for app in list(self._apps.values()):
                        self._keep_app(app)
                    for task in [task for task in self._tasks.values() if task["appId"] not in self._apps]:
                        self._kill(task["id"])
                    self._finish_deployments()
            except KazooException as error:
                LOG.warning("Cannot write to ZooKeeper: %r", error)
            except Exception:  # one faulty app must not end the thread that serves all
                LOG.exception("Cannot keep the apps as they are wanted")

    def _parts(self, app):
        """Tasks of an app by its present definition, and those by an older one."""
        since = app["versionInfo"]["lastConfigChangeAt"]
        tasks = [task for task in self._tasks.values() if task["appId"] == app["id"]]
        return [task for task in tasks if task["version"] >= since], [task for task in tasks if task["version"] < since]

    def _keep_app(self, app):
        current, old = self._parts(app)
        running = sum(task["state"] == "TASK_RUNNING" for task in current)
        if time.monotonic() >= self._not_before.get(app["id"], 0.0):
            for _ in range(app["instances"] - len(current)):
                if not self._launch(app):
                    break
        # Old tasks go once the new ones run; tasks beyond the wanted number go at once, the newest first.
        surplus = sorted(current, key=lambda task: task["stagedAt"])[app["instances"]:]
        for task in (old if running >= app["instances"] else []) + surplus:
            self._kill(task["id"])

    def _launch(self, app):
        leader = self._registered_with
        # The freest agent: a real master offers its agents in no fixed order, so that tasks spread over them.
        offer = max((offer for offer in self._offers if self._fits(app, offer["resources"])),
                    key=lambda offer: offer["resources"].get("cpus", 0.0), default=None)
        if not leader or not offer:
            return False
        task_id = f"{app['id'].strip('/').replace('/', '_')}.{uuid.uuid1()}"
        free = (port for first, last in offer["resources"]["ports"] for port in range(first, last + 1))
        ports = [next(free) for _ in app["ports"]]
        wanted = {name: app[name] for name in resources.SCALARS}
        wanted["ports"] = [[port, port] for port in ports]
        environment = {**app["env"], "MARATHON_APP_ID": app["id"], "MARATHON_APP_VERSION": app["version"],
                       "PORTS": ",".join(map(str, ports)),
                       **{f"PORT{index}": port for index, port in enumerate(ports)}}
        if ports:
            environment["PORT"] = ports[0]
        task = {"id": task_id, "appId": app["id"], "host": offer["hostname"], "ports": ports, "state": "TASK_STAGING",
                "slaveId": offer["agent_id"], "stagedAt": timestamp(), "version": app["version"], "missing": None}
        # Stored before it is launched: a leader that dies in between must not start it twice.
        self._store.save("task", task_id, task)
        self._tasks[task_id] = task
        offer["resources"] = resources.subtract(offer["resources"], [wanted])
        try:
            net.call(leader, "/standin/framework/launch", {**self._who(), "agent_id": offer["agent_id"], "task": {
                "id": task_id, "name": app["id"], "command": app["cmd"], "env": environment, "resources": wanted}})
        except (OSError, ValueError, net.RemoteError) as error:
            LOG.warning("Cannot launch %s: %s", task_id, error)
            # Without an answer it may run all the same; then the tasks that the master tells of decide.
            if isinstance(error, net.RemoteError):
                self._ended(task, {"state": "TASK_LOST", "message": str(error)})
            return False
        LOG.info("Launched %s on %s", task_id, offer["hostname"])
        return True

    @staticmethod
    def _lacks(app, free):
        """The first resource that an offer has too little of; None where it suits."""
        for name in resources.SCALARS:
            if free.get(name, 0.0) < app[name]:
                return name
        return None if sum(last - first + 1 for first, last in free["ports"]) >= len(app["ports"]) else "ports"

    def _fits(self, app, free):
        return self._lacks(app, free) is None

    def queue(self):
        """What /v2/queue answers: the apps that lack tasks, and why."""
        with self._lock:
            return {"queue": [self._queued(app, missing) for app in self._apps.values()
                              if (missing := app["instances"] - len(self._parts(app)[0])) > 0]}

    def _queued(self, app, missing):
        delay = math.ceil(max(0.0, self._not_before.get(app["id"], 0.0) - time.monotonic()))
        lacks = [self._lacks(app, offer["resources"]) for offer in self._offers]
        declined, left = [], len(lacks)
        for name, reason in REASONS.items():
            declined.append({"reason": reason, "declined": lacks.count(name), "processed": left})
            left -= lacks.count(name)
        return {
            "count": missing, "delay": {"timeLeftSeconds": delay, "overdue": delay == 0}, "since": app["version"],
            "processedOffersSummary": {"processedOffersCount": len(lacks), "unusedOffersCount": len(lacks) - left,
                                       "rejectSummaryLastOffers": declined},
            "app": app,
        }

    # Deployments

    def _deploy(self, app_id, version):
        deployment_id = str(uuid.uuid4())
        self._deployments[deployment_id] = {"id": deployment_id, "version": version, "affectedApps": [app_id]}
        self._wake.set()
        return {"version": version, "deploymentId": deployment_id}

    def _finish_deployments(self):
        for deployment in list(self._deployments.values()):
            if self._is_done(deployment["affectedApps"][0]):
                LOG.info("Deployment %s is complete", deployment["id"])
                del self._deployments[deployment["id"]]

    def _is_done(self, app_id):
        app = self._apps.get(app_id)
        if not app:
            return not any(task["appId"] == app_id for task in self._tasks.values())
        current, old = self._parts(app)
        return not old and len(current) == app["instances"] and all(t["state"] == "TASK_RUNNING" for t in current)

    def deployments(self):
        """What /v2/deployments answers."""
        with self._lock:
            return list(self._deployments.values())

    def _check_lock(self, app_id, force):
        """409 while a deployment works on the app; `force` gives that one up."""
        busy = [item["id"] for item in self._deployments.values() if app_id in item["affectedApps"]]
        if busy and not force:
            raise web.Answer(409, {"message": "App is locked by one or more deployments. Override with the option "
                                              "'?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
                                   "deployments": [{"id": deployment_id} for deployment_id in busy]})
        for deployment_id in busy:
            del self._deployments[deployment_id]

    # Apps

    def _missing(self, app_id):
        return web.Answer(404, {"message": f"App '{app_id}' does not exist"})

    def create(self, body):
        """A new app; 409 where there is one of that id."""
        app = definition(body)
        with self._lock:
            if app["id"] in self._apps:
                raise web.Answer(409, {"message": f"An app with id [{app['id']}] already exists."})
            deployment = self._put(app, None)
            return {**self.view(app["id"]), "deployments": [{"id": deployment["deploymentId"]}]}

    def replace(self, app_id, body, force, partial):
        """(created, deployment) of an app that is made or changed; in a partial update what is not named stays as it is."""
        with self._lock:
            known = self._apps.get(normal_id(app_id))
            if isinstance(body, dict) and "version" in body and body.keys() <= {"id", "version"}:
                app = self._former(normal_id(app_id), body["version"])
            else:
                app = definition(body, app_id, known if partial else None)
            self._check_lock(app["id"], force)
            return known is None, self._put(app, known)

    def _former(self, app_id, version):
        """An app as it was in a version."""
        for app in self._versions.get(app_id, []):
            if app["version"] == version:
                return dict(app)
        raise web.Answer(404, {"message": f"App '{app_id}' does not exist in version {version}"})

    def _put(self, app, known):
        now = timestamp()
        self._check_ports(app)
        app["ports"] = self._service_ports(app)
        if known is not None and same(app, known):
            # The version of an app is when it changed.
            return self._deploy(app["id"], now)
        keep = known is not None and same_but_for_scale(app, known)
        app["version"] = now
        app["versionInfo"] = {"lastScalingAt": now,
                              "lastConfigChangeAt": known["versionInfo"]["lastConfigChangeAt"] if keep else now}
        self._store.save("app", app["id"], app)
        self._apps[app["id"]] = app
        self._versions[app["id"]] = [app, *self._versions.get(app["id"], [])][:KEPT_VERSIONS]
        self._store.save("versions", app["id"], {"id": app["id"], "apps": self._versions[app["id"]]})
        self._not_before.pop(app["id"], None)
        self._delays.pop(app["id"], None)
        return self._deploy(app["id"], now)

    def _check_ports(self, app):
        for other in self._apps.values():
            for port in app["ports"]:
                if port and other["id"] != app["id"] and port in other["ports"]:
                    raise web.Answer(409, {"message": f"Requested service port {port} conflicts with a service port in "
                                                      f"app {other['id']}"})

    def _service_ports(self, app):
        """A port of 0 stands for one of Marathon's choice that no other app has."""
        taken = {port for other in self._apps.values() if other["id"] != app["id"] for port in other["ports"]}
        taken |= set(app["ports"])
        free = (port for port in range(int(self._options["local_port_min"]), int(self._options["local_port_max"]))
                if port not in taken)
        return [port or next(free) for port in app["ports"]]

    def delete(self, app_id, force):
        """Ends an app and its tasks."""
        with self._lock:
            app_id = normal_id(app_id)
            if app_id not in self._apps:
                raise self._missing(app_id)
            self._check_lock(app_id, force)
            self._store.delete("app", app_id)
            del self._apps[app_id]
            self._store.delete("versions", app_id)
            self._versions.pop(app_id, None)
            self._failures.pop(app_id, None)
            return self._deploy(app_id, timestamp())

    def end_tasks(self, app_id, host, scale):
        """Ends an app's tasks, on one host or all; with `scale` there are as many fewer from then on."""
        with self._lock:
            app = self._apps.get(normal_id(app_id))
            if not app:
                raise self._missing(normal_id(app_id))
            ended = [task for task in self._tasks.values() if task["appId"] == app["id"] and host in (None, task["host"])]
            for task in ended:
                # Of no version, it counts for nothing until it is gone.
                task["version"] = ""
                self._kill(task["id"])
            if scale:
                return self._put({**app, "instances": max(0, app["instances"] - len(ended))}, app)
            return {"tasks": [{"id": task["id"], "host": task["host"]} for task in ended]}

    def view(self, app_id, whole=False):
        """An app as the API answers it; the whole with its tasks."""
        with self._lock:
            app = self._apps.get(normal_id(app_id))
            if not app:
                raise self._missing(normal_id(app_id))
            tasks = [task for task in self._tasks.values() if task["appId"] == app["id"]]
            running = sum(task["state"] == "TASK_RUNNING" for task in tasks)
            view = {
                **app, "tasksStaged": len(tasks) - running, "tasksRunning": running,
                "portDefinitions": port_definitions(app),
                "deployments": [{"id": item["id"]} for item in self._deployments.values()
                                if app["id"] in item["affectedApps"]],
            }
            if whole:
                view["tasks"] = self.tasks(app["id"])
                if app["id"] in self._failures:
                    view["lastTaskFailure"] = self._failures[app["id"]]
            return view

    def views(self):
        """All apps as the API answers them."""
        with self._lock:
            return [self.view(app_id) for app_id in sorted(self._apps)]

    def tasks(self, app_id):
        """An app's tasks as the API answers them."""
        with self._lock:
            if normal_id(app_id) not in self._apps:
                raise self._missing(normal_id(app_id))
            return [{name: value for name, value in task.items() if name != "missing"}
                    for task in self._tasks.values() if task["appId"] == normal_id(app_id)]
