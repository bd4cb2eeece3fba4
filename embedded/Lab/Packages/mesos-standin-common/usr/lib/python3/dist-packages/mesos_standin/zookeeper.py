"""ZooKeeper as Mesos uses it: ephemeral sequential members under a path, of which the lowest leads."""

import logging
import re
import threading

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import KazooException, NodeExistsError, NoNodeError

LOG = logging.getLogger(__name__)


class ZooKeeperUrlError(Exception):
    """The text is no zk://host:port,.../path."""


def parse_url(url):
    """(hosts, path) of zk://[user:password@]host:port,.../path."""
    match = re.fullmatch(r"zk://(?:[^@/]*@)?([^/@]+)(/.*)?", url or "")
    if not match:
        raise ZooKeeperUrlError(f"Expecting a ZooKeeper URL zk://host1:port1,.../path, not '{url}'")
    return match[1], (match[2] or "/").rstrip("/") or "/"


class Session:
    """One ZooKeeper session. `lost` is called once when it is gone: told by the ensemble, or silent for longer
    than the time-out, after which others already act as if it were."""

    def __init__(self, hosts, timeout, lost):
        retry = {"max_tries": -1, "delay": 0.2, "backoff": 1, "max_delay": 1}
        self.timeout = timeout
        self.client = KazooClient(hosts=hosts, timeout=timeout, connection_retry=retry, command_retry=retry)
        self._lost = lost
        self._connected = threading.Event()
        self._timer = None
        self._ever = False
        self.client.add_listener(self._state)

    def start(self):
        """Connects, however long the ensemble takes to come up."""
        self.client.start_async()
        self._connected.wait()
        return self

    def _state(self, state):
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if state == KazooState.CONNECTED:
            self._ever = True
            self._connected.set()
        elif self._ever and state == KazooState.LOST:
            threading.Thread(target=self._lost, daemon=True).start()
        elif self._ever:
            LOG.warning("Lost the connection to ZooKeeper, reconnecting")
            self._timer = threading.Timer(self.timeout, self._lost)
            self._timer.daemon = True
            self._timer.start()


class Group:
    """The members under a path. `changed` gets the leader's (node name, data), or None, whenever that changes."""

    def __init__(self, session, path, label, changed=None):
        self.client, self.path, self.label = session.client, path, label
        self._changed = changed
        self._leader = ()
        self._wake = threading.Event()
        self.node = None

    def join(self, data):
        """Adds an ephemeral sequential member and returns its name."""
        self.client.ensure_path(self.path)
        created = self.client.create(f"{self.path.rstrip('/')}/{self.label}", data, ephemeral=True, sequence=True)
        self.node = created.rsplit("/", 1)[1]
        return self.node

    def watch(self):
        """Follows the members in the background from now on."""
        threading.Thread(target=self._follow, daemon=True, name=f"watch {self.path}").start()

    def members(self, watch=None):
        """Names of the members, the leader first."""
        names = self.client.get_children(self.path, watch=watch)
        return sorted((name for name in names if re.fullmatch(re.escape(self.label) + r"\d{10}", name)),
                      key=lambda name: name[-10:])

    def data(self, name):
        """What a member told of itself, or None where it has gone."""
        try:
            return self.client.get(f"{self.path.rstrip('/')}/{name}")[0]
        except NoNodeError:
            return None

    def _follow(self):
        while True:
            self._wake.clear()
            try:
                self.client.ensure_path(self.path)
                names = self.members(watch=lambda event: self._wake.set())
                leader = next(((name, data) for name in names if (data := self.data(name)) is not None), None)
                if leader != self._leader:
                    # Remembered only once it was dealt with: what failed for want of ZooKeeper is tried again.
                    self._changed(leader)
                    self._leader = leader
            except KazooException as error:
                LOG.warning("Cannot follow %s in ZooKeeper: %r", self.path, error)
                self._wake.wait(1)
                continue
            self._wake.wait(5)


def store(client, path, data):
    """Writes a persistent node, made where it is missing."""
    try:
        client.create(path, data, makepath=True)
    except NodeExistsError:
        client.set(path, data)
