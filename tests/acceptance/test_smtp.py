"""Mail over real SMTP on loopback: nothing is called sent before the server has said 250, and nothing is lost."""

import os
import re
import select
import time

from hub import HubTest, TOKEN, bodies, main
from servers import ScriptedServer, Sink, free_port

NAME, ADDRESS = "Åse Æbelø-Østergård", "aase@smedjen.example.dk"
PRIVATE = ("customer", "add", "--private", "Søren Ærø", "--email", "soren@example.dk", "--hub", "--welcome")


class SmtpTest(HubTest):
    def setUp(self):
        super().setUp()
        self.firm = self.add_business("--hub", "--module", "invoices", "--contact", f"{NAME} <{ADDRESS}>")

    def serve(self, script="", *options):
        server = ScriptedServer(self.hub.directory / f"server{time.monotonic_ns()}", script, *options)
        self.addCleanup(server.close)
        self.hub.use_transport(server.url)
        return server

    def no_server(self):
        self.hub.use_transport(f"smtp://127.0.0.1:{free_port()}")

    def run_unsent(self, code, *args):
        """A command after which no mail has been sent, and which does not say so."""
        result = self.expect(code, self.hub.run(*args))
        self.assertNotRegex(result.out + result.err, r"(?i)\bsent\b")
        return result

    def state(self):
        (mail,) = self.welcome_of(ADDRESS)
        return mail["state"]

    def make_due(self):
        """As if the wait before the next try were over."""
        self.assertNotEqual(self.hub.sql("SELECT id FROM welcome WHERE due_at IS NOT NULL"), [])
        self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")


class Accepted(SmtpTest):
    def test_sink_gets_the_mail(self):
        sink = Sink(self.hub.directory / "sink")
        self.addCleanup(sink.close)
        self.hub.use_transport(sink.url)
        self.ok("welcome", "send", self.firm)
        (mail,) = sink.mails()
        self.assertEqual((mail["X-Mail-Args"], mail["X-Rcpt-Args"]), ("<hub@example.dk>", f"<{ADDRESS}>"))
        self.assertEqual(mail["To"].addresses[0].display_name, NAME)
        self.assertIn("Rødgrød Regnskab ApS", mail["Subject"])
        for body in bodies(mail):
            self.assertIn(NAME, body)
            self.assertEqual(len(TOKEN.findall(body)), 1)
        (status,) = self.welcome_of(ADDRESS)
        self.assertEqual((status["state"], status["tries"]), ("sent", 1))
        self.assertEqual(f"<{status['message_id']}>", mail["Message-ID"])

    def test_reply_is_kept_and_lines_are_whole(self):
        server = self.serve("dot=250 2.0.0 taken as 4711")
        self.ok("welcome", "send", self.firm)
        ((envelope, raw),) = server.mails()
        self.assertEqual((envelope["from"], envelope["to"], envelope["bare_newlines"]),
                         ("hub@example.dk", [ADDRESS], False))
        self.assertLessEqual(max(map(len, raw.split(b"\r\n"))), 998)
        self.assertTrue(raw.isascii(), "8-bit text travels encoded")
        self.assertIn("taken as 4711", self.welcome_of(ADDRESS)[0]["reply"])

    def test_several_connections(self):
        server = self.serve()
        people = [f"p{number}@example.dk" for number in range(24)]
        self.add_business("--hub", "--module", "invoices",
                          *(word for address in people for word in ("--contact", f"Bo Æ <{address}>")))
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")
        self.assertEqual(server.mails(), [])
        self.ok("welcome", "deliver", "--connections", "8")
        self.assertEqual(sorted(envelope["to"][0] for envelope, _ in server.mails()), sorted([*people, ADDRESS]))

    def test_not_called_sent_before_the_250(self):
        """The server holds every reply back for a second, after having stored the mail at the dot."""
        server = self.serve("", "--delay", "1000")
        process = self.hub.start("welcome", "send", self.firm)
        output, sent_at = b"", None
        streams = [process.stdout.fileno(), process.stderr.fileno()]
        while streams:
            for stream in select.select(streams, [], [], 30)[0]:
                more = os.read(stream, 65536)
                output += more
                if not more:
                    streams.remove(stream)
                if sent_at is None and re.search(rb"\bsent\b", output):
                    sent_at = time.time()
        self.assertEqual(process.wait(30), 0, output)
        process.stdout.close()
        process.stderr.close()
        (stored,) = server.directory.glob("*.eml")
        self.assertIsNotNone(sent_at)
        self.assertGreater(sent_at, stored.stat().st_mtime + 0.9)


class NotAccepted(SmtpTest):
    def test_server_down_then_up(self):
        self.no_server()
        self.run_unsent(75, "welcome", "send", self.firm)
        self.assertIn(self.state(), ("queued", "deferred"))
        self.run_unsent(0, "welcome", "deliver")  # not due yet
        self.assertIn(self.state(), ("queued", "deferred"))
        server = self.serve()
        self.make_due()
        self.assertIn("sent", self.ok("welcome", "deliver").err)
        self.assertEqual(self.state(), "sent")
        self.assertEqual(len(server.mails()), 1)

    def test_sending_again_makes_it_due(self):
        self.no_server()
        self.run_unsent(75, "welcome", "send", self.firm)
        server = self.serve()
        self.ok("welcome", "send", self.firm)
        self.assertEqual(len(self.welcome_of(ADDRESS, "--verbose")), 1, "one mail in two tries")
        self.assertEqual((self.state(), len(server.mails())), ("sent", 1))

    def test_waits_are_kept(self):
        self.hub.config.write_text(self.hub.config.read_text() + '[welcome]\nretry = ["1s"]\n')
        server = self.serve("RCPT=450 4.2.1 later")
        self.run_unsent(75, "welcome", "send", self.firm)
        server.obey("")
        time.sleep(2.3)
        self.ok("welcome", "deliver")
        self.assertEqual((self.state(), len(server.mails())), ("sent", 1))

    def test_deferred(self):
        for script in ("RCPT=451 4.3.0 later", "DATA=451 4.3.0 later", "dot=451 4.3.0 later", "dot=452 4.2.2 full",
                       "RCPT=552 5.2.2 mailbox full", "RCPT=drop"):
            with self.subTest(script):
                server = self.serve(script)
                self.run_unsent(75, "welcome", "send", self.firm)
                self.assertEqual(self.state(), "deferred")
                self.assertEqual(server.mails(), [])
        self.serve()
        self.make_due()
        self.ok("welcome", "deliver")
        self.assertEqual(self.state(), "sent")
        self.assertEqual(self.welcome_of(ADDRESS)[0]["tries"], 7)

    def test_failed(self):
        for script in ("RCPT=550 5.1.1 no such user", "dot=554 5.6.0 no"):
            with self.subTest(script):
                server = self.serve(script)
                self.run_unsent(69, "welcome", "send", self.firm)
                self.assertEqual((self.state(), server.mails()), ("failed", []))
                self.run_unsent(0, "welcome", "deliver")
                self.assertEqual(self.state(), "failed", "what failed for good is not tried again by itself")

    def test_our_fault(self):
        """A server that does not take mail from us at all: a setting is wrong, and the mail stays in the queue untried."""
        for script in ("MAIL=550 5.7.1 not you", "greeting=554 5.3.2 closed", "EHLO=550 5.7.1 not you"):
            with self.subTest(script):
                self.serve(script)
                self.run_unsent(78, "welcome", "send", self.firm)
                (mail,) = self.welcome_of(ADDRESS)
                self.assertEqual((mail["state"], mail["tries"]), ("queued", 0))

    def test_uncertain(self):
        """RFC 1047: the mail is stored, the answer is lost. The second try carries the same Message-ID and link."""
        server = self.serve("dot=store-drop", "--times", "1")
        result = self.hub.run("welcome", "send", self.firm)
        self.assertNotIn(result.code, (0, 69), result)
        self.assertNotRegex(result.out + result.err, r"(?i)\bsent\b")
        self.assertEqual(self.state(), "uncertain")
        self.run_unsent(0, "welcome", "deliver")
        self.assertEqual(len(server.mails()), 1, "not before its time")
        self.make_due()
        self.ok("welcome", "deliver")
        first, second = (raw for _, raw in server.mails())
        self.assertEqual(self.state(), "sent")
        for pattern in (rb"(?im)^message-id: .*$", rb"token=3D[^<]*?\r\n\r\n"):
            self.assertEqual(re.search(pattern, first)[0], re.search(pattern, second)[0])

    def test_hanging_server(self):
        self.hub.config.write_text(self.hub.config.read_text().replace("[mail]", '[mail]\nreply_timeout = "1s"'))
        for script, state in (("greeting=hang", ("queued", "deferred")), ("RCPT=hang", ("deferred",))):
            with self.subTest(script):
                self.serve(script)
                self.run_unsent(75, "welcome", "send", self.firm)
                self.assertIn(self.state(), state)
        self.serve("dot=hang")
        result = self.hub.run("welcome", "send", self.firm)
        self.assertNotRegex(result.out + result.err, r"(?i)\bsent\b")
        self.assertEqual(self.state(), "uncertain")


class Change(SmtpTest):
    """A change that is saved while its mail could not leave exits 5 and says so."""

    def test_customer_with_server_down(self):
        self.no_server()
        result = self.run_unsent(5, *PRIVATE, "--format", "ids")
        self.assertIn("soren@example.dk", result.err)
        customer = self.ok("customer", "show", result.out.strip(), "--json").json()
        self.assertEqual(customer["name"] if isinstance(customer, dict) else customer[0]["name"], "Søren Ærø")
        server = self.serve()
        self.make_due()
        self.ok("welcome", "deliver")
        self.assertEqual([envelope["to"] for envelope, _ in server.mails()], [["soren@example.dk"]])

    def test_customer_with_refused_address(self):
        self.serve("RCPT=550 5.1.1 no such user")
        result = self.run_unsent(5, *PRIVATE, "--format", "ids")
        self.ok("customer", "show", result.out.strip())

    def test_contact_and_grant(self):
        self.no_server()
        self.run_unsent(5, "contact", "add", self.firm, "Bo Bo <bo@example.dk>", "--welcome")
        self.ok("contact", "show", "bo@example.dk")
        self.run_unsent(5, "hub", "grant", self.firm, "--module", "projects", "--welcome")
        self.assertIn("projects", self.ok("customer", "show", self.firm, "--fields", "modules", "--format", "csv").out)

    def test_no_transport_changes_nothing(self):
        lines = self.hub.config.read_text().splitlines(keepends=True)
        self.hub.config.write_text("".join(line for line in lines if not line.startswith("transport")))
        before = self.hub.dump()
        for args in (PRIVATE, ("welcome", "send", self.firm), ("welcome", "deliver")):
            self.expect(78, self.hub.run(*args))
        self.assertEqual(self.hub.dump(), before)


if __name__ == "__main__":
    main()
