"""Signals during a delivery: it ends in good order, and each mail is told to be what it is. Standard library only."""

import fcntl
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import FULL, HubTest, Result, main
from servers import ScriptedServer

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def private(address):
    return ("customer", "add", "--private", "Søren Ærø", "--email", address, "--hub", "--module", "invoices", "--welcome",
            "--format", "ids")


class SignalTest(HubTest):
    def setUp(self):
        super().setUp()
        self.firm = self.add_business("--hub", "--module", "invoices")

    def serve(self, script="", *options):
        server = ScriptedServer(self.hub.directory / f"server{time.monotonic_ns()}", script, *options)
        self.addCleanup(server.close)
        self.hub.use_transport(server.url)
        return server

    def queue(self, *addresses):
        for address in addresses:
            self.ok("contact", "add", self.firm, f"Bo Æ <{address}>")
            self.ok("welcome", "send", address, "--queue")

    def wait_for(self, condition, what, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, f"waited in vain for {what}")
            time.sleep(0.01)

    def wait_for_command(self, server, verb):
        self.wait_for(lambda: any(line.startswith(verb) for line in server.commands()), verb)

    def wait_for_mail(self, server):
        self.wait_for(server.mails, "the mail behind its dot")
        time.sleep(0.1)

    def ended(self, process, limit):
        """What the process left, and the seconds it took from now; it is killed if it does not end within `limit`."""
        start = time.monotonic()
        try:
            out, err = process.communicate(timeout=limit)
        except Exception:
            process.kill()
            process.communicate()
            raise
        return Result(process.returncode, out, err), time.monotonic() - start

    def stop(self, process, number, limit=20):
        process.send_signal(number)
        return self.ended(process, limit)

    def states(self):
        """(address, state, tries) of each mail, as the program tells them."""
        rows = self.ok("welcome", "status", "--json").json()
        return sorted((row["email"], row["state"], row["tries"]) for row in rows)

    def make_due(self):
        self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")

    def deliver_rest(self, server):
        """The next run, with a server that is willing."""
        server.obey("")
        self.make_due()
        self.ok("welcome", "deliver")
        self.assertEqual({row["state"] for row in self.ok("welcome", "status", "--json").json()}, {"sent"})


class BeforeTheDot(SignalTest):
    def interrupt_at(self, stage, command, number):
        """A run that is stopped while the server keeps silent at `stage`. Tells how long it took to end."""
        server = self.serve(f"{stage}=hang")
        process = self.hub.start("welcome", "deliver")
        if command:
            self.wait_for_command(server, command)
        else:
            time.sleep(0.4)
        result, spent = self.stop(process, number)
        self.expect(130, result)
        self.assertLess(spent, 3, f"{stage}, {number.name}")
        self.assertEqual(self.states(), [("bo@example.dk", "queued", 0)], "not delivered, and the try is not counted")
        self.assertIn("interrupted", result.err)
        self.assertEqual(server.mails(), [])
        return spent

    def test_each_signal_at_rcpt(self):
        self.queue("bo@example.dk")
        spent = {number.name: self.interrupt_at("RCPT", "RCPT", number) for number in STOPPING}
        told = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items())
        print(f"stopped at RCPT: {told}", file=sys.stderr)
        server = self.serve()
        self.deliver_rest(server)
        self.assertEqual(len(server.mails()), 1)

    def test_other_stages(self):
        self.queue("bo@example.dk")
        for stage, command in (("greeting", None), ("EHLO", "EHLO"), ("MAIL", "MAIL"), ("DATA", "DATA")):
            with self.subTest(stage):
                self.interrupt_at(stage, command, signal.SIGTERM)

    def test_send_leaves_the_mail_queued(self):
        self.ok("contact", "add", self.firm, "Bo Æ <bo@example.dk>")
        server = self.serve("RCPT=hang")
        process = self.hub.start("welcome", "send", "bo@example.dk", "--json")
        self.wait_for_command(server, "RCPT")
        result, _ = self.stop(process, signal.SIGINT, 3)
        self.expect(130, result)
        self.assertEqual(result.error()["kind"], "interrupted")
        self.assertEqual(self.states(), [("bo@example.dk", "queued", 0)])

    def test_while_it_keeps_to_its_rate(self):
        """Between two mails there is a minute here; nobody waits it out."""
        self.queue("bo@example.dk", "ida@example.dk")
        server = self.serve()
        process = self.hub.start("welcome", "deliver", "--rate", "1/m", "--connections", "1")
        self.wait_for_mail(server)
        self.wait_for(lambda: ("bo@example.dk", "sent", 1) in self.states(), "the record")
        result, spent = self.stop(process, signal.SIGTERM)
        self.assertLess(spent, 3)
        self.assertEqual(self.states(), [("bo@example.dk", "sent", 1), ("ida@example.dk", "queued", 0)])
        self.expect(130, result)


class BehindTheDot(SignalTest):
    def test_answer_is_awaited(self):
        for number in STOPPING:
            with self.subTest(number.name):
                address = f"{number.name.lower()}@example.dk"
                self.queue(address)
                server = self.serve("dot=late 2.5")
                process = self.hub.start("welcome", "deliver")
                self.wait_for_mail(server)
                result, spent = self.stop(process, number)
                self.assertGreater(spent, 1, "it did not wait for the answer")
                self.assertIn((address, "sent", 1), self.states())
                self.expect(130, result)
                self.assertEqual(len(server.mails()), 1)

    def test_no_further_mail(self):
        people = [f"p{number}@example.dk" for number in range(3)]
        self.queue(*people)
        server = self.serve("dot=late 2")
        process = self.hub.start("welcome", "deliver", "--connections", "1")
        self.wait_for_mail(server)
        result, _ = self.stop(process, signal.SIGTERM)
        self.expect(130, result)
        self.assertEqual(self.states(), [(people[0], "sent", 1), (people[1], "queued", 0), (people[2], "queued", 0)])
        self.deliver_rest(server)
        self.assertEqual(sorted(envelope["to"][0] for envelope, _ in server.mails()), people)

    def test_second_signal_ends_it_at_once(self):
        """The next run finds the mail uncertain, and the try after that repeats it with its Message-ID."""
        self.queue("bo@example.dk")
        server = self.serve("dot=hang")
        process = self.hub.start("welcome", "deliver")
        self.wait_for_mail(server)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        self.assertIsNone(process.poll(), "it did not wait for the answer")
        result, spent = self.stop(process, signal.SIGINT)
        self.expect(130, result)
        self.assertLess(spent, 1)
        self.assertEqual(self.states()[0][1], "sending")
        server.obey("")
        self.ok("welcome", "deliver")
        self.assertEqual(self.states(), [("bo@example.dk", "uncertain", 1)])
        self.deliver_rest(server)
        first, second = (raw.split(b"\r\n\r\n")[0].lower() for _, raw in server.mails())
        told = [next(line for line in head.split(b"\r\n") if line.startswith(b"message-id:")) for head in (first, second)]
        self.assertEqual(told[0], told[1])

    def test_answer_that_never_comes(self):
        if not FULL:
            self.skipTest("takes a minute")
        self.queue("bo@example.dk")
        server = self.serve("dot=hang")
        process = self.hub.start("welcome", "deliver")
        self.wait_for_mail(server)
        result, spent = self.stop(process, signal.SIGTERM, 90)
        self.assertTrue(55 < spent < 66, spent)
        self.expect(130, result)
        self.assertEqual(self.states(), [("bo@example.dk", "uncertain", 1)])


class IgnoredAndBroken(SignalTest):
    def test_nohup(self):
        """A HUP that was ignored from the start stays ignored; TERM is taken none the less."""
        self.queue("bo@example.dk", "ida@example.dk")
        server = self.serve("dot=late 1")
        ignore = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
        process = self.hub.start("welcome", "deliver", "--connections", "1", **ignore)
        self.wait_for_mail(server)
        for _ in range(3):
            process.send_signal(signal.SIGHUP)
        self.expect(0, self.ended(process, 20)[0])
        self.assertEqual({state for _, state, _ in self.states()}, {"sent"})
        self.ok("contact", "add", self.firm, "Åse Æ <aase@example.dk>")
        self.ok("welcome", "send", "aase@example.dk", "--queue")
        server.obey("RCPT=hang")
        before = len(server.commands())
        process = self.hub.start("welcome", "deliver", **ignore)
        self.wait_for(lambda: any(line.startswith("RCPT") for line in server.commands()[before:]), "RCPT")
        process.send_signal(signal.SIGHUP)
        time.sleep(1.5)
        self.assertIsNone(process.poll())
        self.expect(130, self.stop(process, signal.SIGTERM)[0])

    def broken_pipe(self):
        """The writing end of a pipe that nobody reads."""
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        return writer

    def test_nobody_reads_stdout(self):
        self.ok("contact", "add", self.firm, "Bo Æ <bo@example.dk>")
        server = self.serve()
        result = self.hub.run("welcome", "send", "bo@example.dk", "--json", stdout=self.broken_pipe())
        self.expect(5, result)
        self.assertEqual(result.error()["kind"], "no_output")
        self.assertEqual((self.states(), len(server.mails())), ([("bo@example.dk", "sent", 1)], 1))

    def test_nobody_reads_stderr(self):
        """The reports go nowhere; the mails go out all the same."""
        people = [f"p{number}@example.dk" for number in range(5)]
        self.queue(*people)
        server = self.serve()
        self.assertGreaterEqual(self.hub.run("welcome", "deliver", stderr=self.broken_pipe()).code, 0, "died of SIGPIPE")
        self.assertEqual(self.states(), [(address, "sent", 1) for address in people])
        self.assertEqual(len(server.mails()), 5)


class Change(SignalTest):
    """A change that is saved stays so, and the command that made it says so with 5."""

    def check_saved(self, result, address):
        self.expect(5, result)
        self.assertIn("the change is saved", result.err)
        self.ok("customer", "show", result.out.strip())
        self.assertIn((address, "queued", 0), self.states())

    def test_interrupted_at_rcpt(self):
        server = self.serve("RCPT=hang")
        for number in STOPPING:
            with self.subTest(number.name):
                address = f"{number.name.lower()}@example.dk"
                process = self.hub.start(*private(address))
                self.wait_for_command(server, f"RCPT TO:<{address}>")
                result, spent = self.stop(process, number)
                self.assertLess(spent, 3)
                self.check_saved(result, address)
        self.deliver_rest(server)

    def test_interrupted_while_another_delivery_runs(self):
        """The customer is saved, and its mail waits for the other delivery to end."""
        self.serve()
        with open(f"{self.hub.database}.send", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = self.hub.start(*private("soren@example.dk"))
            self.wait_for(lambda: self.hub.sql("SELECT 1 FROM welcome"), "the mail in the queue")
            time.sleep(0.3)
            result, _ = self.stop(process, signal.SIGTERM)
        self.assertEqual(self.states(), [("soren@example.dk", "queued", 0)])
        self.expect(5, result)
        self.assertIn("the change is saved", result.err)


if __name__ == "__main__":
    main()
