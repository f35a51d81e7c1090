"""kill -9 at each system call of a delivery of 20 mails over SMTP, and at random moments of it: no mail is lost, none is
called sent that the server has not taken, and one arrives again only if its final dot may have been out at a kill."""

import collections
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from changes import count_calls
from hub import BINARY, FULL, LIMIT, HubTest, TOKEN, main, require_strace
from servers import ScriptedServer

MAILS = 20
SEED = int(os.environ.get("KUNDEHUB_TEST_SEED", random.SystemRandom().randrange(1 << 30)))
SAMPLE = 48  # of the system calls, in the short form
MOMENTS = 500 if FULL else 50

# What another process can see of a delivery: between two of these, a kill makes no difference.
CALLS = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename", "renameat", "renameat2",
         "openat", "utimensat", "connect", "sendto", "sendmsg", "recvfrom", "shutdown", "flock", "fcntl")
DELIVER = ("welcome", "deliver")
SENT = re.compile(r"^welcome mail to .*<(.*)>\): sent$", re.M)


def strace(*options):
    """A command that runs the one behind it; its threads are counted each by itself, as strace does with `when`."""
    calls = ",".join("?" + call for call in CALLS)  # with the question mark those are left out that a machine has not
    return ["strace", "-f", "-qq", "-e", f"trace={calls}", *options]


class Delivery(HubTest):
    """A queue that is put back before each kill. Each time its Message-IDs are others, so that a mail which the server
    takes late is counted where it belongs."""

    def setUp(self):
        super().setUp()
        require_strace()
        self.random, self.turn = random.Random(SEED), 0
        self.server = ScriptedServer(self.hub.directory / "server", "")
        self.addCleanup(self.server.close)
        self.hub.use_transport(self.server.url)
        self.people = [f"p{number}@example.dk" for number in range(MAILS)]
        self.add_business("--hub", "--module", "invoices",
                          *(word for address in self.people for word in ("--contact", f"Bo Æ <{address}>")))
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")
        self.template = self.hub.directory / "template.db"
        shutil.copy(self.hub.database, self.template)
        self.copies, self.tokens = collections.Counter(), collections.defaultdict(set)
        self.allowed, self.kills = collections.Counter(), collections.Counter()

    def restore(self):
        self.turn += 1
        shutil.copy(self.template, self.hub.database)
        self.journal().unlink(missing_ok=True)
        self.hub.change(f"UPDATE welcome SET message_id = '{self.turn}.' || message_id")

    def journal(self):
        return pathlib.Path(f"{self.hub.database}-journal")

    def rows(self):
        """(Message-ID, address, state, phase) of each mail. Read from a copy: what a kill has left in the journal is for
        kundehub to put right, not for the reader."""
        copy = self.hub.directory / "copy" / "hub.db"
        shutil.rmtree(copy.parent, ignore_errors=True)
        copy.parent.mkdir()
        for file in (self.hub.database, self.journal()):
            if file.exists():
                shutil.copy(file, copy.parent)
        connection = sqlite3.connect(copy)
        try:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            return connection.execute("SELECT message_id, address, state, phase FROM welcome ORDER BY id").fetchall()
        finally:
            connection.close()

    def collect(self):
        """Counts what the server has taken since the last time."""
        for file in sorted(self.server.directory.glob("*.eml")):
            raw = file.read_bytes()
            (address,) = json.loads(file.with_suffix(".json").read_text())["to"]
            message_id = re.search(rb"(?im)^message-id:\s*<(.*)>\r$", raw)[1].decode()
            self.copies[message_id] += 1
            self.tokens[message_id].add((address, *self.links(raw)))
            file.unlink()
            file.with_suffix(".json").unlink()

    def links(self, raw):
        """The tokens in a mail; the quoted-printable line breaks are undone first."""
        return sorted(set(TOKEN.findall(raw.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode("ascii"))))

    def after_kill(self, code, err):
        """What has to hold as soon as the process is dead. Notes which mails may come again."""
        rows = self.rows()
        self.assertEqual([row[1] for row in rows], self.people, "a mail has vanished")
        for message_id, _, state, _ in rows:  # uncertain only after an earlier kill
            self.assertIn(state, ("queued", "sending", "sent", "uncertain")[:4 if self.allowed[message_id] else 3])
        self.collect()
        untaken = [message_id for message_id, _, state, _ in rows if state == "sent" and not self.copies[message_id]]
        self.assertEqual(untaken, [], "recorded as sent, and the server has never taken it")
        told = set(SENT.findall(err))
        self.assertLessEqual(told, {address for _, address, state, _ in rows if state == "sent"},
                             "told as sent before it was on the disk")
        for message_id, _, _, phase in rows:
            self.allowed[message_id] += phase == 2
        self.kills[len([row for row in rows if row[3] == 2])] += code == -9

    def finish(self):
        """What cron does in the hours after."""
        for _ in range(2):
            result = self.hub.run(*DELIVER)
            self.assertEqual(result.code, 0, result)
            if all(state == "sent" for _, _, state, _ in self.rows()):
                break
            self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")
        self.collect()
        rows = self.rows()
        self.assertEqual({state for _, _, state, _ in rows}, {"sent"}, rows)
        self.assertEqual([row[0] for row in rows if not self.copies[row[0]]], [], "lost: the server has never taken it")
        self.assert_sound()

    def check_copies(self, what):
        """At the end, when the server has everything: nothing came more often than the kills explain."""
        self.collect()
        extra = {name: (count, 1 + self.allowed[name]) for name, count in self.copies.items()
                 if count > 1 + self.allowed[name]}
        self.assertEqual(extra, {}, "copies at the server, and how many there might be")
        self.assertEqual({name: found for name, found in self.tokens.items() if len(found) != 1}, {},
                         "a mail that came twice has the same link and recipient")
        self.assertEqual({len(next(iter(found))) for found in self.tokens.values()}, {2}, "one link a mail")
        doubled = sum(count > 1 for count in self.copies.values())
        print(f"{what}: {sum(self.kills.values())} kills, {sum(self.kills.values()) - self.kills[0]} of them with a final dot "
              f"that may have been out, {len(self.copies)} mails, {sum(self.allowed.values())} uncertain, {doubled} doubled "
              f"(KUNDEHUB_TEST_SEED={SEED})", file=sys.stderr)


class EachCall(Delivery):
    def traced(self, *options):
        """One connection, so that the calls come in the same order each time. Returns the exit code and stderr."""
        command = [*strace(*options), BINARY, *DELIVER, "--connections", "1"]
        process = subprocess.run(command, env=self.hub.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, cwd=self.hub.directory, timeout=LIMIT, check=False)
        return process.returncode, process.stderr.decode()

    def points(self):
        """Each (system call, how manieth) of an undisturbed run, or a sample from all over it."""
        self.restore()
        log = self.hub.directory / "trace"
        code, err = self.traced("-o", str(log))
        self.assertEqual((code, len(SENT.findall(err))), (0, MAILS), err)
        most = count_calls(log.read_text("utf-8", "replace"))
        for call in ("pwrite64", "fdatasync", "unlink", "sendto", "recvfrom", "flock"):
            self.assertGreaterEqual(most[call], MAILS // 2, f"{call}: has the trace been understood? {most}")
        every = [(call, number) for call in sorted(most) for number in range(1, most[call] + 1)]
        self.finish()
        if FULL:
            return every, len(every)
        step = len(every) / SAMPLE
        return [every[int((index + self.random.random()) * step)] for index in range(SAMPLE)], len(every)

    def test_kill_at_each_system_call(self):
        points, total = self.points()
        missed = 0
        for call, number in points:
            with self.subTest(call=call, number=number):
                self.restore()
                code, err = self.traced("-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}")
                self.assertIn(code, (-9, 0), err)
                missed += code == 0
                self.after_kill(code, err)
                self.finish()
        self.assertLess(missed, len(points) / 10 + 1, "runs that had ended before their kill")
        self.check_copies(f"at {len(points)} of {total} system calls")


class RandomMoment(Delivery):
    def killed_run(self, seconds):
        """The exit code and stderr of a delivery that is killed within so long, unless it has ended before."""
        with open(self.hub.directory / "stderr", "wb") as err:
            process = self.hub.start(*DELIVER, stdout=subprocess.DEVNULL, stderr=err)
            time.sleep(self.random.uniform(0, seconds))
            process.kill()
            process.wait(LIMIT)
        return process.returncode, (self.hub.directory / "stderr").read_text("utf-8")

    def usual(self):
        self.restore()
        start = time.monotonic()
        self.ok(*DELIVER)
        return time.monotonic() - start

    def test_kill_at_random_moments(self):
        killed, usual = 0, 0
        for number in range(MOMENTS):
            if number % 25 == 0:  # again and again, for the machine may have other work as well
                usual = self.usual()
            if number % 2 == 0:  # the second kill of a pair meets what the first has left
                self.restore()
            with self.subTest(number=number):
                code, err = self.killed_run(usual * (0.5 if number % 2 else 1))
                killed += code == -9
                self.after_kill(code, err)
                if number % 2 == 1:
                    self.finish()
        self.assertGreater(killed, MOMENTS // 3, "most had ended before they were killed")
        self.check_copies(f"at {MOMENTS} random moments")


if __name__ == "__main__":
    main()
