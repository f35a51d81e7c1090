"""Commands that change the database, and what has to hold when one of them is struck down: it has happened or it has not."""

import collections
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess

from hub import BINARY, LIMIT, HubTest

SEED = int(os.environ.get("KUNDEHUB_TEST_SEED", random.SystemRandom().randrange(1 << 30)))

# What tells one state from another: no times, since each run has its own.
STATE = ("SELECT id, number, kind, name, hub, archived_at IS NULL FROM customer",
         "SELECT id, customer_id, email, hub, is_primary FROM contact",
         "SELECT customer_id, module_id FROM customer_module", "SELECT contact_id, generation, ended_by FROM login_link",
         "SELECT contact_id, used_at IS NULL FROM login_link", "SELECT contact_id, method, ip FROM login",
         "SELECT contact_id, state, due_at IS NULL FROM welcome", "SELECT id, actor FROM operation", "PRAGMA user_version")

OLDER = ("DROP VIEW hub_contact_v1; DROP VIEW hub_login_v1; DROP VIEW hub_module_v1; DROP TABLE open_link; "
         "DROP TABLE redeem_failure; DROP TABLE erased_address; DROP INDEX operation_undoes; ALTER TABLE operation DROP COLUMN undoes; "
         "PRAGMA user_version = 2")


def count_calls(log):
    """How often each system call occurs in the thread that makes it most often, since strace's `when` counts so."""
    counts = collections.Counter(re.findall(r"^(\d+) +(\w+)\(", log, re.M))
    most = collections.Counter()
    for (_, call), count in counts.items():
        most[call] = max(most[call], count)
    return most


class ChangeTest(HubTest):
    """A database with some customers, which is put back before each try; a backup of it, and a list to import."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.hub.environment["KUNDEHUB_ACTOR"] = "vera"  # whatever can be read of the users
        self.add_business("--hub", "--module", "invoices", "--contact", "Anna Æ <anna@example.dk>", "--welcome")
        self.ok("customer", "add", "--private", "Bo Ø", "--email", "bo@example.dk", "--tag", "x")
        self.backup, self.made = self.hub.directory / "backup.db", self.hub.directory / "made.db"
        self.ok("db", "backup", str(self.backup))
        self.list = self.hub.directory / "list.csv"
        self.list.write_text("Firmanavn,Kontaktperson,E-mail\n" + "".join(
            f"Firma {n},Ib {n} Å,ib{n}@example.dk\n" for n in range(300)), "utf-8")
        self.ok("customer", "edit", "1002", "--name", "Bo Å")
        self.token = re.search(r"token=([\w-]{43})", self.ok("welcome", "preview", "1001", "--text", "--reveal-link").out)[1]

    def command(self, what):
        """The words of a command that changes something; before `migrate` the database gets its older schema."""
        if what == "migrate":
            connection = sqlite3.connect(self.hub.database)
            connection.executescript(OLDER)
            connection.close()
        return {
            "add": ("customer", "add", "--business", "Ny ApS", "--contact", "Eva Æ <eva@example.dk>", "--hub",
                    "--module", "projects"),
            "import": ("customer", "import", str(self.list), "--hub"),
            "grant": ("hub", "grant", "1002", "--module", "projects"),
            "undo": ("undo", "op:1", "--force"),
            "migrate": ("db", "migrate"),
            "backup": ("db", "backup", str(self.made)),
            "restore": ("db", "restore", str(self.backup), "--yes"),
            "open": ("hub", "open", "1001"),
            "redeem": ("portal", "redeem", "--token-stdin", "--ip", "192.0.2.7"),
            "login": ("portal", "login", "contact:1", "--ip", "192.0.2.7"),
        }[what]

    def files(self):
        return [self.hub.database, pathlib.Path(f"{self.hub.database}.key")]

    def keep(self):
        for file in self.files():
            shutil.copy(file, f"{file}.kept")

    def put_back(self):
        for file in self.hub.directory.glob("hub.db*"):
            if not file.name.endswith(".kept"):
                file.unlink()
        for file in self.files():
            shutil.copy(f"{file}.kept", file)
        self.made.unlink(missing_ok=True)

    def state(self, database=None):
        connection = sqlite3.connect(database or self.hub.database)
        try:
            return [sorted(connection.execute(sql).fetchall(), key=repr) for sql in STATE]
        finally:
            connection.close()

    def traced(self, command, calls, *options):
        """The exit code and the messages of the command under strace, of which only `calls` are told."""
        names = ",".join("?" + call for call in calls)  # with the question mark those are left out that a machine has not
        process = subprocess.run(["strace", "-f", "-qq", "-e", f"trace={names}", *options, BINARY, *command],
                                 env=self.hub.environment, input=self.token.encode(), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, cwd=self.hub.directory, timeout=LIMIT, check=False)
        return process.returncode, process.stderr.decode("utf-8", "replace")

    def calls_of(self, command, calls):
        """How often an undisturbed run makes each of `calls`."""
        self.put_back()
        log = self.hub.directory / "trace"
        code, err = self.traced(command, calls, "-o", str(log))
        self.assertEqual(code, 0, err)
        return count_calls(log.read_text("utf-8", "replace"))

    def check_backup(self, state):
        """A backup has its name when it is complete, and not before."""
        if self.made.exists():
            connection = sqlite3.connect(self.made)
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            connection.close()
            self.assertEqual(self.state(self.made), state)
