"""A kundehub of its own in a temporary directory, and what its surroundings see of it. Python's standard library only.

The program under test is named by KUNDEHUB_BINARY (build/bin/kundehub without it). It runs with LC_ALL=C, without a
terminal and with an environment of its own, so that nothing of the machine's set-up reaches it.
"""

import email
import email.policy
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("KUNDEHUB_BINARY", str(SOURCE / "build/bin/kundehub"))
FULL = os.environ.get("KUNDEHUB_TEST_LENGTH") == "full"
LIMIT = 60  # seconds that one command may take: a hang is a failure, not a wait

TOKEN = re.compile(r"https://hub\.example\.dk/welcome\?token=([A-Za-z0-9_-]*)")


class Result:
    """What a command left: its exit code and both streams, as bytes and as text."""

    def __init__(self, code, out, err):
        self.code, self.raw_out, self.raw_err = code, out or b"", err or b""  # a stream that went elsewhere is None
        self.out, self.err = (stream.decode("utf-8", "replace") for stream in (self.raw_out, self.raw_err))

    def json(self):
        return json.loads(self.out)

    def error(self):
        """The JSON error on stderr's last line, or None."""
        try:
            return json.loads(self.err.splitlines()[-1])["error"]
        except (IndexError, ValueError, KeyError, TypeError):
            return None

    def __str__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Hub:
    """A configuration, a database and a mail transport below one directory."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.config, self.database = self.directory / "config.toml", self.directory / "hub.db"
        self.maildir, self.user = self.directory / "Maildir", None
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.directory),
                            "KUNDEHUB_CONFIG": str(self.config), "KUNDEHUB_DB": str(self.database)}

    def start(self, *args, **options):
        """The command as a Popen: for what has to happen while it runs."""
        environment = {**self.environment, **options.pop("env", {})}
        settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                    "cwd": self.directory, "user": self.user, **options}
        return subprocess.Popen([BINARY, *args], env=environment, start_new_session=True, **settings)

    def run(self, *args, stdin=None, limit=LIMIT, **options):
        if stdin is not None:
            options["stdin"] = subprocess.PIPE
        process = self.start(*args, **options)
        try:
            out, err = process.communicate(stdin, timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise AssertionError(f"kundehub {args} did not end within {limit} s") from None
        return Result(process.returncode, out, err)

    def put_into_path(self):
        """For lines that call the program by its name."""
        programs = self.directory / "programs"
        programs.mkdir()
        (programs / "kundehub").symlink_to(os.path.abspath(BINARY))
        self.environment["PATH"] = f"{programs}:{self.environment['PATH']}"

    def init(self, transport=None):
        return self.run("init", "--company", "Rødgrød Regnskab ApS", "--hub-url", "https://hub.example.dk",
                        "--mail-from", "Rødgrød <hub@example.dk>", "--transport",
                        transport or f"maildir:{self.maildir}")

    def use_transport(self, url):
        result = self.run("config", "set", "mail.transport", url)
        assert result.code == 0, result

    def sql(self, statement, *values):
        """Rows of the database, read as a program beside kundehub would: it may have to roll back what a kill has left."""
        connection = sqlite3.connect(f"file:{self.database}?mode=rw", uri=True, timeout=LIMIT)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def change(self, statement):
        """Changes the database behind the program's back: for moving its clock."""
        connection = sqlite3.connect(self.database, timeout=LIMIT)
        with connection:
            connection.execute(statement)
        connection.close()

    def dump(self):
        """All that the database holds, for comparing before with after."""
        connection = sqlite3.connect(f"file:{self.database}?mode=rw", uri=True, timeout=LIMIT)
        try:
            return list(connection.iterdump())
        finally:
            connection.close()

    def mails(self):
        """The mails in the Maildir by their recipient's address."""
        found = {}
        for file in sorted(self.maildir.glob("new/*")):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            found.setdefault(mail["To"].addresses[0].addr_spec, []).append(mail)
        return found


class HubTest(unittest.TestCase):
    """A test with a Hub that is ready for use, unless `ready` is false."""

    ready = True

    def setUp(self):
        directory = tempfile.mkdtemp(prefix="kundehub-")
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        os.chmod(directory, 0o755)
        self.hub = Hub(directory)
        if self.ready:
            self.expect(0, self.hub.init())

    def expect(self, code, result):
        """`result`, whose exit code has to be `code`. Nothing that a terminal obeys may be in it."""
        self.assertEqual(result.code, code, result)
        return result

    def ok(self, *args, **options):
        return self.expect(0, self.hub.run(*args, **options))

    def add_business(self, *options, name="Smedjen ApS"):
        return self.ok("customer", "add", "--business", name, *options, "--format", "ids").out.strip()

    def welcome_of(self, target, *options):
        """The state of each mail to `target`, newest first."""
        return self.ok("welcome", "status", target, "--json", *options).json()

    def assert_sound(self):
        self.assertEqual(self.hub.sql("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.hub.sql("PRAGMA foreign_key_check"), [])


def require_strace():
    """Skips the test where strace is not there, or where this machine lets nobody be traced."""
    if not shutil.which("strace"):
        raise unittest.SkipTest("strace is not there: run tests/install_dependencies.sh")
    if subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        raise unittest.SkipTest("this machine does not let processes be traced")


def bodies(mail):
    """Both bodies of a mail, as a reader's program decodes them: text, HTML."""
    return tuple(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))


def main():
    unittest.main(verbosity=2)
