"""Addresses that a daemon binds to and tells others, and small JSON requests between stand-ins."""

import base64
import http.client
import json
import os
import socket
from dataclasses import dataclass


class AddressError(Exception):
    """The host's own name does not resolve, so no address can be told to others."""


@dataclass(frozen=True)
class Endpoint:
    """Where a daemon listens (bind, port) and where others are told to find it (ip, hostname)."""

    bind: str
    ip: str
    hostname: str
    port: int

    @property
    def address(self):
        """The address and port that others call back, as ip:port."""
        return f"{self.ip}:{self.port}"


def resolve(ip, advertise_ip, hostname, port, hostname_lookup=True):
    """The rules of libprocess: without an address it listens everywhere and advertises what its hostname resolves to
    (127.0.1.1 on a Debian host, which no other host can call back)."""
    ip = ip or os.environ.get("LIBPROCESS_IP")
    advertised = advertise_ip or os.environ.get("LIBPROCESS_ADVERTISE_IP")
    if not advertised:
        advertised = ip
        if ip in (None, "", "0.0.0.0"):
            try:
                advertised = socket.gethostbyname(socket.gethostname())
            except OSError as error:
                raise AddressError(f"Failed to obtain the IP address for '{socket.gethostname()}'; the DNS service "
                                   f"may not be able to resolve it: {error.strerror}") from error
    if not hostname:
        hostname = socket.getnameinfo((advertised, 0), 0)[0] if hostname_lookup else advertised
    return Endpoint(ip or "0.0.0.0", advertised, hostname, port)


class RemoteError(Exception):
    """A daemon answered, but not with 2xx."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status
        self.text = text


def call(address, path, body=None, timeout=5.0):
    """GETs, or POSTs JSON to, http://address/path and returns the JSON answer. OSError where nobody answers."""
    connection = http.client.HTTPConnection(address, timeout=timeout)
    try:
        if body is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    except http.client.HTTPException as error:
        raise ConnectionError(f"{address} broke off: {error!r}") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise RemoteError(answer.status, text.strip())
    return json.loads(text)


def basic_credentials(header):
    """(principal, secret) of a Basic authorization header, or None."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        principal, colon, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return None
    return (principal, secret) if colon else None
