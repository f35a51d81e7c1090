"""Disks that are full, broken, limited or read-only, while mails are delivered and while a customer is added: nothing is
damaged, nothing is called sent that was not taken, what cannot be recorded is said, and nothing is lost in the end."""

import collections
import json
import os
import pathlib
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import BINARY, FULL, LIMIT, HubTest, Result, main, require_strace
from servers import ScriptedServer

SEED = int(os.environ.get("KUNDEHUB_TEST_SEED", random.SystemRandom().randrange(1 << 30)))
PEOPLE = [f"p{number}@example.dk" for number in range(4)]
DELIVER = ("welcome", "deliver", "--connections", "2")
ADD = ("customer", "add", "--private", "Søren Ærø", "--email", "soren@example.dk", "--hub", "--module", "invoices",
       "--welcome")

# What goes wrong, and where only: at the database's journal, or at the folder that it is in.
FAULTS = (("pwrite64", "ENOSPC", None), ("pwrite64", "EIO", None), ("fdatasync", "EIO", None), ("fdatasync", "ENOSPC", None),
          ("fsync", "EIO", None), ("fsync", "ENOSPC", None), ("write", "ENOSPC", None), ("write", "EIO", None),
          ("unlink", "EIO", "hub.db-journal"), ("openat", "ENOSPC", "hub.db-journal"), ("openat", "EIO", "hub.db-journal"),
          ("fdatasync", "EIO", ""))
CASES = 40 if FULL else 2  # of each fault

SENT = re.compile(r"^welcome mail to .*<(.*)>\): sent$", re.M)
UNRECORDED = re.compile(r"^warning: welcome mail to .*<(.*)>\): .*could not be recorded", re.M)
UNTRUE = re.compile(r"no mail has left|nothing was due|nothing waits")
RAW = re.compile(r"terminate called|[Aa]ssert|Aborted|core dumped|what\(\)|std::|SQLITE_|unexpected|internal|0x[0-9a-f]{6}")


class DiskTest(HubTest):
    """A queue of four mails, which is put back before each fault, and what has to hold after any fault."""

    def setUp(self):
        super().setUp()
        self.random, self.figures = random.Random(SEED), collections.Counter()
        self.server = ScriptedServer(self.hub.directory / "server", "")
        self.addCleanup(lambda: self.server.close())
        self.hub.use_transport(self.server.url)
        self.add_business("--hub", "--module", "invoices",
                          *(word for address in PEOPLE for word in ("--contact", f"Bo Æ <{address}>")))
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")
        self.template = self.hub.directory / "template.db"
        shutil.copy(self.hub.database, self.template)

    def restore(self):
        """The queue as it was, and nothing taken yet."""
        pathlib.Path(f"{self.hub.database}-journal").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.hub.database)
        for file in self.taken_files():
            file.unlink()

    def taken_files(self):
        return [*self.server.directory.glob("*.eml"), *self.hub.maildir.glob("new/*")]

    def read(self, statement):
        """Rows, read from a copy: what a fault has left in the journal is for kundehub to put right."""
        copy = self.hub.directory / "copy" / "hub.db"
        shutil.rmtree(copy.parent, ignore_errors=True)
        copy.parent.mkdir()
        for file in (self.hub.database, pathlib.Path(f"{self.hub.database}-journal")):
            if file.exists():
                shutil.copy(file, copy.parent)
        connection = sqlite3.connect(copy)
        try:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(connection.execute("PRAGMA foreign_key_check").fetchall(), [])
            return list(connection.iterdump()) if statement is None else connection.execute(statement).fetchall()
        finally:
            connection.close()

    def states(self):
        return dict(self.read("SELECT address, state FROM welcome"))

    def taken(self):
        """How many copies the server has taken, or the Maildir, by address."""
        copies = collections.Counter()
        for file in self.taken_files():
            heading = file.read_bytes().replace(b"\r\n ", b" ").replace(b"\n ", b" ")
            copies[re.search(rb"(?im)^to:.*<(.*)>", heading)[1].decode()] += 1
        return copies

    def check_words(self, result, deaf=False):
        self.assertNotRegex(result.out + result.err, RAW, "no clear message")
        if result.code not in (0, 5) and not deaf:
            self.assertIn("kundehub: ", result.err, result)

    def check_delivery(self, result, deaf=False):
        """What has to hold whatever has gone wrong. `deaf`: standard error was broken too, so nobody was told."""
        states, taken = self.states(), self.taken()
        self.assertEqual(sorted(states), PEOPLE, "a mail has vanished")
        sent = {address for address, state in states.items() if state == "sent"}
        self.assertLessEqual(sent, set(taken), "recorded as sent, and not taken")
        self.assertLessEqual(set(SENT.findall(result.err)), sent, "told as sent, and not recorded")
        counted = re.search(r"delivery run: (\d+) sent", result.err)
        self.assertLessEqual(int(counted[1]) if counted else 0, len(sent), result)
        self.assertIn(result.code, (0, 5, 73, 75, 77, 78), result)
        self.assertEqual(result.code == 0, len(sent) == len(PEOPLE) and result.code not in (5, 73), result)
        self.check_words(result, deaf)
        unrecorded = {address for address in taken if states[address] == "sending"}
        self.assertLessEqual({states[address] for address in taken}, {"sent", "sending", "uncertain"}, "it may go twice")
        self.figures["unrecorded" if unrecorded else "recorded"] += 1
        self.figures[f"exit {result.code}"] += 1
        if unrecorded:
            self.assertEqual(result.code, 73, f"not recorded: {unrecorded}\n{result}")
            self.assertTrue(deaf or unrecorded <= set(UNRECORDED.findall(result.err)), result)
        return set(taken) - sent

    def finish(self, unrecorded=(), people=None):
        """The fault is gone, and hours have passed: everything is sent, and twice only what could not be recorded."""
        for _ in range(3):
            self.expect(0, self.hub.run(*DELIVER))
            if set(self.states().values()) == {"sent"}:
                break
            self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")
        people = PEOPLE if people is None else people
        self.assertEqual(self.states(), dict.fromkeys(people, "sent"))
        taken = self.taken()
        self.assertEqual(sorted(taken), people, "lost")
        self.assertLessEqual({address for address, count in taken.items() if count > 1}, set(unrecorded), taken)
        self.assertLessEqual(max(taken.values(), default=0), 2)
        self.assert_sound()

    def serve_slowly(self, script=""):
        self.server.close()
        self.server = ScriptedServer(self.hub.directory / "slow", script, "--delay", "300")
        self.hub.use_transport(self.server.url)

    def end_after(self, stage, process, deed):
        """Does the deed before the server answers, to RCPT or to the final dot. Returns the Result."""
        def is_there():
            if stage == "RCPT":
                return any(line.startswith("RCPT") for line in self.server.commands())
            return self.hub.sql("SELECT 1 FROM welcome WHERE phase = 2")
        while not is_there() and process.poll() is None:
            time.sleep(0.01)
        deed()
        out, err = process.communicate(timeout=LIMIT)
        return Result(process.returncode, out, err)

    def say(self, what):
        print(f"{what}: {dict(sorted(self.figures.items()))} (KUNDEHUB_TEST_SEED={SEED})", file=sys.stderr)


class Injected(DiskTest):
    """Errors that strace puts in the place of a system call: once, and from then on."""

    def setUp(self):
        super().setUp()
        require_strace()

    def traced(self, args, call, place, log, *inject):
        """The command with its `call`s traced. Its threads are counted each by itself, as strace does with `when`."""
        path = () if place is None else ("-P", str(self.hub.directory / place))
        command = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={call}", *path, *inject, BINARY, *args]
        process = subprocess.run(command, env=self.hub.environment, stdin=subprocess.DEVNULL, capture_output=True,
                                 cwd=self.hub.directory, timeout=LIMIT, check=False)
        return Result(process.returncode, process.stdout, process.stderr)

    def cases(self, args):
        """(call, error, place, when): for each fault a sample from all over what an undisturbed run has room for, once and
        from then on."""
        chosen, log = [], self.hub.directory / "trace"
        for call, error, place in FAULTS:
            self.restore()
            self.expect(0, self.traced(args, call, place, str(log)))
            lines = re.findall(rf"^(\d+) +{call}\(", log.read_text("utf-8", "replace"), re.M)
            most = max(collections.Counter(lines).values(), default=0)
            every = [(call, error, place, f"{number}{more}") for number in range(1, most + 1) for more in ("", "+")]
            chosen += sorted(self.random.sample(every, min(CASES, len(every))), key=every.index)
        self.assertGreater(len(chosen), 3 * CASES, "have the traces been understood?")
        return chosen

    def deliver_with_each(self, what, script=""):
        for call, error, place, when in self.cases(DELIVER):
            with self.subTest(call=call, error=error, place=place, when=when):
                self.restore()
                self.server.obey(script)
                result = self.traced(DELIVER, call, place, "/dev/null", "-e", f"inject={call}:error={error}:when={when}")
                self.server.obey("")
                self.finish(self.check_delivery(result, deaf=call == "write"))
        self.say(what)

    def test_delivery_over_smtp(self):
        self.deliver_with_each("faults in deliveries over SMTP")

    def test_deferral(self):
        self.deliver_with_each("faults while mails are deferred", "RCPT=450 4.2.1 later")

    def test_delivery_to_maildir(self):
        self.hub.use_transport(f"maildir:{self.hub.maildir}")
        self.deliver_with_each("faults in deliveries to a Maildir")

    def test_new_customer(self):
        self.hub.change("DELETE FROM welcome")
        shutil.copy(self.hub.database, self.template)
        for call, error, place, when in self.cases(ADD):
            with self.subTest(call=call, error=error, place=place, when=when):
                self.restore()
                before = self.read(None)
                result = self.traced(ADD, call, place, "/dev/null", "-e", f"inject={call}:error={error}:when={when}")
                self.check_addition(result, before, call == "write")
        self.say("faults while a customer is added")

    def check_addition(self, result, before, deaf):
        """All of it or nothing; and what became of the mail."""
        self.check_words(result, deaf)
        state, taken = self.states().get("soren@example.dk"), self.taken()["soren@example.dk"]
        self.assertIn(result.code, (0, 5, 73, 75, 77, 78), result)
        self.figures[f"exit {result.code}, mail {state}"] += 1
        if result.code not in (0, 5):
            self.assertEqual(self.read(None), before, f"changed, but told as failed: {result}")
            self.assertEqual(taken, 0)
            return
        self.assertIsNotNone(state, result)
        self.assertTrue(taken or state != "sent", "recorded as sent, and not taken")
        if result.code == 0 or SENT.search(result.err):
            self.assertEqual(state, "sent", result)
        self.finish(["soren@example.dk"] if taken and state != "sent" else [], ["soren@example.dk"])


class Limited(DiskTest):
    def sizes(self):
        size = self.hub.database.stat().st_size
        return (0, 100, 512, 4096, 9000, 20_000, size - 4096, size, size + 4096)

    def test_file_size_limit(self):
        """ulimit -f: the signal that comes with it is no end either."""
        for limit in self.sizes():
            with self.subTest(limit=limit):
                self.restore()
                result = self.hub.run(*DELIVER, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
                self.finish(self.check_delivery(result))
        self.say("file size limits")

    def test_file_size_limit_while_adding(self):
        for limit in self.sizes():
            with self.subTest(limit=limit):
                self.restore()
                before = self.read(None)
                result = self.hub.run(*ADD, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
                self.check_words(result)
                self.assertIn(result.code, (0, 5, 73), result)
                if result.code == 73:
                    self.assertEqual(self.read(None), before)


class Small(DiskTest):
    """A database on a disk that can be filled."""

    def setUp(self):
        super().setUp()
        self.disk = self.hub.directory / "small"
        self.disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", self.disk]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
            raise unittest.SkipTest("a small disk cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)

    def move_database(self):
        for suffix in ("", ".key"):
            shutil.copy(f"{self.hub.database}{suffix}", self.disk)
        self.hub.database = self.disk / "hub.db"
        self.hub.environment["KUNDEHUB_DB"] = str(self.hub.database)

    def fill(self, free=0):
        """Leaves so many bytes on the disk."""
        space = os.statvfs(self.disk)
        with open(self.disk / "filler", "wb") as file:
            if space.f_bavail * space.f_frsize > free:
                os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize - free)

    def test_full(self):
        self.move_database()
        self.ok("customer", "list")
        for free in range(0, 100_000, 4096 if FULL else 12_288):
            with self.subTest(free=free):
                self.restore()
                self.fill(free)
                result = self.hub.run(*DELIVER)
                if free == 0:
                    self.assertEqual((result.code, self.taken()), (73, {}), result)
                    self.assertIn("the disk is full", result.err)
                unrecorded = self.check_delivery(result)
                added = self.hub.run(*ADD)
                self.check_words(added)
                self.assertIn(added.code, (0, 5) if self.states().get("soren@example.dk") else (73,), added)
                (self.disk / "filler").unlink()
                self.finish(unrecorded, sorted(self.states()))
        self.say("full disks")

    def full_behind(self, stage, script="", *options):
        """A delivery over one connection whose disk fills while the server is about to answer."""
        self.move_database()
        self.serve_slowly(script)
        process = self.hub.start("welcome", "deliver", "--connections", "1", "--json", *options)
        result = self.end_after(stage, process, self.fill)
        (self.disk / "filler").unlink()
        self.assertEqual((result.code, result.error()["kind"]), (73, "no_output"), result)
        self.assertRegex(result.err, rf"{PEOPLE[0]}.*could not be recorded", "which mail it is")
        return result

    def test_full_while_the_mail_is_taken(self):
        result = self.full_behind("dot")
        self.assertIn("250 2.0.0", result.err, "what the server said")
        self.assertEqual(self.check_delivery(result), {PEOPLE[0]}, result)
        self.ok(*DELIVER)
        self.assertEqual(collections.Counter(self.states().values()), {"uncertain": 1, "sent": 3})
        self.finish([PEOPLE[0]])
        self.assertNotRegex(result.err, UNTRUE, "a mail was due, and has left")

    def test_full_when_the_run_ends_for_another_reason(self):
        self.full_behind("dot", "dot=451 4.3.0 later", "--max-failures", "1")

    def test_full_before_the_dot(self):
        """The mail has certainly not left: the next run takes it as queued, and nobody is told otherwise."""
        result = self.full_behind("RCPT", "RCPT=450 4.2.1 later")
        self.assertNotIn("uncertain", result.err)

    def test_maildir_on_a_full_disk(self):
        self.hub.maildir = self.disk / "Maildir"
        self.hub.use_transport(f"maildir:{self.hub.maildir}")
        for free in (0, 4096, 30_000, 60_000):
            with self.subTest(free=free):
                shutil.rmtree(self.hub.maildir, ignore_errors=True)
                self.restore()
                self.fill(free)
                result = self.hub.run(*DELIVER)
                self.check_delivery(result)
                self.assertLessEqual(set(self.states().values()), {"sent", "deferred", "queued"})
                (self.disk / "filler").unlink()
                self.finish()
                self.assertEqual(list((self.hub.maildir / "tmp").iterdir()), [], "a torso is left")


class ReadOnly(DiskTest):
    """Nothing holds root back, so the program runs as nobody."""

    def setUp(self):
        super().setUp()
        if os.geteuid() == 0:
            self.hub.user = 65534
            for path in (self.hub.directory, *self.hub.directory.glob("hub.db*"), self.hub.config):
                os.chown(path, 65534, 65534)
        self.addCleanup(self.hub.directory.chmod, 0o755)

    def test_before_the_run(self):
        before = self.read(None)
        copies = self.hub.directory / "copy"
        copies.chmod(0o777)
        self.hub.directory.chmod(0o555)
        for args in (DELIVER, ADD):
            result = self.expect(77, self.hub.run(*args))
            self.check_words(result)
        self.assertEqual(self.taken(), {})
        self.hub.directory.chmod(0o755)
        self.assertEqual(self.read(None), before)
        self.finish()

    def test_while_the_server_answers(self):
        """The folder becomes read-only behind the last dot: no journal can be made, and so nothing be recorded."""
        user, self.hub.user = self.hub.user, None
        self.serve_slowly()
        self.hub.config.chmod(0o644)
        self.hub.user = user
        process = self.hub.start("welcome", "deliver", "--connections", "1")
        result = self.end_after("dot", process, lambda: self.hub.directory.chmod(0o555))
        self.hub.directory.chmod(0o755)
        self.assertEqual(self.check_delivery(result), {PEOPLE[0]}, result)
        self.assertNotRegex(result.err, UNTRUE, "a mail was due, and has left")
        self.finish([PEOPLE[0]])

    def test_maildir(self):
        """A folder that cannot be written to is our own fault: no try is counted."""
        folder = self.hub.directory / "post"
        folder.mkdir()
        self.hub.maildir = folder / "Maildir"
        self.hub.use_transport(f"maildir:{self.hub.maildir}")
        result = self.expect(78, self.hub.run(*DELIVER))
        self.check_delivery(result)
        self.assertEqual(self.read("SELECT DISTINCT state, tries FROM welcome"), [("queued", 0)])
        os.chown(folder, 65534, 65534)
        self.finish()


if __name__ == "__main__":
    main()
