"""kill -9 at each system call of a command that changes the database: it is sound each time, the command has happened or
has not, and it can be run again."""

import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import BINARY, FULL, LIMIT, HubTest, main, require_strace
from test_kill_syscalls import count_calls

SEED = int(os.environ.get("KUNDEHUB_TEST_SEED", random.SystemRandom().randrange(1 << 30)))
SAMPLE = 30  # of a command's system calls, in the short form

# Between two of these, a kill makes no difference to anybody else.
CALLS = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename", "renameat", "renameat2",
         "openat", "link", "fchmod", "flock", "fcntl")

# What tells one state from another: no times, since each run has its own.
STATE = ("SELECT id, number, kind, name, hub, archived_at IS NULL FROM customer",
         "SELECT id, customer_id, email, hub, is_primary FROM contact",
         "SELECT customer_id, module_id FROM customer_module", "SELECT contact_id, generation, ended_by FROM login_link",
         "SELECT contact_id, state, due_at IS NULL FROM welcome", "SELECT id, actor FROM operation", "PRAGMA user_version")

OLDER = ("DROP TABLE erased_address; DROP INDEX operation_undoes; ALTER TABLE operation DROP COLUMN undoes; "
         "PRAGMA user_version = 2")


class Changes(HubTest):
    def setUp(self):
        super().setUp()
        require_strace()
        self.random = random.Random(SEED)
        self.add_business("--hub", "--module", "invoices", "--contact", "Anna Æ <anna@example.dk>", "--welcome")
        self.ok("customer", "add", "--private", "Bo Ø", "--email", "bo@example.dk", "--tag", "x")
        self.backup, self.made = self.hub.directory / "backup.db", self.hub.directory / "made.db"
        self.ok("db", "backup", str(self.backup))
        self.list = self.hub.directory / "list.csv"
        self.list.write_text("Firmanavn,Kontaktperson,E-mail\n" + "".join(
            f"Firma {n},Ib {n} Å,ib{n}@example.dk\n" for n in range(300)), "utf-8")
        self.ok("customer", "edit", "1002", "--name", "Bo Å")

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

    def traced(self, command, *options):
        calls = ",".join("?" + call for call in CALLS)
        process = subprocess.run(["strace", "-f", "-qq", "-e", f"trace={calls}", *options, BINARY, *command],
                                 env=self.hub.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, cwd=self.hub.directory, timeout=LIMIT, check=False)
        return process.returncode, process.stderr.decode()

    def points(self, command):
        """Each (system call, how manieth) of an undisturbed run from its first file on, or a sample from all over it."""
        self.put_back()
        log = self.hub.directory / "trace"
        code, err = self.traced(command, "-o", str(log))
        self.assertEqual(code, 0, err)
        most = count_calls(log.read_text("utf-8", "replace"))
        every = [(call, number) for call in sorted(most) for number in range(1, most[call] + 1)]
        return every if FULL or len(every) <= SAMPLE else self.random.sample(every, SAMPLE), len(every)

    def check_each(self, what, command, unsound=0):
        """`unsound`: what `db check` may find, as of an older schema before its migration."""
        self.keep()
        before = self.state()
        points, total = self.points(command)
        after, kills, happened = self.state(), 0, 0
        self.assertNotEqual(before, after) if what != "backup" else self.assertEqual(before, after)
        for call, number in points:
            with self.subTest(what=what, call=call, number=number):
                self.put_back()
                code, err = self.traced(command, "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}")
                self.assertIn(code, (-9, 0), err)
                kills += code == -9
                check = self.hub.run("db", "check", "--json")
                state = self.state()
                self.assertIn(state, (before, after), "half of it has happened")
                self.assertEqual((check.code, len(check.json())), (78, 1) if unsound and state == before else (0, 0), check)
                happened += state == after
                self.check_backup(before)
                if state == before:
                    self.ok(*command)
                    self.assertEqual(self.state(), after, "the second time")
        print(f"{what}: {kills} kills at {len(points)} of {total} system calls, {happened} times it had happened "
              f"(KUNDEHUB_TEST_SEED={SEED})", file=sys.stderr)
        self.assertGreater(kills, len(points) * 0.8, "most had ended before they were killed")
        self.put_back()

    def check_backup(self, state):
        """A backup has its name when it is complete, and not before."""
        if self.made.exists():
            connection = sqlite3.connect(self.made)
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            connection.close()
            self.assertEqual(self.state(self.made), state)

    def test_add(self):
        self.check_each("add", ("customer", "add", "--business", "Ny ApS", "--contact", "Eva Æ <eva@example.dk>", "--hub",
                                "--module", "projects"))

    def test_import(self):
        self.check_each("import", ("customer", "import", str(self.list), "--hub"))

    def test_grant(self):
        self.check_each("grant", ("hub", "grant", "1002", "--module", "projects"))

    def test_undo(self):
        self.check_each("undo", ("undo", "op:1", "--force"))

    def test_migrate(self):
        connection = sqlite3.connect(self.hub.database)
        connection.executescript(OLDER)
        connection.close()
        self.check_each("migrate", ("db", "migrate"), unsound=1)

    def test_backup(self):
        self.check_each("backup", ("db", "backup", str(self.made)))

    def test_restore(self):
        self.check_each("restore", ("db", "restore", str(self.backup), "--yes"))


if __name__ == "__main__":
    main()
