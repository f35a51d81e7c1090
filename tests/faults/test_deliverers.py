"""Deliveries beside each other: one works, none doubles, and no mail is left behind by those who left it to another."""

import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import FULL, Hub, HubTest, Result, main
from servers import ScriptedServer

DELIVERERS, ROUNDS = 8, 60 if FULL else 12
OTHER = "another delivery is running"


def is_free(lock_file):
    """Whether nobody holds the lock. It is held for no longer than this look takes."""
    with open(lock_file, "r+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def full_pipe():
    """A pipe that takes nothing more: whoever writes to it waits until somebody reads."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    return reader, writer


class DelivererTest(HubTest):
    def prepare(self, hub, script="", *options):
        """A firm with access, and a server. Returns both."""
        server = ScriptedServer(hub.directory / "server", script, *options)
        self.addCleanup(server.close)
        hub.use_transport(server.url)
        firm = self.expect(0, hub.run("customer", "add", "--business", "Smedjen", "--hub", "--module", "invoices",
                                      "--format", "ids")).out.strip()
        return firm, server

    def another_hub(self, name):
        directory = self.hub.directory / name
        directory.mkdir()
        hub = Hub(directory)
        self.expect(0, hub.init())
        return hub

    def queue(self, hub, firm, *addresses):
        for address in addresses:
            self.expect(0, hub.run("contact", "add", firm, f"Bo Æ <{address}>"))
            self.expect(0, hub.run("welcome", "send", address, "--queue"))

    def wait_for(self, condition, what, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, f"waited in vain for {what}")
            time.sleep(0.01)

    def ended(self, process, limit=30):
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            self.end(process)
            raise
        return Result(process.returncode, out, err)

    @staticmethod
    def end(process):
        process.kill()
        process.communicate()

    def check_all_sent_once(self, hub, server, people):
        self.assertEqual(dict(hub.sql("SELECT address, state FROM welcome")), dict.fromkeys(people, "sent"))
        self.assertEqual(sorted(envelope["to"][0] for envelope, _ in server.mails()), sorted(people))


class OneOfEight(DelivererTest):
    def stop_holder(self, processes, server):
        """Stops the one that delivers: it holds the lock and has mails under way, and keeps nobody from the database."""
        self.wait_for(lambda: len(server.mails()) >= 3, "three mails")
        (holder,) = (process for process in processes if self.has_connection(process))
        self.halt(holder)
        while not is_free(f"{self.hub.database}.write"):
            holder.send_signal(signal.SIGCONT)
            time.sleep(0.003)
            self.halt(holder)
        self.assertLess(len(server.mails()), 40, "it was stopped too late")
        self.assertFalse(is_free(f"{self.hub.database}.send"))
        return holder

    def halt(self, process):
        process.send_signal(signal.SIGSTOP)
        threads = pathlib.Path(f"/proc/{process.pid}/task")
        self.wait_for(lambda: all(") T " in (thread / "stat").read_text() for thread in threads.iterdir()), "its stop")

    @staticmethod
    def has_connection(process):
        folder = pathlib.Path(f"/proc/{process.pid}/fd")
        return any(os.readlink(file).startswith("socket:") for file in folder.iterdir())

    def set_idle(self, minutes):
        """As if the holder had made no progress for so long."""
        then = time.time() - 60 * minutes
        os.utime(f"{self.hub.database}.send", (then, then))

    def test_holder_stopped_while_the_others_wait(self):
        firm, server = self.prepare(self.hub, "", "--delay", "10")
        people = [f"p{number}@example.dk" for number in range(40)]
        self.expect(0, self.hub.run("contact", "add", firm, "Bo Æ <late@example.dk>"))
        self.queue(self.hub, firm, *people)
        processes = [self.hub.start("welcome", "deliver", "--connections", "2") for _ in range(DELIVERERS)]
        holder = self.stop_holder(processes, server)
        self.addCleanup(self.end, holder)
        start = time.monotonic()
        self.set_idle(14)
        others = [self.expect(0, self.ended(process)) for process in processes if process is not holder]
        self.assertLess(time.monotonic() - start, 14, "they wait for ten seconds")
        self.assertEqual([result.err.count(OTHER) for result in others], [1] * (DELIVERERS - 1))
        self.ok("welcome", "send", "late@example.dk", "--queue")
        self.check_hanging_holder()
        holder.send_signal(signal.SIGCONT)
        self.expect(0, self.ended(holder))
        self.check_all_sent_once(self.hub, server, [*people, "late@example.dk"])
        print(f"{DELIVERERS} deliveries, the working one stopped for {time.monotonic() - start:.0f} s: "
              f"{len(server.mails())} mails, each sent once", file=sys.stderr)

    def check_hanging_holder(self):
        """No progress for a quarter of an hour is told of, with 75."""
        self.set_idle(16)
        result = self.expect(75, self.hub.run("welcome", "deliver", "--json"))
        self.assertIn(f"{OTHER} and has made no progress for 16m", result.err)
        with self.subTest("the error as JSON"):
            self.assertEqual(result.error() and result.error()["kind"], "temporary", result)


class Gap(DelivererTest):
    """The moment between a run's last look at the queue and its unlocking. A run that cannot write its report stands there:
    its last mail is recorded, nothing was left to claim, and the lock is still held."""

    def hold_in_gap(self, hub, *command):
        reader, writer = full_pipe()
        process = hub.start(*command, stderr=writer)
        os.close(writer)
        self.wait_for(lambda: hub.sql("SELECT 1 FROM welcome WHERE state = 'sent'"), "the first mail's record")
        time.sleep(0.2)
        self.assertFalse(is_free(f"{hub.database}.send"))
        return process, reader

    def let_go(self, process, reader):
        """Reads what it has to say, to its end."""
        with os.fdopen(reader, "rb") as stream:
            said = stream.read().lstrip(b"x").decode()
        out, _ = process.communicate(timeout=30)
        return Result(process.returncode, out, said.encode())

    def queue_in_gap(self, *command):
        """A mail comes in while `command` stands in the gap, and the run that follows finds the lock taken."""
        hub = self.another_hub(f"hub{time.monotonic_ns()}")
        firm, server = self.prepare(hub)
        self.queue(hub, firm, "early@example.dk")
        process, reader = self.hold_in_gap(hub, *command)
        self.queue(hub, firm, "gap@example.dk")
        return hub, server, process, reader, hub.start("welcome", "deliver")

    def test_mail_left_to_another_run(self):
        """The run that comes later trusts the one in the gap with the mail. A limit with room left changes nothing of that."""
        standing = [(command, self.queue_in_gap(*command)) for command in (
            ("welcome", "deliver"), ("welcome", "deliver", "--limit", "100"))]
        for command, (hub, server, process, reader, follower) in standing:
            with self.subTest(command):
                self.expect(0, self.ended(follower))
                self.expect(0, self.let_go(process, reader))
                self.check_all_sent_once(hub, server, ["early@example.dk", "gap@example.dk"])

    def test_many_rounds(self):
        """Mails come in at moments all around a run's end; the delivery behind each sees to it, or leaves it to that run."""
        firm, server = self.prepare(self.hub)
        people, met = [], 0
        for number in range(ROUNDS):
            pair = [f"a{number}@example.dk", f"b{number}@example.dk"]
            for address in pair:
                self.ok("contact", "add", firm, f"Bo Æ <{address}>")
            self.ok("welcome", "send", pair[0], "--queue")
            running = self.hub.start("welcome", "deliver")
            time.sleep(0.002 * (number % 20))
            self.ok("welcome", "send", pair[1], "--queue")
            self.ok("welcome", "deliver")
            met += self.expect(0, self.ended(running)).err.count("welcome mail to") > 1
            people += pair
            self.check_all_sent_once(self.hub, server, people)
        print(f"{ROUNDS} mails queued while a delivery ended: {met} taken by it, none left behind", file=sys.stderr)

    def test_sends_in_a_crowd(self):
        """Commands that send at once, all together: each waits its turn, and each mail goes out once."""
        firm, server = self.prepare(self.hub)
        people = [f"p{number}@example.dk" for number in range(DELIVERERS)]
        results = []

        def work(address):
            results.append(self.hub.run("contact", "add", firm, f"Bo Æ <{address}>", "--welcome"))

        threads = [threading.Thread(target=work, args=(address,)) for address in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for result in results:
            self.expect(0, result)
        self.check_all_sent_once(self.hub, server, people)


class Death(DelivererTest):
    def free_after_kill(self, process):
        """Seconds from the kill to the free lock."""
        lock = f"{self.hub.database}.send"
        self.assertFalse(is_free(lock), "it did not hold the lock")
        start = time.monotonic()
        process.kill()
        self.wait_for(lambda: is_free(lock), "the lock", 5)
        spent = time.monotonic() - start
        process.communicate()
        self.assertLess(spent, 1)
        return spent

    def test_lock_is_free_after_kill(self):
        firm, server = self.prepare(self.hub, "RCPT=hang")
        self.queue(self.hub, firm, "bo@example.dk")
        process = self.hub.start("welcome", "deliver")
        self.wait_for(lambda: any(line.startswith("RCPT") for line in server.commands()), "RCPT")
        spent = self.free_after_kill(process)
        print(f"the lock was free {spent * 1000:.0f} ms after its holder was killed", file=sys.stderr)
        server.obey("")
        start = time.monotonic()
        self.ok("welcome", "deliver")
        self.assertLess(time.monotonic() - start, 2, "the next run waited")
        self.check_all_sent_once(self.hub, server, ["bo@example.dk"])

    def test_a_child_does_not_keep_the_lock(self):
        """A mail program that lives on when its caller was killed."""
        program, started = self.hub.directory / "sendmail", self.hub.directory / "started"
        program.write_text(f"#!/bin/sh\necho $$ >{started}.new\nmv {started}.new {started}\nexec sleep 20\n")
        program.chmod(0o755)
        firm, _ = self.prepare(self.hub)
        self.hub.use_transport(f"sendmail:{program}")
        self.queue(self.hub, firm, "bo@example.dk")
        process = self.hub.start("welcome", "deliver")
        self.wait_for(started.exists, "the program")
        child = int(started.read_text())
        self.addCleanup(os.kill, child, signal.SIGKILL)
        self.free_after_kill(process)
        os.kill(child, 0)  # it is still there
        self.ok("welcome", "deliver")
        self.assertEqual(self.hub.sql("SELECT state FROM welcome"), [("uncertain",)])


if __name__ == "__main__":
    main()
