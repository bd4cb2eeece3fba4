#!/usr/bin/env python3
"""As much of DigitalOcean's v2 API as a cluster needs, in memory. Its droplets are addresses: hosts.py answers there.

  api.py ADDRESS PORT HOSTS KEYS    serves http://ADDRESS:PORT for the token "simulated"; HOSTS gets a folder for each droplet,
                                    named after its public address; KEYS gets the account's SSH keys, one a line

GET /requests tells how many requests of each method there were.
"""

import base64
import hashlib
import json
import re
import shutil
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

# Long enough for a client to find the droplet not ready, and to have to ask again.
BOOT = 0.2


class Refusal(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Account:
    """What the API keeps."""

    def __init__(self, hosts, keys):
        self.hosts, self.key_file = Path(hosts), Path(keys)
        self.lock = threading.Lock()
        self.keys, self.vpcs, self.tags, self.firewalls, self.droplets = {}, {}, [], {}, {}
        self.next_id = 1
        self.next_host = 1

    def number(self):
        self.next_id += 1
        return self.next_id

    # SSH keys

    def list_keys(self, query):
        return "ssh_keys", list(self.keys.values())

    def create_key(self, body):
        line = required(body, "public_key").strip()
        fingerprint = hashlib.md5(base64.b64decode(line.split()[1])).hexdigest()
        key = {"id": self.number(), "name": required(body, "name"), "public_key": line,
               "fingerprint": ":".join(fingerprint[i:i + 2] for i in range(0, 32, 2))}
        if any(other["fingerprint"] == key["fingerprint"] for other in self.keys.values()):
            raise Refusal(422, "SSH Key is already in use on your account")
        self.keys[str(key["id"])] = key
        self.write_keys()
        return 201, {"ssh_key": key}

    def get_key(self, name):
        return {"ssh_key": found(self.keys, name)}

    def delete_key(self, name):
        found(self.keys, name)
        del self.keys[name]
        self.write_keys()

    def write_keys(self):
        fresh = self.key_file.with_suffix(".new")
        fresh.write_text("".join(key["public_key"] + "\n" for key in self.keys.values()))
        fresh.rename(self.key_file)

    # VPCs

    def list_vpcs(self, query):
        return "vpcs", list(self.vpcs.values())

    def create_vpc(self, body):
        vpc_id = str(uuid.uuid4())
        vpc = {"id": vpc_id, "urn": f"do:vpc:{vpc_id}", "name": required(body, "name"), "description": body.get("description", ""),
               "region": required(body, "region"), "ip_range": body.get("ip_range", "127.2.0.0/16"), "default": False, "created_at": now()}
        self.vpcs[vpc_id] = vpc
        return 201, {"vpc": vpc}

    def get_vpc(self, name):
        return {"vpc": found(self.vpcs, name)}

    def vpc_members(self, name, query):
        found(self.vpcs, name)
        return "members", [{"urn": f"do:droplet:{d['id']}", "name": d["name"], "created_at": d["created_at"]}
                           for d in self.droplets.values() if d["vpc_uuid"] == name]

    def delete_vpc(self, name):
        found(self.vpcs, name)
        if any(d["vpc_uuid"] == name for d in self.droplets.values()):
            raise Refusal(403, "Can not delete VPC with members")
        del self.vpcs[name]

    # Tags

    def create_tag(self, body):
        name = required(body, "name")
        if name not in self.tags:
            self.tags.append(name)
        return 201, self.get_tag(name)

    def get_tag(self, name):
        if name not in self.tags:
            raise Refusal(404, "The resource you requested could not be found.")
        count = sum(name in d["tags"] for d in self.droplets.values())
        none = {"count": 0}
        return {"tag": {"name": name, "resources": {
            "count": count, "droplets": {"count": count}, "images": none, "volumes": none, "volume_snapshots": none, "databases": none}}}

    def delete_tag(self, name):
        self.get_tag(name)
        self.tags.remove(name)

    # Firewalls

    def list_firewalls(self, query):
        return "firewalls", list(self.firewalls.values())

    def create_firewall(self, body):
        return 202, self.put_firewall(str(uuid.uuid4()), body)

    def update_firewall(self, name, body):
        found(self.firewalls, name)
        return 200, self.put_firewall(name, body)

    def put_firewall(self, name, body):
        for tag in body.get("tags") or []:
            self.get_tag(tag)
        firewall = {"id": name, "name": required(body, "name"), "status": "succeeded", "created_at": now(), "pending_changes": [],
                    "droplet_ids": body.get("droplet_ids") or [], "tags": body.get("tags") or [],
                    "inbound_rules": body.get("inbound_rules") or [], "outbound_rules": body.get("outbound_rules") or []}
        self.firewalls[name] = firewall
        return {"firewall": firewall}

    def get_firewall(self, name):
        return {"firewall": found(self.firewalls, name)}

    def delete_firewall(self, name):
        found(self.firewalls, name)
        del self.firewalls[name]

    # Droplets

    def list_droplets(self, query):
        return "droplets", [shown(d) for d in self.droplets.values()
                            if query.get("tag_name", d["tags"][:1])[0] in d["tags"] and query.get("name", [d["name"]])[0] == d["name"]]

    def create_droplet(self, body):
        known = {str(key["id"]) for key in self.keys.values()} | {key["fingerprint"] for key in self.keys.values()}
        if not body.get("ssh_keys") or not {str(key) for key in body["ssh_keys"]} <= known:
            raise Refusal(422, "ssh_keys are invalid key identifiers for Droplet creation.")
        vpc = found(self.vpcs, required(body, "vpc_uuid"))
        high, low = divmod(self.next_host, 250)
        self.next_host += 1
        public, private = f"127.1.{high}.{low + 2}", f"127.2.{high}.{low + 2}"
        droplet = {
            "id": self.number(), "name": required(body, "name"), "memory": 1024, "vcpus": 1, "disk": 25, "locked": False,
            "created_at": now(), "features": ["private_networking"], "backup_ids": [], "snapshot_ids": [], "volume_ids": [],
            "image": {"slug": required(body, "image"), "distribution": "Debian"}, "size_slug": required(body, "size"),
            "size": {"slug": body["size"], "memory": 1024, "vcpus": 1, "disk": 25, "price_monthly": 6.0, "price_hourly": 0.00893},
            "networks": {"v4": [{"ip_address": public, "netmask": "255.255.0.0", "gateway": "127.1.0.1", "type": "public"},
                                {"ip_address": private, "netmask": "255.255.0.0", "gateway": None, "type": "private"}], "v6": []},
            "region": {"slug": vpc["region"], "name": vpc["region"]}, "tags": body.get("tags") or [], "vpc_uuid": vpc["id"],
            "active_at": time.monotonic() + BOOT}
        for tag in droplet["tags"]:
            self.create_tag({"name": tag})
        (self.hosts / public).mkdir()
        self.droplets[str(droplet["id"])] = droplet
        return 202, {"droplet": shown(droplet), "links": {"actions": []}}

    def get_droplet(self, name):
        return {"droplet": shown(found(self.droplets, name))}

    def droplet_actions(self, name, query):
        droplet = shown(found(self.droplets, name))
        return "actions", [{"id": droplet["id"], "type": "create", "status": "completed" if droplet["status"] == "active" else "in-progress"}]

    def delete_droplet(self, name):
        shutil.rmtree(self.hosts / found(self.droplets, name)["networks"]["v4"][0]["ip_address"])
        del self.droplets[name]


def shown(droplet):
    """A droplet as the API shows it at this moment."""
    status = "active" if time.monotonic() >= droplet["active_at"] else "new"
    return {key: value for key, value in droplet.items() if key != "active_at"} | {"status": status}


def found(things, name):
    if name not in things:
        raise Refusal(404, "The resource you requested could not be found.")
    return things[name]


def required(body, name):
    if not body.get(name):
        raise Refusal(422, f"{name} is missing")
    return body[name]


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


NAME = r"([^/]+)"
ROUTES = [(method, re.compile(f"/v2/{path}"), handler) for method, path, handler in [
    ("GET", "account/keys", Account.list_keys), ("POST", "account/keys", Account.create_key),
    ("GET", f"account/keys/{NAME}", Account.get_key), ("DELETE", f"account/keys/{NAME}", Account.delete_key),
    ("GET", "vpcs", Account.list_vpcs), ("POST", "vpcs", Account.create_vpc),
    ("GET", f"vpcs/{NAME}", Account.get_vpc), ("DELETE", f"vpcs/{NAME}", Account.delete_vpc), ("GET", f"vpcs/{NAME}/members", Account.vpc_members),
    ("POST", "tags", Account.create_tag), ("GET", f"tags/{NAME}", Account.get_tag), ("DELETE", f"tags/{NAME}", Account.delete_tag),
    ("GET", "firewalls", Account.list_firewalls), ("POST", "firewalls", Account.create_firewall), ("PUT", f"firewalls/{NAME}", Account.update_firewall),
    ("GET", f"firewalls/{NAME}", Account.get_firewall), ("DELETE", f"firewalls/{NAME}", Account.delete_firewall),
    ("GET", "droplets", Account.list_droplets), ("POST", "droplets", Account.create_droplet),
    ("GET", f"droplets/{NAME}", Account.get_droplet), ("DELETE", f"droplets/{NAME}", Account.delete_droplet),
    ("GET", f"droplets/{NAME}/actions", Account.droplet_actions),
]]
LISTS = (Account.list_keys, Account.list_vpcs, Account.vpc_members, Account.list_firewalls, Account.list_droplets, Account.droplet_actions)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Head and body of an answer go out together.
    wbufsize = -1

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length)
        try:
            if self.path == "/requests":
                self.send(200, self.server.counts)
                return
            if self.headers.get("Authorization") != "Bearer simulated":
                raise Refusal(401, "Unable to authenticate you")
            with self.server.account.lock:
                self.server.counts[self.command] = self.server.counts.get(self.command, 0) + 1
                status, body = self.route(json.loads(text) if text else {})
                payload = None if body is None else json.dumps(body).encode()
            self.send_bytes(status, payload)
        except Refusal as refusal:
            self.send(refusal.status, {"id": "refused", "message": str(refusal)})

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def route(self, body):
        address = urlsplit(self.path)
        for method, pattern, handler in ROUTES:
            match = pattern.fullmatch(address.path)
            if method != self.command or not match:
                continue
            if handler in LISTS:
                query = parse_qs(address.query)
                return 200, self.page(address, query, *handler(self.server.account, *match.groups(), query))
            if method in ("POST", "PUT"):
                return handler(self.server.account, *match.groups(), body)
            answer = handler(self.server.account, *match.groups())
            return (200, answer) if method == "GET" else (204, None)
        raise Refusal(404, f"the simulated API has no {self.command} {address.path}")

    def page(self, address, query, name, items):
        size, page = int(query.get("per_page", ["20"])[0]), int(query.get("page", ["1"])[0])
        links = {}
        if page * size < len(items):
            following = urlencode({**{key: values[0] for key, values in query.items()}, "page": page + 1})
            links = {"pages": {"next": f"http://{self.headers['Host']}{address.path}?{following}"}}
        return {name: items[(page - 1) * size:page * size], "links": links, "meta": {"total": len(items)}}

    def send(self, status, body):
        self.send_bytes(status, json.dumps(body).encode())

    def send_bytes(self, status, payload):
        self.send_response(status)
        if payload is not None:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if payload is not None:
            self.wfile.write(payload)

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, account):
        super().__init__(address, Handler)
        self.account, self.counts = account, {}


if __name__ == "__main__":
    server = Server((sys.argv[1], int(sys.argv[2])), Account(sys.argv[3], sys.argv[4]))
    print("ready", flush=True)
    server.serve_forever()
