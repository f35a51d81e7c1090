"""Delivery reports: what a mail server tells of our mails is believed as far as it goes, and nothing else is."""

import email
import email.policy
import email.utils
import os
import re
import sys
import time

from hub import HubTest, main
from servers import ScriptedServer

ADDRESS = "aase@smedjen.example.dk"


# Delivery reports as mail servers write them (RFC 3464), about a mail of ours.


def returned(mail, headers_only=False):
    """The mail as it comes back: with LF, whole or only its headers."""
    raw = mail.replace(b"\r\n", b"\n").decode("ascii")
    return raw.split("\n\n")[0] + "\n" if headers_only else raw


def message_id(mail):
    return email.message_from_bytes(mail, policy=email.policy.default)["Message-ID"]


def report(sender, subject, boundary, parts, kind="report; report-type=delivery-status"):
    """A mail to us with these parts, each with its own headers."""
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return (f"Return-Path: <>\nReceived: from mx.example.com (mx.example.com [192.0.2.1])\n\tby mail.example.dk with ESMTP "
            f"id 4711;\n\tMon, 23 Nov 2026 10:00:00 +0100 (CET)\nFrom: {sender}\nTo: hub@example.dk\nSubject: {subject}\n"
            f"Date: {email.utils.formatdate()}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
            f"Content-Type: multipart/{kind};\n\tboundary=\"{boundary}\"\n\n"
            f"This is a MIME-encapsulated message.\n\n{body}--{boundary}--\n").encode()


def postfix(mail, address, action="failed", status="5.1.1",
            text="550 5.1.1 <{address}>: Recipient address rejected: User unknown in local recipient table"):
    """Postfix 3: the text goes over several lines, the mail comes back whole."""
    text = text.format(address=address)
    return report("MAILER-DAEMON@mail.example.dk (Mail Delivery System)", "Undelivered Mail Returned to Sender",
                  "4CqXYz1234z5.1795423200/mail.example.dk", [
        "Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n"
        f"This is the mail system at host mail.example.dk.\n\n<{address}>: host mx.example.com[192.0.2.1] said:\n    "
        f"{text}\n    (in reply to RCPT TO command)\n",
        "Content-Description: Delivery report\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mail.example.dk\nX-Postfix-Queue-ID: 4CqXYz1234z5\nX-Postfix-Sender: rfc822; hub@example.dk\n"
        "Arrival-Date: Mon, 23 Nov 2026 09:59:58 +0100 (CET)\n\n"
        f"Final-Recipient: rfc822; {address}\nOriginal-Recipient: rfc822;{address}\nAction: {action}\nStatus: {status}\n"
        f"Remote-MTA: dns; mx.example.com\nDiagnostic-Code: smtp; {text.replace(': ', ':' + chr(10) + '    ')}\n",
        f"Content-Description: Undelivered Message\nContent-Type: message/rfc822\n\n{returned(mail)}"])


def exim(mail, address):
    """Exim 4.9: no Original-Recipient, Remote-MTA without a blank, X-Failed-Recipients, the headers only."""
    return report("Mail Delivery System <Mailer-Daemon@mx.example.org>", "Mail delivery failed: returning message to sender",
                  "1795423200-eximdsn-1804289383", [
        "Content-type: text/plain; charset=us-ascii\n\nThis message was created automatically by mail delivery software.\n\n"
        f"  {address}\n    host mx.example.com [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:"
        f"<{address}>:\n    550 5.1.1 No such user here\n",
        "Content-type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nAction: failed\n"
        f"Final-Recipient: rfc822;{address}\nStatus: 5.0.0\nRemote-MTA: dns; mx.example.com\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user here\n",
        f"Content-type: text/rfc822-headers\n\n{returned(mail, True)}"]).replace(
            b"Auto-Submitted", f"X-Failed-Recipients: {address}\nAuto-Submitted".encode())


def exchange(mail, address):
    """Exchange Online: HTML beside text, quoted-printable, a long diagnostic, blank lines before the first group."""
    return report("<postmaster@contoso.onmicrosoft.com>", "Undeliverable: Din adgang", "0f6a3b1d-0cbd-4d1c", [
        "Content-Type: multipart/alternative; differences=Content-Type;\n\tboundary=\"inner-1\"\n\n--inner-1\n"
        "Content-Type: text/plain; charset=\"us-ascii\"\nContent-Transfer-Encoding: quoted-printable\n\n"
        f"Your message to {address.replace('=', '=3D')} couldn't be delivered.\n\n--inner-1\n"
        "Content-Type: text/html; charset=\"us-ascii\"\nContent-Transfer-Encoding: quoted-printable\n\n"
        "<html><body>couldn't be delivered</body></html>\n\n--inner-1--\n",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns;DB9PR01MB1234.eurprd01.prod.exchangelabs.com\n"
        "Received-From-MTA: dns;mail.example.dk\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0000\n\n"
        f"Final-Recipient: rfc822;{address}\nAction: failed\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\n",
        f"Content-Type: message/rfc822\n\n{returned(mail)}"])


def gmail(mail, address):
    """Gmail: multipart/related beside the status, X-Original-Message-ID, the diagnostic folded, the mail whole."""
    return report("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)",
                  "000000000000a1b2c305f0e1d2c3", [
        "Content-Type: multipart/related; boundary=\"related-1\"\n\n--related-1\nContent-Type: multipart/alternative;"
        " boundary=\"alt-1\"\n\n--alt-1\nContent-Type: text/plain; charset=\"UTF-8\"\n\n** Address not found **\n\n"
        f"Your message wasn't delivered to {address}\n\n--alt-1--\n\n--related-1\n"
        "Content-Type: image/png; name=\"icon.png\"\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--related-1--\n",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; googlemail.com\n"
        "Arrival-Date: Mon, 23 Nov 2026 01:00:00 -0800 (PST)\n"
        f"X-Original-Message-ID: {message_id(mail)}\n\nFinal-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
        "Remote-MTA: dns; gmail-smtp-in.l.google.com. (142.250.102.27, the server for the domain gmail.com.)\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        " 550-5.1.1 double-checking the recipient's email address for typos or\n 550 5.1.1 unnecessary spaces. gsmtp\n"
        "Last-Attempt-Date: Mon, 23 Nov 2026 01:00:01 -0800 (PST)\n",
        f"Content-Type: message/rfc822\n\n{returned(mail)}"])


def auto_reply(mail, address):
    """Out of office: a common mail that answers ours."""
    return (f"From: {address}\nTo: hub@example.dk\nSubject: Automatisk svar: Din adgang\nIn-Reply-To: {message_id(mail)}\n"
            f"References: {message_id(mail)}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=utf-8\n\nJeg holder ferie. Action: failed\nStatus: 5.1.1\n").encode()


def receipt(mail, address):
    """A read receipt (RFC 8098): a multipart/report of another type."""
    return report(address, "Læst: Din adgang".encode("ascii", "replace").decode(), "mdn-1", [
        "Content-Type: text/plain\n\nRead.\n",
        "Content-Type: message/disposition-notification\n\nReporting-UA: x\nFinal-Recipient: rfc822;" + address +
        f"\nOriginal-Message-ID: {message_id(mail)}\nDisposition: manual-action/MDN-sent-manually; displayed\n",
        f"Content-Type: text/rfc822-headers\n\n{returned(mail, True)}"], "report; report-type=disposition-notification")


class BounceTest(HubTest):
    def setUp(self):
        super().setUp()
        self.server = ScriptedServer(self.hub.directory / "server")
        self.addCleanup(self.server.close)
        self.hub.use_transport(self.server.url)
        self.firm = self.add_business("--hub", "--module", "invoices")
        self.returns = self.hub.directory / "returns"
        for folder in ("new", "cur", "tmp"):
            (self.returns / folder).mkdir(parents=True)
        self.mail = self.send_to(ADDRESS)

    def send_to(self, address):
        """A new contact gets a mail; the mail as the server has it."""
        self.ok("contact", "add", self.firm, f"Åse Ærø <{address}>", "--welcome")
        self.assertEqual(self.state(address), "sent")
        return self.server.mails()[-1][1]

    def state(self, address=ADDRESS):
        return self.welcome_of(address)[0]["state"]

    def put(self, name, content, folder="new"):
        (self.returns / folder / name).write_bytes(content)

    def bounces(self, code=0, *options, stdin=None):
        source = "-" if stdin is not None else str(self.returns)
        return self.expect(code, self.hub.run("welcome", "bounces", source, *options, stdin=stdin, limit=15))

    def assert_unchanged(self, *contents, code=0):
        """Reports after which no mail is in another state, on both ways in."""
        before = self.hub.sql("SELECT * FROM welcome"), self.hub.sql("SELECT * FROM welcome_try")
        for number, content in enumerate(contents):
            with self.subTest(number=number, content=content[:300]):
                self.put(f"{number}.mail", content)
                self.bounces(code)
                self.bounces(code, stdin=content)
                self.assertEqual((self.hub.sql("SELECT * FROM welcome"), self.hub.sql("SELECT * FROM welcome_try")), before)


class Bounced(BounceTest):
    def test_servers(self):
        for make, text in ((postfix, "User unknown in local recipient table"), (exim, "No such user here"),
                           (exchange, "RecipientNotFound; Recipient not found by SMTP address lookup"),
                           (gmail, "does not exist. Please try 550-5.1.1 double-checking")):
            for folder in ("new", "cur", "-"):
                with self.subTest(server=make.__name__, folder=folder):
                    address = f"{make.__name__}{folder.replace('-', 'x')}@example.com"
                    content = make(self.send_to(address), address)
                    if folder != "-":
                        self.put(address, content, folder)
                    result = self.bounces(0, "--json", stdin=content if folder == "-" else None)
                    (told,) = result.json()
                    self.assertEqual((told["email"], told["state"]), (address, "bounced"))
                    (kept,) = self.welcome_of(address)
                    self.assertEqual(kept["state"], "bounced")
                    self.assertIn(text, re.sub(r"\s+", " ", kept["reply"]))
                    self.assertIn("5.", kept["reply"])
        self.assertEqual(self.state(), "sent", "no report was about this one")

    def test_crlf_and_case(self):
        """As IMAP hands it out; and the server's own spelling of the address."""
        content = postfix(self.mail, ADDRESS.upper()).replace(b"\n", b"\r\n")
        self.bounces(stdin=content)
        self.assertEqual(self.state(), "bounced")

    def test_domain_with_letters(self):
        mail = self.send_to("post@rødgrød.dk")
        self.bounces(stdin=postfix(mail, "post@xn--rdgrd-vuad.dk"))
        self.assertEqual(self.state("post@rødgrød.dk"), "bounced")

    def test_folder_is_left_as_it_is(self):
        self.put("1.mail", postfix(self.mail, ADDRESS))
        before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in self.returns.rglob("*") if file.is_file()}
        self.bounces()
        self.assertEqual({file: (file.read_bytes(), file.stat().st_mtime_ns)
                          for file in self.returns.rglob("*") if file.is_file()}, before)

    def test_not_mailed_again_by_itself(self):
        self.bounces(stdin=postfix(self.mail, ADDRESS))
        self.hub.change("UPDATE welcome SET sent_at = sent_at - 864000, queued_at = queued_at - 864000, "
                        "changed_at = changed_at - 864000")
        before = len(self.server.mails())
        self.ok("welcome", "resend", "--unused", "--yes")
        self.ok("welcome", "send", "--never-sent", "--yes")
        self.ok("welcome", "send", ADDRESS)
        self.ok("welcome", "deliver")
        self.assertEqual(len(self.server.mails()), before)
        plan = self.ok("welcome", "send", ADDRESS, "--dry-run", "--json").json()
        self.assertEqual([(line["decision"], line["reason"]) for line in plan], [("skip", "bounced")])
        shown = self.ok("contact", "show", ADDRESS, "--json").json()
        self.assertEqual((shown if isinstance(shown, dict) else shown[0])["welcome"], "bounced")

    def test_named_again(self):
        """The admin has made sure of the address: an explicit resend goes out, and its own bounce counts again."""
        self.bounces(stdin=postfix(self.mail, ADDRESS))
        before = len(self.server.mails())
        self.ok("welcome", "resend", ADDRESS)
        self.assertEqual(self.state(), "sent")
        self.assertEqual(len(self.server.mails()), before + 1)
        self.bounces(stdin=postfix(self.mail, ADDRESS))
        self.assertEqual(self.state(), "sent", "the report on the first mail says nothing of the second")
        self.bounces(stdin=exim(self.server.mails()[-1][1], ADDRESS))
        self.assertEqual(self.state(), "bounced")

    def test_bounced_is_no_way_in(self):
        self.bounces(stdin=postfix(self.mail, ADDRESS))
        self.expect(10, self.hub.run("hub", "explain", ADDRESS))

    def test_uncertain_mail(self):
        """A report on it says what became of it; it is not tried again."""
        self.server.obey("dot=store-drop")
        self.ok("contact", "add", self.firm, "Bo Æ <bo@example.dk>")
        self.hub.run("welcome", "send", "bo@example.dk")
        self.assertEqual(self.state("bo@example.dk"), "uncertain")
        self.bounces(stdin=postfix(self.server.mails()[-1][1], "bo@example.dk"))
        self.server.obey("")
        self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")
        self.ok("welcome", "deliver")
        self.assertEqual(self.state("bo@example.dk"), "bounced")

    def test_dry_run(self):
        self.bounces(0, "--dry-run", stdin=postfix(self.mail, ADDRESS))
        self.assertEqual(self.state(), "sent")


class Unchanged(BounceTest):
    def test_not_final(self):
        self.assert_unchanged(*(postfix(self.mail, ADDRESS, action, status) for action, status in (
            ("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0"), ("expanded", "2.0.0"), ("other", "5.1.1"))))

    def test_answers(self):
        self.assert_unchanged(auto_reply(self.mail, ADDRESS), receipt(self.mail, ADDRESS), self.mail)

    def test_not_ours(self):
        foreign = re.sub(rb"(?i)(message-id: <)kundehub\.\w", rb"\1kundehub.z", self.mail)
        self.assertNotEqual(foreign, self.mail)
        without = re.sub(rb"(?i)message-id: .*\r\n", b"", self.mail)
        other = self.send_to("bo@example.dk")
        self.assert_unchanged(postfix(foreign, ADDRESS), postfix(without, ADDRESS),
                              postfix(other, ADDRESS), postfix(self.mail, "bo@example.dk"),
                              postfix(self.mail, "aase@evil.example"), postfix(self.mail, ""))

    def test_twice(self):
        content = postfix(self.mail, ADDRESS)
        self.put("1.mail", content)
        self.put("2.mail", content, "cur")
        self.bounces()
        self.assertEqual(self.state(), "bounced")
        self.assertEqual(len(self.hub.sql("SELECT 1 FROM welcome_try WHERE outcome = 'bounced'")), 1)
        self.assert_unchanged(content)

    def test_used_link_stands(self):
        """Who has logged in has got the mail, whatever a late report says."""
        self.hub.change("UPDATE login_link SET used_at = created_at + 1")
        self.assert_unchanged(postfix(self.mail, ADDRESS))

    def test_garbage(self):
        """Nothing in them is a report; each is read to its end and changes nothing."""
        good = postfix(self.mail, ADDRESS)
        status = good.index(b"Final-Recipient")
        noise = bytes(range(256)) * 64
        self.assert_unchanged(
            b"", b"\n", b"\0" * 5000, noise, b"Content-Type: multipart/report; boundary=\"\"\n\n----\n", good[:status],
            good.replace(b"multipart/report", b"multipart/mixed"), good[:status] + noise, b"\n" * 100_000,
            good.replace(b"Action: failed", b"Action: " + b"failed" * 1000),
            b"".join(b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)))


class Hostile(BounceTest):
    def test_text_that_a_terminal_obeys(self):
        text = "550 5.1.1 \x1b]0;owned\x07\x1b[31m \u202egpj.exe \u2066x\u2028 \x9b no\x00 <script>"
        content = postfix(self.mail, ADDRESS, text=text)
        result = self.bounces(stdin=content)
        self.assertEqual(self.state(), "bounced")
        shown = [result.out, result.err, self.welcome_of(ADDRESS)[0]["reply"]]
        for options in ((), ("-v",), ("--json",), ("--format", "tsv"), ("--format", "csv")):
            shown.append(self.ok("welcome", "status", *options).out)
        for said in shown:
            self.assertNotRegex(said, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e\u2066]")
        self.assertIn("no", shown[2])

    def test_names_that_a_terminal_obeys(self):
        """A file's name, and an address that is none of ours."""
        self.put("\x1b]0;owned\x07", postfix(self.mail, "x\x1b[31m\u202e@example.dk"))
        result = self.bounces()
        self.assertNotRegex(result.out + result.err, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")

    def test_long_text(self):
        self.bounces(stdin=postfix(self.mail, ADDRESS, text="550 " + "x" * 1_000_000))
        self.assertEqual(self.state(), "bounced")
        self.assertLess(len(self.welcome_of(ADDRESS)[0]["reply"]), 5000)

    def test_file_of_20_mb(self):
        """It is told of; the others are read, and the status is 5."""
        large = postfix(self.mail, ADDRESS)
        self.put("1.large", large + b"x" * 20_000_000)
        other = self.send_to("bo@example.dk")
        self.put("2.mail", postfix(other, "bo@example.dk"))
        start = time.monotonic()
        result = self.bounces(5)
        print(f"a folder with a file of 20 MB: {time.monotonic() - start:.2f} s", file=sys.stderr)
        self.assertIn("1.large", result.err)
        self.assertEqual((self.state(), self.state("bo@example.dk")), ("sent", "bounced"))
        self.expect(66, self.hub.run("welcome", "bounces", "-", stdin=large + b"x" * 20_000_000))

    def test_what_is_no_file(self):
        """A FIFO, a folder, a dead link, /dev/zero: nothing hangs."""
        os.mkfifo(self.returns / "new" / "1.fifo")
        (self.returns / "new" / "2.folder").mkdir()
        (self.returns / "new" / "3.link").symlink_to("/nowhere")
        (self.returns / "cur" / "4.zero").symlink_to("/dev/zero")
        (self.returns / "cur" / "5.fifo").symlink_to(self.returns / "new" / "1.fifo")
        self.put("6.mail", postfix(self.mail, ADDRESS))
        result = self.hub.run("welcome", "bounces", str(self.returns), limit=10)
        self.assertIn(result.code, (0, 5), result)
        self.assertEqual(self.state(), "bounced")

    def test_unreadable_file(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        self.put("1.mail", b"x")
        (self.returns / "new" / "1.mail").chmod(0)
        self.assertIn("1.mail", self.bounces(5).err)

    def test_missing_folder(self):
        empty, file = self.hub.directory / "empty", self.hub.directory / "file"
        empty.mkdir()
        file.write_bytes(postfix(self.mail, ADDRESS))
        for path in ("/nowhere", str(empty), str(file), str(self.returns / "new")):
            with self.subTest(path):
                result = self.expect(66, self.hub.run("welcome", "bounces", path, "--json"))
                self.assertEqual(result.error()["kind"], "no_input")
                self.assertIn(path, result.err)
        self.expect(2, self.hub.run("welcome", "bounces"))
        self.assertEqual(self.state(), "sent")

    def test_many_reports(self):
        for number in range(500):
            self.put(f"{number:04}", postfix(self.mail, f"p{number}@example.dk"))
        self.put("9999", postfix(self.mail, ADDRESS))
        start = time.monotonic()
        self.bounces()
        print(f"501 reports: {time.monotonic() - start:.2f} s", file=sys.stderr)
        self.assertEqual(self.state(), "bounced")


if __name__ == "__main__":
    main()
