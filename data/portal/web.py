"""HTTP for the portal: what the browser sends, what it gets, and the server on loopback."""

import collections
import dataclasses
import ipaddress
import re
import socketserver
import sys
import urllib.parse
import wsgiref.simple_server

from texts import TEXTS

BODY_LIMIT = 4096  # bytes; a form with a token has about 120
SOCKET_TIMEOUT = 30  # seconds that a browser may be silent

HEADERS = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
                                "frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),  # the landing page's address holds the token
    ("X-Content-Type-Options", "nosniff"),
]


def log(line):
    """For an admin. No line tells of a person, and none has a token: so no address, no query and no unknown path."""
    print(line, file=sys.stderr, flush=True)


class Refusal(Exception):
    """A request that gets a page of TEXTS instead of what it asked for."""

    def __init__(self, status, key, *headers, **details):
        super().__init__(status)
        self.status, self.key, self.headers, self.details = status, key, headers, details


@dataclasses.dataclass
class Response:
    body: bytes
    status: str = "200 OK"
    headers: tuple = ()
    content_type: str = "text/html; charset=utf-8"


class Request:
    def __init__(self, environ, trusts_proxy=False):
        self.environ, self.trusts_proxy = environ, trusts_proxy
        self.method, self.path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        pairs = (pair.strip().partition("=") for pair in environ.get("HTTP_COOKIE", "").split(";"))
        self.cookies = collections.defaultdict(str, {name: value for name, _, value in pairs})  # empty: there is none

    def query(self):
        return fields(self.environ.get("QUERY_STRING", ""))

    def form(self):
        """The fields of the form in the body, which is read once."""
        if self.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            raise Refusal("415 Unsupported Media Type", "bad_request")
        length = self.environ.get("CONTENT_LENGTH", "")
        if not re.fullmatch("[0-9]+", length):
            raise Refusal("411 Length Required", "bad_request")
        if len(length) > len(str(BODY_LIMIT)) or int(length) > BODY_LIMIT:
            raise Refusal("413 Content Too Large", "bad_request")
        return fields(self.environ["wsgi.input"].read(int(length)).decode("ascii", "replace"))

    def address(self):
        """Where the request comes from, or None. The last hop is the proxy's own word, what stands before it hearsay."""
        hop = self.environ["REMOTE_ADDR"]
        if self.trusts_proxy:
            hop = self.environ.get("HTTP_X_FORWARDED_FOR", hop).rpartition(",")[2]
        try:
            return str(ipaddress.ip_address(hop.strip().partition("%")[0]))
        except ValueError:
            return None

    def language(self):
        """The one of ours that the browser likes best; Danish if it does not say."""
        best, most = "da", 0.0
        for choice in self.environ.get("HTTP_ACCEPT_LANGUAGE", "")[:200].split(","):
            found = re.fullmatch(r"([A-Za-z]+)(?:-[A-Za-z0-9-]+)?(?:;q=([01](?:\.[0-9]{0,3})?))?", choice.replace(" ", ""))
            if found and found[1].lower() in TEXTS and float(found[2] or 1) > most:
                best, most = found[1].lower(), float(found[2] or 1)
        return best


def fields(text):
    try:
        return dict(urllib.parse.parse_qsl(text, max_num_fields=10))
    except ValueError:
        raise Refusal("400 Bad Request", "bad_request") from None


class Handler(wsgiref.simple_server.WSGIRequestHandler):
    timeout = SOCKET_TIMEOUT

    def get_environ(self):
        # To WSGI, X_Forwarded_For is the header X-Forwarded-For; to the proxy, which sets that one, it is another.
        for name in [name for name in self.headers if "_" in name]:
            del self.headers[name]
        return super().get_environ()

    def log_message(self, *_):
        """The library's lines have the address, the token in it, and who asked."""


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    """A thread for each request."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port, application):
        super().__init__(("127.0.0.1", port), Handler)
        self.set_app(application)

    def handle_error(self, *_):
        log(f"a connection broke: {sys.exc_info()[0].__name__}")
