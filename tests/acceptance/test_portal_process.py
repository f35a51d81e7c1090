"""The worked example of a portal as it is started: with a program in kundehub's place that answers what it is told, and
with kundehub itself."""

import contextlib
import http.client
import json
import re
import shlex
import socket
import subprocess
import sys

from hub import BINARY, LIMIT, SOURCE, HubTest, bodies, main
from portals import ANNA, FOLDER, TOKEN, PortalServer
from texts import TEXTS

# kundehub [--json] [--config FILE] [--db FILE] NOUN VERB ...: keeps what it is given and gives what it is told.
FAKE = """#!/bin/sh
printf '%s\\n' "$*" >>'{0}/calls'
cat >>'{0}/stdin'
while [ "${{1#--}}" != "$1" ]; do case $1 in --json) shift ;; *) shift 2 ;; esac; done
cat '{0}/'"$1-$2" 2>/dev/null || printf '""'
exit "$(cat '{0}/'"$1-$2.exit" 2>/dev/null || echo 0)"
"""


class PortalTest(HubTest):
    """A test with `portal`, a PortalServer, that sets it up."""

    def ask(self, method, path, body=None, headers=()):
        """(status, headers, body) over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=10)
        with contextlib.closing(connection):
            if body is not None:
                headers = {"Content-Type": "application/x-www-form-urlencoded", **dict(headers)}
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def log_in(self, headers=(), token=TOKEN):
        """What the button of the landing page answers."""
        _, told, page = self.ask("GET", f"/welcome?token={token}")
        cookie = told["Set-Cookie"].partition(";")[0]
        secret = re.search('name="form" value="([^"]*)"', page)[1]
        return self.ask("POST", "/welcome", f"form={secret}&token={token}", {"Cookie": cookie, **dict(headers)})


class Process(PortalTest):
    def setUp(self):
        super().setUp()
        self.fake = self.hub.directory / "fake"
        self.fake.mkdir()
        program = self.fake / "kundehub"
        program.write_text(FAKE.format(self.fake))
        program.chmod(0o755)
        self.tell("config-get", '"http://127.0.0.1:1"')
        self.portal = PortalServer(self.hub, "--trust-proxy", program=program)
        self.addCleanup(self.portal.close)

    def tell(self, question, answer, code=0):
        (self.fake / question).write_text(answer)
        (self.fake / f"{question}.exit").write_text(str(code))

    def test_day(self):
        self.tell("portal-redeem", json.dumps({**ANNA, "redeemed": True, "impersonation": False}))
        self.tell("portal-check", json.dumps([ANNA]))
        self.tell("module-list", json.dumps([{"key": "projects", "title_da": "Projekter", "title_en": "Projects"}]))
        status, headers, _ = self.log_in([("X-Forwarded-For", "198.51.100.1, 192.0.2.7")])
        self.assertEqual((status, headers["Location"]), (303, "/"))
        status, _, page = self.ask("GET", "/", headers={"Cookie": headers["Set-Cookie"].partition(";")[0]})
        self.assertEqual(status, 200)
        self.assertIn("Projekter", page)
        options = f"--json --config {self.hub.config} --db {self.hub.database}"
        self.assertEqual((self.fake / "calls").read_text().splitlines()[3:],
                         [f"{options} portal redeem --token-stdin --ip 192.0.2.7",
                          f"{options} portal check -- anna@smedjen.example", f"{options} module list"])
        self.assertEqual((self.fake / "stdin").read_text(), TOKEN)

    def test_a_header_that_only_looks_like_the_proxys(self):
        self.log_in([("X-Forwarded-For", "192.0.2.7"), ("X_Forwarded_For", "198.51.100.1")])
        self.assertIn("--ip 192.0.2.7\n", (self.fake / "calls").read_text())

    def test_no_answer(self):
        for answer, code in (("", 75), ("{}", 78), ("", 1), ("", 139), ("no JSON", 0)):
            self.tell("portal-redeem", answer, code)
            status, headers, page = self.log_in()
            self.assertEqual((status, headers["Retry-After"]), (503, "30"), code)
            self.assertIn("Prøv igen om lidt", page)
        self.assertIn("kundehub portal redeem: exit 75\n", self.portal.log())
        (self.fake / "kundehub").unlink()
        self.assertEqual(self.log_in()[0], 503)
        self.assertIn("No such file or directory", self.portal.log())

    def test_log_tells_of_nobody(self):
        self.tell("portal-redeem", json.dumps({**ANNA, "redeemed": True, "impersonation": False}))
        self.tell("portal-check", "anna@smedjen.example", 75)
        _, headers, _ = self.log_in([("X-Forwarded-For", "192.0.2.7"), ("Referer", f"http://x/?{TOKEN}")])
        self.ask("GET", "/", headers={"Cookie": headers["Set-Cookie"].partition(";")[0]})
        for path in (f"/welcome/{TOKEN}", f"/{TOKEN}", f"/welcome%3Ftoken={TOKEN}", f"//welcome?token={TOKEN}",
                     f"/open?{TOKEN}"):
            self.ask("GET", path)
        self.ask(TOKEN, "/")
        for line in (f"GET /welcome?token={TOKEN} HTTP/9.9", f"GET /welcome?token={TOKEN} extra HTTP/1.0", TOKEN):
            self.send(line.encode() + b"\r\n\r\n")
        log = self.portal.log()
        self.assertIn("POST /welcome 303 See Other\nkundehub portal check: exit 75\nGET / 503", log)
        self.assertNotRegex(log, f"{TOKEN}|anna|Anna|192.0.2|127.0.0.1 -|{headers['Set-Cookie'][12:50]}")

    def send(self, request):
        """What the portal answers to these bytes."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.portal.port), 10) as connection:
            with contextlib.suppress(ConnectionError):  # what is too much is not read
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                while chunk := connection.recv(65536):
                    answer += chunk
        return answer

    def test_broken_requests(self):
        post = b"POST /welcome HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        for request, status in ((b"\0\xff\r\n\r\n", b"400"), (b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\n\r\n", b"414"),
                                (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
                                (b"GET /%00%ff%c3 HTTP/1.1\r\n\r\n", b"404"),
                                (b"GET /welcome?token=%00%ff HTTP/1.1\r\n\r\n", b"403"),
                                (post + b"Content-Length: 99999\r\n\r\n" + b"x" * 99999, b"413"),
                                (post + b"Content-Length: 100\r\n\r\nform=cut", b"403"),
                                (post + b"Transfer-Encoding: chunked\r\n\r\n4\r\nform\r\n0\r\n\r\n", b"411")):
            self.assertIn(status, self.send(request)[:400], request[:60])
        self.assertEqual(self.ask("GET", "/style.css")[0], 200)

    def test_start(self):
        for url, code, message in (("https://example.dk/hub", 0, "without a path"), ("", 0, "hub.url"),
                                   ("", 78, "exit 78")):
            self.tell("config-get", json.dumps(url), code)
            done = subprocess.run([sys.executable, "-B", FOLDER / "portal.py", "--kundehub", self.fake / "kundehub"],
                                  env=self.hub.environment, capture_output=True, text=True, timeout=LIMIT, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, f"^portal: .*{message}")


class Reasons(PortalTest):
    """Each reason that kundehub gives has its page."""

    def setUp(self):
        super().setUp()
        self.portal = PortalServer(self.hub)
        self.addCleanup(self.portal.close)
        self.add_business("--contact", "Anna Berg <anna@smedjen.example>", "--hub", "--module", "projects")
        self.ok("welcome", "send", "1001")
        mail, = self.hub.mails()["anna@smedjen.example"]
        self.token = self.portal.link.search(bodies(mail)[0])[0].partition("=")[2]

    def assert_reason(self, reason, token=None):
        status, _, page = self.log_in(token=token or self.token)
        self.assertEqual((status, TEXTS["da"][reason][0] in page), (403, True), page)

    def test_too_many_attempts(self):
        for _ in range(100):  # 20 in a minute are answered, and a new minute may begin meanwhile
            status, headers, page = self.log_in()
            if status != 403:
                break
        self.assertEqual((status, TEXTS["da"]["too_many_attempts"][0] in page), (429, True), page)
        self.assertLessEqual(int(headers["Retry-After"]), 60)

    def test_not_sent(self):
        self.hub.change("UPDATE welcome SET state = 'queued', link_out_until = NULL, sent_at = NULL")
        self.assert_reason("not_sent")

    def test_expired(self):
        self.hub.change("UPDATE welcome SET link_out_until = 1, link_expires_at = 1")
        self.assert_reason("expired")

    def test_no_access(self):
        self.hub.change("UPDATE contact SET hub = 0")
        self.assert_reason("no_access")

    def test_archived(self):
        self.ok("customer", "archive", "1001")
        self.assert_reason("archived")

    def test_unknown(self):
        self.assert_reason("unknown", TOKEN)
        self.ok("customer", "delete", "1001", "--yes")
        self.assert_reason("unknown")


class Demo(HubTest):
    ready = False

    def run_demo(self, *arguments):
        return subprocess.run(["sh", SOURCE / "data/demo/run.sh", "--kundehub", BINARY, *arguments], capture_output=True,
                              env=self.hub.environment, text=True, timeout=LIMIT, check=False)

    def test_links(self):
        folder = self.hub.directory / "a demo's folder"
        done = self.run_demo("--port", "8123", folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        links = re.findall(r"(\S+@\S+)>\n    http://127\.0\.0\.1:8123/welcome\?token=[\w-]{43}\n", done.stdout)
        self.assertEqual({link.partition("<")[2] for link in links},
                         {"anna@smedjen.example", "ben@smedjen.example", "ida@holm.example"})
        for line in done.stdout.splitlines():
            if line.startswith("  python3 "):
                self.assertEqual(shlex.split(line)[1:3], [str(FOLDER / "portal.py"), "--kundehub"])
        again = self.run_demo(folder)
        self.assertEqual((again.returncode, again.stderr), (1, f"run.sh: {folder} is not empty\n"))

    def test_usage(self):
        for arguments in (["--bad"], ["--port"], ["--port", "x"], ["a", "b"]):
            self.assertEqual(self.run_demo(*arguments).returncode, 2, arguments)
        self.assertEqual(self.run_demo("--kundehub", "/nowhere").returncode, 1)


if __name__ == "__main__":
    main()
