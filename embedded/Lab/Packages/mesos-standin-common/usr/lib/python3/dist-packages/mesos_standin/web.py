"""A small HTTP server: handlers by method and path pattern, JSON or HTML answers."""

import json
import re
import socket
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from . import BANNER


class Answer(Exception):
    """An answer to a request; raised or returned by handlers."""

    def __init__(self, status=200, body=None, headers=None, content_type="application/json"):
        super().__init__(status)
        self.status = status
        self.headers = dict(headers or {})
        self.content_type = content_type
        if isinstance(body, bytes):
            self.body = body
        elif isinstance(body, str):
            self.body = body.encode("utf-8")
        else:
            self.body = b"" if body is None else json.dumps(body).encode("utf-8")


def html(text):
    return Answer(200, text, content_type="text/html; charset=utf-8")


def plain(text, status=200):
    return Answer(status, text, content_type="text/plain; charset=utf-8")


def redirect(location):
    return Answer(307, "", {"Location": location}, "text/plain")


def unauthorized(realm):
    return Answer(401, "", {"WWW-Authenticate": f'Basic realm="{realm}"'}, "text/plain")


class Request:
    """One request as handlers see it."""

    def __init__(self, handler, body):
        parts = urlsplit(handler.path)
        self.method = handler.command
        self.target = handler.path
        self.path = parts.path
        self.query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        self.headers = handler.headers
        self.body = body

    def json(self):
        """The body, which must be called JSON: what a web page sends anywhere without asking first is called otherwise."""
        if self.headers.get_content_type() != "application/json":
            raise Answer(415, {"message": "Unsupported Media Type"})
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Answer(400, {"message": f"Invalid JSON: {error}"}) from error


class Server(ThreadingHTTPServer):
    """Listens at once and serves until the process ends; routes are (method, pattern, handler)."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, bind, port, routes, before=None):
        self.routes = [(method, re.compile(pattern), handler) for method, pattern, handler in routes]
        self.before = before
        super().__init__((bind, port), _Handler)

    def server_bind(self):
        # The base class looks the address up in the DNS, which can take long and serves nothing.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    def answer(self, request):
        try:
            if self.before:
                early = self.before(request)
                if early:
                    return early
            allowed = False
            for method, pattern, handler in self.routes:
                match = pattern.fullmatch(request.path)
                if match and (method == request.method or (method == "GET" and request.method == "HEAD")):
                    result = handler(request, *match.groups())
                    return result if isinstance(result, Answer) else Answer(200, result)
                allowed = allowed or bool(match)
            return plain("", 405) if allowed else plain("Not found", 404)
        except Answer as answer:
            return answer
        except Exception:  # one faulty request must not end the daemon; it is told to both sides
            traceback.print_exc(file=sys.stderr)
            return plain("Internal error of the stand-in", 500)


def _length(text, base):
    length = int(text, base)
    if length < 0:
        raise ValueError(f"{text} is no length")
    return length


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mesos-standin"
    timeout = 60

    def _serve(self):
        try:
            answer = self.server.answer(Request(self, self._body()))
        except ValueError as error:
            # What follows on this connection may be the rest of the body.
            answer = Answer(400, {"message": f"Bad request: {error}"}, {"Connection": "close"})
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("X-Stand-In", BANNER)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _body(self):
        """The whole body, of a told length or in chunks. ValueError where its end cannot be told."""
        if "Transfer-Encoding" not in self.headers:
            return self.rfile.read(_length(self.headers.get("Content-Length", "0"), 10))
        body = b""
        while size := _length(self.rfile.readline().decode("latin-1").partition(";")[0], 16):
            body += self.rfile.read(size)
            if self.rfile.readline().strip():
                raise ValueError("a chunk is longer than it says")
        while self.rfile.readline().strip():
            pass  # trailers say nothing that anybody here asks for
        return body

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve

    def log_message(self, format, *args):  # the name is the base class's
        """Requests are not logged."""
