"""Every way a mail server can go wrong at every stage of the conversation: what becomes of the mail, and that it arrives
once when the server is willing again."""

import concurrent.futures
import email
import email.policy
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import FULL, Hub, HubTest, main
from servers import ScriptedServer

ADDRESS = "aase@smedjen.example.dk"
USER, PASSWORD = "hub", "hemmelig"
WORKERS = 8
LONGEST = 10  # seconds that one delivery may take, with timeouts of a second where a server hangs

# The mail's state after the first run.
EXPECTED = """
            4xx       5xx     drop       hang       garbage    multiline  1MB
  greeting  deferred  queued  deferred   deferred   deferred   sent       deferred
  EHLO      deferred  queued  deferred   deferred   deferred   sent       deferred
  STARTTLS  deferred  queued  deferred   deferred   deferred   sent       deferred
  AUTH      deferred  queued  deferred   deferred   deferred   sent       deferred
  MAIL      deferred  queued  deferred   deferred   deferred   sent       deferred
  RCPT      deferred  failed  deferred   deferred   deferred   sent       deferred
  DATA      deferred  failed  deferred   deferred   deferred   sent       deferred
  dot       deferred  failed  uncertain  uncertain  uncertain  sent       uncertain
  QUIT      sent      sent    sent       sent       sent       sent       sent
"""

# What goes with a state: the exit code, and how many tries are counted.
CONSEQUENCES = {"sent": (0, 1), "deferred": (75, 1), "uncertain": (5, 1), "failed": (69, 1), "queued": (78, 0)}

SCRIPTS = {"4xx": "451 4.3.0 later", "5xx": "554 5.3.0 no", "drop": "drop", "hang": "hang", "garbage": "garbage",
           "multiline": "multiline", "1MB": "longline"}
# For the long form: script and the column whose states it shares.
MORE_SCRIPTS = {"421": ("421 4.3.2 closing", "4xx"), "endless": ("endless", "1MB")}


def expected_states():
    """{(stage, fault): state} of the table."""
    head, *rows = (line.split() for line in EXPECTED.strip().splitlines())
    return {(row[0], fault): state for row in rows for fault, state in zip(head, row[1:], strict=True)}


def make_certificate(directory):
    """A certificate for 0.0.0.0, which leads to this machine and does not count as loopback, and its key."""
    certificate, key = directory / "cert.pem", directory / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:0.0.0.0", "-out", certificate, "-keyout",
                    key], check=True, stderr=subprocess.DEVNULL)
    return certificate, key


class Cell:
    """One fault at one stage, with a hub and a server of its own."""

    def __init__(self, test, stage, fault, state, *, script=None, tls=False, scripted_stages=()):
        self.test, self.stage, self.fault, self.state = test, stage, fault, state
        self.tls = tls or stage == "STARTTLS"
        stages = scripted_stages or ["login" if stage == "AUTH" else stage]
        self.script = ";".join(f"{stage}={script or SCRIPTS[fault]}" for stage in stages)
        self.name = f"{'TLS ' if tls else ''}{self.script}"
        self.seconds = 0

    def run(self, directory):
        """Delivers the template's mail twice. Every deviation is in the error's text."""
        shutil.copytree(self.test.hub.directory, directory)
        self.hub = Hub(directory)
        options = ["--auth", f"{USER}:{PASSWORD}"] if self.stage == "AUTH" else []
        if self.tls:
            options += ["--tls", *map(str, self.test.certificate)]
        self.server = ScriptedServer(directory / "server", self.script, *options)
        try:
            self.configure()
            self.first_run()
            if self.state != "sent":
                self.second_run()
        finally:
            self.server.close()

    def configure(self):
        url = self.server.url.replace("127.0.0.1", "0.0.0.0") if self.tls else self.server.url
        settings = {"transport": url}
        if self.tls:
            settings["ca_file"] = self.test.certificate[0]
        if self.stage == "AUTH":
            settings |= {"username": USER, "password_file": self.test.password_file}
        if self.fault == "hang" and self.stage != "QUIT":  # nobody is to wait for the answer to QUIT
            settings |= {"connect_timeout": "1s", "reply_timeout": "1s"}
        for key, value in settings.items():
            self.test.expect(0, self.hub.run("config", "set", f"mail.{key}", value))

    def deliver(self):
        start = time.monotonic()
        result = self.hub.run("welcome", "deliver")
        self.seconds = max(self.seconds, time.monotonic() - start)
        return result

    def status(self):
        result = self.test.expect(0, self.hub.run("welcome", "status", ADDRESS, "--json"))
        (mail,) = result.json()
        return mail

    def first_run(self):
        result = self.deliver()
        status = self.status()
        code, tries = CONSEQUENCES[self.state]
        found = {"state": status["state"], "exit": result.code, "tries": status["tries"]}
        expected = {"state": self.state, "exit": code, "tries": tries}
        self.test.assertEqual(found, expected, f"{self.name}\n{result}")
        self.check_report(result)
        self.check_server(status)
        self.test.assertLess(self.seconds, LONGEST, f"{self.name} took too long")

    def check_report(self, result):
        check = self.test.assertRegex if self.state == "sent" else self.test.assertNotRegex
        check(result.out + result.err, r"(?i)\bsent\b", self.name)
        for stream in (result.raw_out, result.raw_err):
            self.test.assertNotRegex(stream, rb"[\x00\x07\x1b]", f"{self.name}: what the server sent reaches the terminal")
            self.test.assertLess(len(stream), 10_000, f"{self.name}: what the server sent fills the terminal")

    def check_server(self, status):
        """The fault was met at its stage, and the server has what the state says."""
        verb = {"greeting": None, "dot": "DATA"}.get(self.stage, self.stage)
        self.test.assertTrue(verb is None or self.was_said(verb), f"{self.name} was never met")
        mails = self.server.mails()
        allowed = {"sent": [1], "uncertain": [0, 1]}.get(self.state, [0])
        self.test.assertIn(len(mails), allowed, f"{self.name}: {self.state}, but the server has {len(mails)} mails")
        self.check_message_ids(status, mails)

    def was_said(self, verb):
        """Whether the server has received the command: QUIT may arrive after the client has ended."""
        for _ in range(100):
            if any(line.upper().startswith(verb) for line in self.server.commands()):
                return True
            time.sleep(0.02)
        return False

    def check_message_ids(self, status, mails):
        for _, raw in mails:
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            self.test.assertEqual(mail["Message-ID"], f"<{status['message_id']}>", self.name)

    def second_run(self):
        """The server is willing, and the wait is over. What has failed stays so until somebody asks for a new mail."""
        before, had = self.status(), len(self.server.mails())
        self.server.obey("")
        self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")
        result = self.test.expect(0, self.deliver())
        if self.state == "failed":
            self.test.assertEqual(self.status(), before, self.name)
            result = self.test.expect(0, self.hub.run("welcome", "send", ADDRESS))
        status, mails = self.status(), self.server.mails()
        found = {"state": status["state"], "tries": status["tries"], "new mails": len(mails) - had}
        tries = 1 if self.state == "failed" else before["tries"] + 1
        self.test.assertEqual(found, {"state": "sent", "tries": tries, "new mails": 1}, f"{self.name}\n{result}")
        self.test.assertLessEqual(len(mails), 2 if self.state == "uncertain" else 1, self.name)
        if self.state != "failed":
            self.test.assertEqual(status["message_id"], before["message_id"], self.name)
        self.check_message_ids(status, mails)


class Matrix(HubTest):
    """One mail waits in this test's hub; each cell works with a copy of it."""

    def setUp(self):
        super().setUp()
        self.add_business("--hub", "--module", "invoices", "--contact", f"Åse Æbelø <{ADDRESS}>")
        self.ok("welcome", "send", ADDRESS, "--queue")
        self.certificate = make_certificate(self.hub.directory)
        self.password_file = self.hub.directory / "password"
        self.password_file.write_text(PASSWORD + "\n")
        self.password_file.chmod(0o600)

    def run_cells(self, cells):
        """Runs all of them, many at once, and fails with those that deviate."""
        start = time.monotonic()
        cells_directory = self.hub.directory.with_name(self.hub.directory.name + "-cells")
        cells_directory.mkdir()
        self.addCleanup(shutil.rmtree, cells_directory, ignore_errors=True)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            running = [(cell, pool.submit(cell.run, cells_directory / str(number))) for number, cell in enumerate(cells)]
        deviating = 0
        for cell, future in running:
            with self.subTest(cell.name):
                deviating += future.exception() is not None
                future.result()
        slowest = max(cells, key=lambda cell: cell.seconds)
        print(f"{len(cells)} cells, {deviating} deviate: {time.monotonic() - start:.1f} s, the longest delivery "
              f"{slowest.seconds:.1f} s ({slowest.name})", file=sys.stderr)

    def test_every_fault_at_every_stage(self):
        cells = [Cell(self, stage, fault, state) for (stage, fault), state in expected_states().items()]
        self.assertEqual(len(cells), 63)
        self.run_cells(cells)

    def test_answer_to_quit_does_not_count(self):
        """An answer that does not fit its question makes the client say QUIT. What is said to that is about no mail."""
        misfits = {"MAIL": "354 go ahead", "RCPT": "354 go ahead", "DATA": "250 ok"}
        self.run_cells([Cell(self, stage, "misfit", "deferred", script=f"{reply};QUIT={answer}")
                        for stage, reply in misfits.items() for answer in ("221 2.0.0 bye", "550 5.1.1 no such user")])

    @unittest.skipUnless(FULL, "only in the long form")
    def test_more_faults(self):
        """421 and replies without end, and faults before the credentials are out."""
        states = expected_states()
        stages = dict.fromkeys(stage for stage, _ in states)
        cells = [Cell(self, stage, fault, states[stage, column], script=script)
                 for stage in stages for fault, (script, column) in MORE_SCRIPTS.items()]
        cells += [Cell(self, "AUTH", fault, states["AUTH", fault], scripted_stages=["AUTH"])
                  for fault in ("4xx", "5xx", "drop", "hang", "garbage")]
        self.run_cells(cells)

    @unittest.skipUnless(FULL, "only in the long form")
    def test_every_fault_within_tls(self):
        """The greeting and the first EHLO come before TLS; a HELO, where EHLO is refused, comes after it."""
        again = {"EHLO": ["EHLO#2", "EHLO#3"]}
        cells = [Cell(self, stage, fault, state, tls=True, scripted_stages=again.get(stage, ()))
                 for (stage, fault), state in expected_states().items() if stage not in ("greeting", "STARTTLS")]
        self.run_cells(cells)


if __name__ == "__main__":
    main()
