"""Exit codes and JSON errors: for an error of each kind the code of the published table, a message, and with --json the
error as stderr's last line."""

import json
import os
import resource
import shlex
import subprocess
import unittest

from hub import FULL, HubTest, main
from servers import ScriptedServer, free_port

KEYS = ["kind", "message", "hint", "exit"]


class Errors(HubTest):
    def setUp(self):
        super().setUp()
        self.firm = self.add_business("--hub")

    def fails(self, code, kind, *args, **options):
        """The command fails alike with and without JSON, says nothing on stdout, and leaves the database alone."""
        before = self.hub.dump()
        plain = self.expect(code, self.hub.run(*args, **options))
        self.assertEqual(plain.out, "")
        self.assertRegex(plain.err, r"\Akundehub: [^\n]*[^.\n]\n(hint: [^\n]+\n)?\Z")
        for asked in (("--json",), ("--format", "json"), ("--format=json",)):
            result = self.expect(code, self.hub.run(*args, *asked, **options))
            self.assertEqual(result.out, "")
            line = result.err.splitlines()[-1]
            error = json.loads(line)["error"]
            self.assertEqual(list(error), KEYS)
            self.assertEqual((error["kind"], error["exit"]), (kind, code))
            self.assertIn(f"kundehub: {error['message']}\n", plain.err)
            if error["hint"]:
                self.assertIn(f"hint: {error['hint']}\n", plain.err)
        preset = self.expect(code, self.hub.run(*args, env={"KUNDEHUB_FORMAT": "json"}, **options))
        self.assertEqual(preset.error(), error)
        self.assertEqual(self.hub.dump(), before)
        return error

    def each(self, code, kind, *lines):
        """Each command line, in a shell's words, fails so. Returns the last error."""
        for line in lines:
            with self.subTest(line):
                error = self.fails(code, kind, *shlex.split(line))
                self.assertTrue(error["message"])
        return error

    def test_usage(self):
        self.each(2, "usage", "customer ad", "custmer add", "customer", "customer add", "customer list --fromat x",
                  "customer add --private A --business B", "customer list --fields nmae", "customer list --hub maybe",
                  "contact add", f"customer edit {self.firm}", "customer add --private --yes",
                  f"customer show {self.firm} --hub on")

    def test_nearest_name(self):
        for line, near in (("customer ad", "add"), ("custmer add", "customer"), ("customer list --fields nmae", "name"),
                           ("customer add --privat A", "--private"), ("config get hub.ulr", "hub.url"),
                           (f"hub grant {self.firm} --module invoice", "invoices")):
            with self.subTest(line):
                result = self.hub.run(*shlex.split(line), "--json")
                self.assertNotEqual(result.code, 0)
                self.assertIn(near, result.error()["hint"])

    def test_not_found(self):
        self.each(3, "not_found", "customer show 99999", "customer edit id:77 --city X", "contact show contact:99",
                  "contact show nobody@example.dk", "customer show cvr:10150817", f"hub grant {self.firm} --module zzz",
                  "customer list --module zzz", "welcome send contact:99")

    def test_conflict(self):
        self.ok("contact", "add", self.firm, "Bo Bo <bo@example.dk>")
        empty = self.add_business()
        person = self.ok("customer", "add", "--private", "Bo", "--email", "bo@example.dk", "--format", "ids").out.strip()
        self.each(4, "conflict", f"customer add --private A --number {self.firm}",
                  f"contact add {self.firm} 'Bo Bo <bo@example.dk>'", f"contact add {person} 'A B <a@example.dk>'",
                  "contact show bo@example.dk", "contact delete contact:2 --yes", "customer add --business A --welcome",
                  "customer add --business A --hub --welcome", "customer add --private A --hub --welcome")
        self.assertIn("contact add", self.each(4, "conflict", f"hub grant {empty}")["hint"])

    def test_unconfirmed(self):
        self.ok("contact", "add", self.firm, "Bo Bo <bo@example.dk>")
        self.each(6, "unconfirmed", "contact delete bo@example.dk --no-input", "welcome send --never-sent")
        self.assertIn("--yes", self.each(6, "unconfirmed", "contact delete bo@example.dk")["hint"])

    def test_bad_data(self):
        self.each(65, "bad_data", *(f"customer add --business A {option}" for option in (
            "--cvr 12345678", "--email a@b@c", "--country Denmark", "--language fr", "--tag a,b", "--contact Bo",
            "--phone ring")))

    def test_no_output(self):
        with open("/dev/full", "wb") as full:
            result = self.hub.run("customer", "list", "--json", stdout=full)
        self.assertEqual(result.code, 73)
        self.assertEqual(json.loads(result.err.splitlines()[-1])["error"]["kind"], "no_output")
        read, write = os.pipe()
        os.close(read)
        result = self.hub.run("customer", "list", stdout=write)
        os.close(write)
        self.assertEqual(result.code, 73)

    def test_no_output_once_a_mail_is_sent(self):
        """A script must not take it for a run that has changed nothing."""
        self.ok("customer", "add", "--private", "Ida", "--email", "ida@example.dk", "--hub", "--module", "invoices")
        self.ok("welcome", "send", "ida@example.dk", "--queue")
        with open("/dev/full", "wb") as full:
            result = self.hub.run("welcome", "deliver", "--json", stdout=full)
        self.assertEqual((result.code, result.error()["exit"]), (5, 5), result)
        self.assertEqual(self.welcome_of("ida@example.dk")[0]["state"], "sent")

    def test_disk_full(self):
        """With a file size limit the database cannot grow; nothing of the change is there."""
        before = self.hub.dump()
        size = self.hub.database.stat().st_size
        result = self.hub.run("customer", "add", "--private", "A", "--notes", "Æ" * 20_000, "--json",
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        self.assertEqual((result.code, result.error()["kind"]), (73, "no_output"), result)
        self.assertEqual(self.hub.dump(), before)
        self.assert_sound()

    def hold_turn(self, seconds):
        """Another kundehub that has the turn to write for so long: flock(1) stands for it."""
        command = ["flock", f"{self.hub.database}.write", "sh", "-c", f"echo locked; exec sleep {seconds}"]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.terminate)
        self.addCleanup(holder.stdout.close)
        self.assertEqual(holder.stdout.readline(), "locked\n")
        return holder

    def test_waits_for_the_turn(self):
        holder = self.hold_turn(3)
        self.ok("customer", "list", limit=2)  # a reader waits for nobody
        self.ok("customer", "add", "--private", "A", limit=20)
        self.assertEqual(holder.poll(), 0, "the writer did not wait")

    @unittest.skipUnless(FULL, "takes a minute: tests/run.sh --full")
    def test_temporary(self):
        self.hold_turn(100)
        result = self.expect(75, self.hub.run("customer", "add", "--private", "A", "--json", limit=90))
        self.assertEqual(result.error()["kind"], "temporary")
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer"), [(1,)])

    def test_mail_server_is_away(self):
        self.ok("contact", "add", self.firm, "Bo Bo <bo@example.dk>")
        self.hub.use_transport(f"smtp://127.0.0.1:{free_port()}")
        self.expect(75, self.hub.run("welcome", "send", self.firm))
        server = ScriptedServer(self.hub.directory / "server", "RCPT=550 5.1.1 unknown")
        self.addCleanup(server.close)
        self.hub.use_transport(server.url)
        self.expect(69, self.hub.run("welcome", "resend", self.firm))

    def test_config(self):
        for text in ("[hub\n", "[hub]\nulr = \"x\"\n", "[hub]\nurl = 5\n", "[hub]\nlink_ttl = \"soon\"\n", "\xff"):
            with self.subTest(text):
                self.hub.config.write_bytes(text.encode("latin-1"))
                error = self.fails(78, "config", "customer", "list")
                self.assertIn("config.toml", error["message"])
        self.hub.config.unlink()
        self.fails(78, "config", "customer", "list")

    def test_answer_is_no(self):
        self.ok("contact", "add", self.firm, "Bo Bo <bo@example.dk>")
        self.expect(10, self.hub.run("hub", "explain", "bo@example.dk"))

    def test_partial(self):
        self.ok("contact", "add", self.firm, "Bo Bo <bo@example.dk>")
        result = self.expect(5, self.hub.run("hub", "grant", self.firm, "99999"))
        self.assertIn("99999", result.err)

    def test_messages_name_the_value(self):
        self.assertIn('"12345678"', self.each(65, "bad_data", "customer add --business A --cvr 12345678")["message"])
        self.assertIn("99999", self.each(3, "not_found", "customer show 99999")["message"])


if __name__ == "__main__":
    main()
