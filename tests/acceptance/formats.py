"""Every command as it is typed once, on one prepared database, and what other programs read of its output."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import tempfile

from hub import TOKEN, Hub, HubTest, bodies

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids", "count")

# Each command that prints records, with its arguments.
RECORDS = {
    "init": [],
    "customer add": ["--business", "Ny ApS"],
    "customer list": [],
    "customer show": ["1001", "1002"],
    "customer edit": ["1001", "--city", "Ærøskøbing"],
    "customer archive": ["1001", "1002"],
    "customer unarchive": ["1003"],
    "customer delete": ["1001", "--yes"],
    "customer convert": ["1002", "--to", "business"],
    "customer merge": ["1004", "1001", "--yes", "--prefer", "into"],
    "customer search": ["anna"],
    "customer import": ["-"],
    "contact add": ["1001", "Ny Person <ny@nordlys.dk>", "--no-welcome"],
    "contact list": [],
    "contact show": ["contact:1", "contact:2"],
    "contact edit": ["contact:1", "--title", "Boss"],
    "contact delete": ["contact:1", "--yes"],
    "person show": ["anna@nordlys.dk"],
    "person edit": ["anna@nordlys.dk", "--title", "Boss"],
    "person revoke": ["anna@nordlys.dk"],
    "person erase": ["anna@nordlys.dk", "--yes"],
    "module list": [],
    "module add": ["files", "--da", "Filer", "--en", "Files"],
    "module edit": ["projects", "--da", "Sager"],
    "module delete": ["projects", "--yes"],
    "hub grant": ["1001", "1002"],
    "hub revoke": ["1001"],
    "hub status": [],
    "hub explain": ["contact:1"],
    "hub open": ["1001"],
    "hub logins": [],
    "portal redeem": ["--token-stdin"],
    "portal check": ["anna@nordlys.dk"],
    "portal login": ["contact:1"],
    "db status": [],
    "db check": [],
    "db migrate": [],
    "db backup": ["made.db"],
    "db restore": ["backup.db", "--yes"],
    "db key": ["export", "made.key"],
    "log": [],
    "undo": ["op:1", "--force"],
    "welcome send": ["contact:2"],
    "welcome resend": ["contact:1"],
    "welcome deliver": [],
    "welcome status": [],
    "welcome cancel": ["contact:2"],
    "welcome bounces": ["reports"],
    "template list": [],
    "config list": [],
    "config check": [],
    "doctor": [],
}
# These print text, a setting, or nothing but a message: the same in every format, but for the quotes of JSON.
TEXT = {
    "config get": ["hub.company"],
    "welcome preview": ["contact:1", "--text"],
    "template show": ["welcome.da.txt"],
    "template check": [],
    "template path": [],
    "template edit": ["welcome.da.txt"],
    "config set": ["hub.company", "Ny"],
    "config unset": ["hub.company"],
    "config path": [],
    "completion": ["bash"],
}
QUOTED = {"config get", "config set", "config unset", "config path", "template show", "template path"}
ON_REQUEST = {"config set", "config unset"}  # the new value, for who asks for it with --format
# These have formats of their own: which they refuse, and where the hint sends whoever wants one of those.
CHOOSY = {
    "customer export": (["--all"], ("table", "ids", "count"), "kundehub customer list"),
    "person export": (["anna@nordlys.dk"], ("jsonl", "csv", "tsv", "ids", "count"), "--format json"),
}
BATCH = {"batch": ["-"]}

STDIN = {"customer import": "navn;by\nNy ApS;Århus\n", "portal redeem": "{token}\n",
         "batch": "customer list\nconfig path\nhub status\n"}

DANISH = {"LC_ALL": "", "LANG": "da_DK.UTF-8", "LANGUAGE": "da"}  # a Danish environment

# Hundreds of changes are put back: in memory, where that can be, since nothing here is about what a disk keeps.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None


def every_command():
    """(command, its arguments) of all above."""
    return [*RECORDS.items(), *TEXT.items(), *((name, choosy[0]) for name, choosy in CHOOSY.items()), *BATCH.items()]


def jq(text, program="."):
    """The values that jq makes of JSON text; fails where jq cannot read it."""
    done = subprocess.run(["jq", "-c", program], input=text.encode(), capture_output=True, timeout=10, check=False)
    if done.returncode != 0:
        raise AssertionError(f"jq: {done.stderr.decode()}\n{text}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def rows_of(form, text):
    """The rows of csv or tsv with their headings, as another program reads them. All have as many cells."""
    if form == "csv":
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    else:
        rows = [line.split("\t") for line in text.split("\n")[:-1]]
    assert len({len(row) for row in rows}) <= 1, rows
    return rows


class PreparedTest(HubTest):
    """A test on a database with customers, contacts, mails and logins: made once for the class, put back for each test."""

    as_prepared = None  # what seen() is when nothing has changed

    @classmethod
    def setUpClass(cls):
        directory = tempfile.mkdtemp(prefix="kundehub-", dir=MEMORY)
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        spare = tempfile.mkdtemp(prefix="kundehub-", dir=MEMORY)
        cls.addClassCleanup(shutil.rmtree, spare, ignore_errors=True)
        cls.prepared, cls.untouched = Hub(directory), spare
        cls.prepared.environment["EDITOR"] = "true"
        cls.prepared.directory.chmod(0o755)
        assert cls.prepared.init().code == 0
        cls.fill()
        mail, = cls.prepared.mails()["anna@nordlys.dk"]
        cls.token = TOKEN.search(bodies(mail)[0])[1]
        shutil.copytree(directory, spare, dirs_exist_ok=True)

    @classmethod
    def fill(cls):
        for command in (
                ("customer", "add", "--business", "Nordlys ApS", "--hub", "--module", "projects", "--contact",
                 "Anna Berg <anna@nordlys.dk>", "--contact", "Bo Ek <bo@ek.dk>", "--no-welcome"),
                ("customer", "add", "--private", "Carl Lund", "--email", "carl@lund.dk"),
                ("customer", "add", "--business", "Væk ApS"),
                ("customer", "add", "--business", "Nordlys", "--contact", "Bo Ek <bo@ek.dk>", "--city", "Aarhus"),
                ("customer", "add", "--business", "Tom ApS"), ("customer", "archive", "1003"),
                ("welcome", "send", "contact:1"), ("welcome", "send", "contact:2", "--queue"),
                ("portal", "login", "contact:1", "--at", "2026-11-01T10:00:00Z"),
                ("contact", "edit", "contact:3", "--phone", "11111111"),
                ("customer", "edit", "1002", "--phone", "22222222"), ("db", "backup", "backup.db")):
            result = cls.prepared.run(*command)
            assert result.code == 0, result
        mail, = cls.prepared.maildir.glob("new/*")
        reports = cls.prepared.directory / "reports"
        for folder in ("new", "cur", "tmp"):
            (reports / folder).mkdir(parents=True)
        (reports / "new/1").write_bytes(bounce(mail.read_bytes().decode("ascii")))

    def setUp(self):
        self.hub = self.prepared
        self.put_back()

    def seen(self):
        """What tells that something in the folder has changed."""
        found = {path: path.lstat() for path in self.hub.directory.rglob("*")}
        return {path: (status.st_mtime_ns, status.st_size, status.st_mode) for path, status in found.items()}

    def put_back(self):
        """The folder is as it was prepared."""
        if self.seen() == type(self).as_prepared:
            return
        for path in self.hub.directory.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        shutil.copytree(self.untouched, self.hub.directory, dirs_exist_ok=True)
        type(self).as_prepared = self.seen()

    def run_command(self, command, *arguments, **options):
        """The command with what it takes on standard input."""
        if command in STDIN:
            options["stdin"] = STDIN[command].format(token=self.token).encode()
        return self.hub.run(*command.split(), *arguments, **options)

    def every_name(self):
        """All commands, as the program lists them."""
        return set(re.findall(r"^  ([a-z]+(?: [a-z]+)?) ", self.ok("help").out, re.MULTILINE))


def bounce(mail):
    """The delivery report of a mail server that did not know the recipient."""
    return ("From: MAILER-DAEMON@mail.example.dk\nTo: hub@example.dk\nSubject: Undelivered Mail Returned to Sender\n"
            "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\n\n"
            "--=b\nContent-Type: text/plain\n\nUser unknown\n"
            "--=b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.dk\n\n"
            "Final-Recipient: rfc822; anna@nordlys.dk\nAction: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
            "--=b\nContent-Type: message/rfc822\n\n" + mail.replace("\r\n", "\n") + "\n--=b--\n").encode()
