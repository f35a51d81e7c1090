"""Welcome mail through real Postfix (TLS with a CA of one's own, a login) and real OpenSMTPD: many mails, greylisting, a
refusal, a server that stops in the middle; and a revoke that stops a mail on its way."""

import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import FULL, HubTest, Result, main
from servers import OpenSmtpd, Postfix, ScriptedServer

ADDRESS, GONE = "aase@smedjen.example.dk", "gone@smedjen.example.dk"
MAILS, STOPS = (200, 10) if FULL else (40, 1)  # OpenSMTPD takes 100 a connection
CROWD = [f"p{number}@smedjen.example.dk" for number in range(MAILS)]


def make_certificates(directory):
    """ca.pem, and cert.pem and key.pem for 0.0.0.0, which leads to this machine and does not count as loopback."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=directory, check=True, stderr=subprocess.DEVNULL)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=A CA of our own", "-out", "ca.pem", "-keyout", "ca.key")
    openssl("req", *key, "-subj", "/CN=mail.test", "-out", "cert.req", "-keyout", "key.pem")
    (directory / "names").write_text("subjectAltName = IP:0.0.0.0\n")
    openssl("x509", "-req", "-in", "cert.req", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "cert.pem")


class MailServerTest(HubTest):
    def set_mail(self, **settings):
        for key, value in settings.items():
            self.ok("config", "set", f"mail.{key}", value)

    def set_password(self, password):
        file = self.hub.directory / "password"
        file.write_text(password + "\n")
        file.chmod(0o600)
        self.set_mail(username=Postfix.USER, password_file=file)

    def queue(self, *addresses):
        self.firm = self.add_business("--hub", "--module", "invoices",
                                      *(word for address in addresses for word in ("--contact", f"Bo Æ <{address}>")))
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")

    def deliver(self, code, *options):
        """A run with this exit code. Unless that is 0, no mail has been sent, and none is said to have been."""
        result = self.expect(code, self.hub.run("welcome", "deliver", *options))
        if code:
            self.assertNotRegex(result.out + result.err, r"(?i)\bsent\b")
        return result

    def mail(self, address=ADDRESS):
        (mail,) = self.welcome_of(address)
        return mail

    def make_due(self):
        self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")


class EachServer:
    """The tests of one real server; a class that also inherits MailServerTest names it."""

    def serve(self, **options):
        if os.geteuid() != 0:
            self.skipTest("only root can start a mail server in a chroot")
        make_certificates(self.hub.directory)
        try:
            server = self.server(self.hub.directory / "jail", [ADDRESS, *CROWD], self.hub.directory, **options)
        except PermissionError as error:
            self.skipTest(f"this root may not do all that a chroot needs: {error}")
        self.addCleanup(server.close)
        self.set_mail(transport=server.url)
        if server.secure:
            self.set_mail(ca_file=self.hub.directory / "ca.pem")
            self.set_password(Postfix.PASSWORD)
        return server

    def test_many_mails(self):
        """Each is in the Maildir, once."""
        server = self.serve()
        self.queue(*CROWD)
        start = time.monotonic()
        self.deliver(0, "--connections", "4")
        print(f"{server.package}: {MAILS} mails in {time.monotonic() - start:.1f} s", file=sys.stderr)
        mails = server.wait_for_mails(MAILS)
        rows = dict(self.hub.sql("SELECT address, message_id FROM welcome WHERE state = 'sent' AND tries = 1"))
        self.assertEqual({mail["To"].addresses[0].addr_spec: mail["Message-ID"] for mail in mails},
                         {address: f"<{rows[address]}>" for address in CROWD})
        self.assertEqual(len(mails), MAILS)
        for mail in mails:
            self.assertRegex(mail["Received"], " ESMTPSA " if server.secure else " ESMTP ")
        self.assertRegex(self.mail(CROWD[0])["reply"], "^250 2.0.0 ")

    def test_greylisting(self):
        server = self.serve(greylisting=True)
        self.queue(ADDRESS)
        self.deliver(75)
        before = self.mail()
        self.assertEqual((before["state"], before["tries"]), ("deferred", 1))
        self.assertRegex(before["reply"], "^451 4.7.1 .*Greylisted, come back$")
        self.deliver(0)  # not due yet
        self.assertEqual(self.mail(), before)
        self.make_due()
        self.deliver(0)
        after = self.mail()
        self.assertEqual((after["state"], after["tries"], after["message_id"]), ("sent", 2, before["message_id"]))
        (mail,) = server.wait_for_mails(1)
        self.assertEqual(mail["Message-ID"], f"<{after['message_id']}>")

    def test_unknown_recipient(self):
        server = self.serve()
        self.queue(GONE)
        self.deliver(69)
        self.assertEqual((self.mail(GONE)["state"], self.mail(GONE)["tries"]), ("failed", 1))
        self.assertRegex(self.mail(GONE)["reply"], "^(550 5.1.1|524 5.2.4) ")
        self.assertEqual(server.mails(), [])

    def test_server_stops(self):
        """Stopped in the middle of runs and started again: each mail arrives, and no more often than was uncertain."""
        server = self.serve()
        self.queue(*CROWD)
        uncertain = sum(self.stop_during_run(server) for _ in range(STOPS))
        for _ in range(3):
            self.make_due()
            self.hub.run("welcome", "deliver")
        self.assertEqual(self.hub.sql("SELECT state, count(*) FROM welcome GROUP BY state"), [("sent", MAILS)])
        mails = server.wait_for_mails(MAILS)
        taken = {mail["Received"].split(";")[0] for mail in mails}  # a server may deliver twice what it has taken once
        print(f"{server.package}: stopped {STOPS} times, {uncertain} mails uncertain, {len(taken)} taken and {len(mails)} "
              f"arrived for {MAILS}", file=sys.stderr)
        self.assertEqual({mail["Message-ID"] for mail in mails},
                         {f"<{row[0]}>" for row in self.hub.sql("SELECT message_id FROM welcome")}, "none is lost")
        self.assertLessEqual(len(taken), MAILS + uncertain)

    def stop_during_run(self, server):
        """How many mails it leaves uncertain."""
        self.make_due()
        run = self.hub.start("welcome", "deliver", "--connections", "2", "--limit", str(MAILS // STOPS))
        time.sleep(0.2)
        server.stop()
        run.communicate(timeout=60)
        server.start()
        return self.hub.sql("SELECT count(*) FROM welcome WHERE state = 'uncertain'")[0][0]


class WithPostfix(EachServer, MailServerTest):
    server = Postfix

    def test_settings_at_fault(self):
        """An unknown CA and a wrong password are ours to mend: nothing is tried, and nothing leaves."""
        server = self.serve()
        self.queue(ADDRESS)
        self.set_mail(ca_file="")
        self.check_our_fault("certificate")
        self.set_mail(ca_file=self.hub.directory / "ca.pem")
        self.set_password("forkert")
        self.check_our_fault("535")
        self.set_mail(username="", password_file="", tls="none")
        self.check_our_fault("530 5.7.0 Must issue a STARTTLS command first")
        self.set_mail(tls="required")
        self.deliver(75)  # Postfix says so to the recipient, with 5.7.1: it may pass
        self.assertEqual((self.mail()["state"], self.mail()["tries"]), ("deferred", 1))
        self.set_password(Postfix.PASSWORD)
        self.make_due()
        self.deliver(0)
        self.assertEqual((self.mail()["state"], self.mail()["tries"]), ("sent", 2))
        self.assertEqual(len(server.wait_for_mails(1)), 1)

    def check_our_fault(self, why):
        result = self.deliver(78)
        self.assertRegex(result.err, why)
        self.assertEqual((self.mail()["state"], self.mail()["tries"]), ("queued", 0))

    def test_revoke_while_the_server_thinks(self):
        """The mail has been claimed, its recipient is being asked for; then the customer is shut out."""
        server = self.serve()
        self.queue(ADDRESS)
        server.may_answer.clear()
        run = self.hub.start("welcome", "deliver")
        self.assertTrue(server.asked.wait(20))
        self.ok("hub", "revoke", self.firm, "--yes")
        server.may_answer.set()
        out, err = run.communicate(timeout=60)
        self.assertNotRegex(out + err, rb"(?i)\bsent\b")
        self.assertEqual(self.mail()["state"], "cancelled")
        time.sleep(0.5)
        self.assertEqual(server.mails(), [])


class WithOpenSmtpd(EachServer, MailServerTest):
    server = OpenSmtpd


class Revoke(MailServerTest):
    """Access ends while a mail is on its way. Up to the final dot it goes no further."""

    STAGES = ("greeting", "EHLO", "MAIL", "RCPT", "DATA")
    CHANGES = (("hub", "revoke", "{firm}"), ("hub", "revoke", "{firm}", "--contact", ADDRESS),
               ("customer", "edit", "{firm}", "--no-hub"), ("contact", "edit", ADDRESS, "--no-hub"),
               ("contact", "edit", ADDRESS, "--email", "ny@smedjen.example.dk"), ("contact", "delete", ADDRESS, "--yes"))
    CANCEL = ("welcome", "cancel", ADDRESS)

    def change_while(self, stage, *change, script=""):
        """Makes the change, in a fresh hub, when a run waits for the server's answer at `stage`, which then goes by
        `script`. Returns what the change said, and the run."""
        self.setUp()
        self.server = ScriptedServer(self.hub.directory / "server", f"{stage}=hold")
        self.addCleanup(self.server.close)
        self.set_mail(transport=self.server.url)
        self.queue(ADDRESS)
        run = self.hub.start("welcome", "deliver")
        self.wait_until_sending(stage)
        changed = self.hub.run(*(word.format(firm=self.firm) for word in change))
        self.server.obey(script)
        out, err = run.communicate(timeout=60)
        return changed, Result(run.returncode, out, err)

    def wait_until_sending(self, stage):
        """At the greeting and at the dot the database tells that the moment has come, else the command does."""
        for _ in range(500):
            phases = self.hub.sql("SELECT phase FROM welcome")
            said = any(line.startswith(stage) for line in self.server.commands())
            if said or (stage == "greeting" and phases == [(1,)]) or (stage == "dot" and phases == [(2,)]):
                return
            time.sleep(0.02)
        self.fail(f"the run never came to {stage}")

    def check_stopped(self, run):
        self.assertNotRegex(run.out + run.err, r"(?i)\bsent\b")
        self.assertEqual(self.hub.sql("SELECT state FROM welcome"), [("cancelled",)], run)
        self.deliver(0)
        self.assertEqual(self.server.mails(), [], "the server has received the mail")
        self.assertEqual(self.hub.sql("SELECT state FROM welcome"), [("cancelled",)])

    def test_before_the_dot(self):
        cases = [(stage, self.CHANGES[0]) for stage in self.STAGES]
        cases += [("DATA", change) for change in (*self.CHANGES[1:], self.CANCEL)]
        for stage, change in cases:
            with self.subTest(f"{' '.join(change)} at {stage}"):
                changed, run = self.change_while(stage, *change)
                self.expect(0, changed)
                self.check_stopped(run)

    def test_no_further_try_is_promised(self):
        _, run = self.change_while("DATA", *self.CHANGES[0])
        self.assertRegex(run.err, "cancelled")
        self.assertNotIn("next try", run.err)

    def test_after_the_dot(self):
        """The mail cannot be called back: it is sent, nobody says that it was cancelled, and its link is dead."""
        for change in self.CHANGES:
            with self.subTest(" ".join(change)):
                changed, run = self.change_while("dot", *change)
                self.assertEqual(len(self.server.mails()), 1)
                self.assertEqual(self.hub.sql("SELECT state FROM welcome"), [("sent",)])
                self.assertRegex(self.expect(0, run).err, r"\bsent\b")
                self.assertNotIn("cancelled", self.expect(0, changed).err + run.err)
                self.assertEqual(self.hub.sql("SELECT 1 FROM login_link WHERE ended_at IS NULL"), [], "the link is alive")

    def test_cancel_after_the_dot(self):
        changed, run = self.change_while("dot", *self.CANCEL)
        self.assertIn("cannot be called back", self.expect(4, changed).err)
        self.expect(0, run)
        self.assertEqual((self.mail()["state"], len(self.server.mails())), ("sent", 1))

    def test_no_answer_to_the_dot(self):
        """Nobody knows whether the mail went out. It is not called sent, and not sent again."""
        for change in self.CHANGES:
            with self.subTest(" ".join(change)):
                _, run = self.change_while("dot", *change, script="dot=store-drop")
                self.assertNotRegex(run.out + run.err, r"(?i)\bsent\b")
                for _ in range(2):
                    self.make_due()
                    self.deliver(0)
                self.assertEqual(len(self.server.mails()), 1)
                self.assertEqual(self.hub.sql("SELECT 1 FROM welcome WHERE state = 'sent'"), [])


if __name__ == "__main__":
    main()
