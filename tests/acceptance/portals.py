"""The worked example of a portal, data/portal/: in this process with an invented kundehub, and as a process of its own."""

import html
import io
import re
import subprocess
import sys
import unittest
import wsgiref.util
import wsgiref.validate

from hub import BINARY, SOURCE
from servers import free_port, wait_for_port

FOLDER = SOURCE / "data/portal"
sys.path.insert(0, str(FOLDER))

import portal  # noqa: E402
from pages import Pages  # noqa: E402
from texts import TEXTS  # noqa: E402

TOKEN = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"
ANNA = {"contact": "contact:7", "customer": "1001", "customer_name": "Smedjen ApS", "kind": "business",
        "name": "Anna Berg", "first_name": "Anna", "last_name": "Berg", "email": "anna@smedjen.example", "language": "da",
        "modules": ["projects"]}


class FakeKundehub:
    """Answers as it is told, and counts."""

    def __init__(self):
        self.person, self.refusal, self.open, self.fails = {**ANNA, "impersonation": False}, None, None, None
        self.redeemed, self.checked = [], []

    def answer(self, value):
        if self.fails:
            raise self.fails
        return value

    def redeem(self, token, address):
        self.redeemed.append((token, address))
        refusal = self.refusal or ("used" if [one for one, _ in self.redeemed].count(token) > 1 else None)
        if refusal:
            return self.answer({**dict.fromkeys(self.person), "redeemed": False, "reason": refusal, "retry_after": 90})
        return self.answer({**self.person, "redeemed": True, "reason": None, "retry_after": None})

    def places(self, email):
        self.checked.append(email)
        return self.answer([self.person] if self.open is None else self.open)

    def module_titles(self, language):
        return self.answer({"projects": {"da": "Projekter", "en": "Projects"}[language]})


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.code, self.headers, self.body = status, int(status[:3]), dict(headers), body
        self.cookies = [value for name, value in headers if name == "Set-Cookie"]
        self.text = body.decode()
        heading = re.search("<h1>(.*?)</h1>", self.text)
        self.title = html.unescape(re.sub("<.*?>", "", heading[1])) if heading else None


class Client:
    """A browser as far as the portal sees one: it keeps cookies, and sends a form's secret back."""

    def __init__(self, application):
        self.application, self.cookies, self.language = wsgiref.validate.validator(application), {}, "da"

    def ask(self, method, path, body=None, **environ):
        path, _, query = path.partition("?")
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1",
                   "HTTP_ACCEPT_LANGUAGE": self.language, "SCRIPT_NAME": "", **environ}
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            environ = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
                       "wsgi.input": io.BytesIO(body.encode()), **environ}
        wsgiref.util.setup_testing_defaults(environ)
        told = []
        answer = self.application(environ, lambda status, headers, _=None: told.extend((status, headers)))
        body = b"".join(answer)
        answer.close()
        answer = Answer(*told, body)
        for cookie in answer.cookies:
            name, value = cookie.partition(";")[0].split("=", 1)
            self.cookies.pop(name, None) if "Max-Age=0" in cookie else self.cookies.update({name: value})
        return answer

    def secret(self, page):
        return re.search('name="form" value="([^"]*)"', page.text)[1]

    def log_in(self, token=TOKEN, path="/welcome", **environ):
        """The answer to the button of the landing page."""
        page = self.ask("GET", f"{path}?token={token}")
        return self.ask("POST", path, f"form={self.secret(page)}&token={token}", **environ)


class AppTest(unittest.TestCase):
    url, trusts_proxy = "http://127.0.0.1:8000", False

    def setUp(self):
        self.kundehub, self.now = FakeKundehub(), 1000.0
        pages = Pages("Nordlys", "hub@nordlys.example")
        self.application = portal.Portal(self.kundehub, pages, self.url, self.trusts_proxy, clock=lambda: self.now)
        self.lines, log = [], portal.log
        self.addCleanup(setattr, portal, "log", log)
        portal.log = lambda line: self.lines.append(str(line))
        self.client = Client(self.application)

    def home(self):
        return self.client.ask("GET", "/")

    def assert_out(self, key):
        answer = self.home()
        self.assertEqual((answer.code, answer.title), (403, TEXTS["da"][key][0]))


class PortalServer:
    """`hub` is told the portal's address as its hub.url first."""

    def __init__(self, hub, *options, program=BINARY):
        self.port, self.log_file = free_port(), hub.directory / "portal.log"
        self.url = f"http://127.0.0.1:{self.port}"
        self.link = re.compile(re.escape(self.url) + r"/(?:welcome|open)\?token=[A-Za-z0-9_-]+")
        assert hub.run("config", "set", "hub.url", self.url).code == 0
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-B", FOLDER / "portal.py", "--kundehub", program, "--config", hub.config,
                 "--db", hub.database, "--port", str(self.port), *options],
                cwd=hub.directory, env=hub.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for_port(self.port, self.process)

    def log(self):
        return self.log_file.read_text("utf-8")

    def close(self):
        self.process.terminate()
        self.process.wait(10)
