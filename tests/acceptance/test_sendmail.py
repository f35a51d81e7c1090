"""Mail through a program with sendmail's interface: what it is given, and what its end means."""

import email
import email.policy
import json
import os
import pathlib
import re
import signal
import sys
import time

from hub import FULL, HubTest, TOKEN, bodies, main

ADDRESS = "aase@smedjen.example.dk"
SEALS = 0x000F  # F_SEAL_SEAL, SHRINK, GROW and WRITE (fcntl(2))

# Writes what it was given into files beside itself, a folder for each call, and then does what {deed} says. The signals are
# read by the shell itself: while it starts another program it blocks them all, and that one would see it so.
STAND_IN = """#!/bin/sh
here={here}/calls/$$
mkdir -p "$here"
for word; do printf '%s\\0' "$word"; done >"$here/argv"
while read -r line; do case $line in Sig[IB][gl]*) echo "$line" ;; esac; done </proc/$$/status >"$here/signals"
{python} -I -S -c '
import fcntl, json, os, stat, sys
info = os.fstat(0)
facts = {{"name": os.readlink("/proc/self/fd/0"), "regular": stat.S_ISREG(info.st_mode), "size": info.st_size,
         "offset": os.lseek(0, 0, os.SEEK_CUR), "seals": fcntl.fcntl(0, 1034),
         "open": sorted(int(name) for name in os.listdir("/proc/" + str(os.getppid()) + "/fd")), "cwd": os.getcwd()}}
json.dump(facts, open(sys.argv[1], "w"))
' "$here/facts"
cat >"$here/mail"
mv "$here" "{here}/done.$$"
{deed}
"""


class Sendmail(HubTest):
    def setUp(self):
        super().setUp()
        self.firm = self.add_business("--hub", "--module", "invoices", "--contact", f"Åse Ærø <{ADDRESS}>")
        self.program = self.hub.directory / "sendmail"

    def install(self, deed="exit 0", script=STAND_IN):
        self.program.write_text(script.format(here=self.hub.directory, python=sys.executable, deed=deed))
        self.program.chmod(0o755)
        self.hub.use_transport(f"sendmail:{self.program}")

    def calls(self):
        return sorted(self.hub.directory.glob("done.*"), key=lambda folder: folder.stat().st_mtime_ns)

    def argv(self, call):
        return (call / "argv").read_bytes().decode().split("\0")[:-1]

    def send(self, code, *options, target=ADDRESS, **more):
        """A mail is sent again; what the program has kept of it."""
        result = self.expect(code, self.hub.run("welcome", "resend", target, *options, **more))
        return result, self.welcome_of(target)[0]

    def check(self, deed, code, state, tries=1):
        self.install(deed)
        result, mail = self.send(code)
        self.assertEqual((mail["state"], mail["tries"]), (state, tries), deed)
        if state != "sent":
            self.assertNotRegex(result.out + result.err, r"(?i)\bsent\b")
        self.ok("welcome", "cancel", ADDRESS)
        return result, mail


class Given(Sendmail):
    def test_arguments_and_input(self):
        self.install()
        self.send(0)
        (call,) = self.calls()
        self.assertEqual(self.argv(call), ["-i", "-f", "hub@example.dk", "--", ADDRESS])
        raw = (call / "mail").read_bytes()
        self.assertNotIn(b"\r", raw)
        self.assertTrue(raw.endswith(b"\n"))
        self.assertTrue(raw.isascii())
        self.assertLessEqual(max(map(len, raw.split(b"\n"))), 998)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        self.assertEqual([defect for part in mail.walk() for defect in part.defects], [])
        self.assertEqual(mail["To"].addresses[0].addr_spec, ADDRESS)
        self.assertEqual(f"<{self.welcome_of(ADDRESS)[0]['message_id']}>", mail["Message-ID"])
        for body in bodies(mail):
            self.assertEqual(len(TOKEN.findall(body)), 1)

    def test_input_is_a_sealed_file(self):
        """Never a pipe: a writer that is killed half-way would have a torso delivered."""
        self.install()
        self.send(0)
        (call,) = self.calls()
        facts = json.loads((call / "facts").read_text())
        self.assertEqual((facts["regular"], facts["offset"], facts["seals"]), (True, 0, SEALS))
        self.assertEqual(facts["size"], (call / "mail").stat().st_size)
        self.assertTrue(facts["name"].startswith("/memfd:"), facts)

    def test_nothing_else_is_inherited(self):
        """Neither the database, nor its locks, nor the link key are open in the program."""
        self.install()
        process = self.hub.start("welcome", "resend", ADDRESS, env={"KUNDEHUB_ACTOR": "Åse"})
        process.communicate(timeout=30)
        (call,) = self.calls()
        opened = json.loads((call / "facts").read_text())["open"]
        self.assertLessEqual(set(opened), {0, 1, 2, 10}, "10 is the shell's own")

    def test_signals_are_as_usual(self):
        """What kundehub ignores or catches is the default again in the program, and nothing is blocked."""
        self.install()
        self.send(0)
        for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGXFSZ):
            for line in (self.calls()[0] / "signals").read_text().splitlines():
                self.assertFalse(int(line.split()[1], 16) >> (number - 1) & 1, f"{line} has {number.name}")

    def test_no_shell(self):
        """Names and addresses that a shell would run stay words."""
        trap = self.hub.directory / "trap"
        self.install()
        for number, address in enumerate((f"a$(touch${{IFS}}{trap})@example.dk", "a`id`@example.dk", "a|b@example.dk",
                                          "-oQ/tmp@example.dk", "-f@example.dk", "a&b@example.dk", "a'b@example.dk",
                                          "a{b}*?@example.dk", "$HOME@example.dk")):
            with self.subTest(address):
                added = self.hub.run("contact", "add", self.firm, "--first-name", f"$(touch {trap})", "--last-name",
                                     f"`touch {trap}`; touch {trap}{number}", f"--email={address}", "--format", "ids")
                if added.code == 65:
                    continue  # no address at all
                before = set(self.calls())
                self.send(0, target=self.expect(0, added).out.strip())
                (call,) = set(self.calls()) - before
                self.assertEqual(self.argv(call), ["-i", "-f", "hub@example.dk", "--", address])
                self.assertEqual(list(self.hub.directory.glob("trap*")), [])
        self.assertGreater(len(self.calls()), 5)

    def test_program_with_odd_name(self):
        folder = self.hub.directory / "a b;$(touch trap)"
        folder.mkdir()
        self.program = folder / "-send'mail"
        self.install()
        self.send(0)
        self.assertEqual(len(self.calls()), 1)
        self.assertFalse((self.hub.directory / "trap").exists())

    def test_domain_with_letters(self):
        """The program gets the domain as DNS has it."""
        self.install()
        self.ok("contact", "add", self.firm, "Jørgen Ø <post@rødgrød.dk>")
        self.send(0, target="post@rødgrød.dk")
        self.assertEqual(self.argv(self.calls()[0])[-1], "post@xn--rdgrd-vuad.dk")


class End(Sendmail):
    def test_exit_status(self):
        for deed, code, state in (("exit 0", 0, "sent"), ("exit 75", 75, "deferred"), ("exit 67", 69, "failed"),
                                  ("exit 65", 69, "failed"), ("exit 68", 69, "failed"), ("exit 69", 69, "failed"),
                                  ("exit 1", 75, "deferred"), ("exit 70", 75, "deferred"), ("exit 71", 75, "deferred"),
                                  ("exit 255", 75, "deferred")):
            with self.subTest(deed):
                _, mail = self.check(deed, code, state)
                self.assertIn(deed.split()[1], mail["reply"])
        for status in (64, 66, 77, 78):
            with self.subTest(status=status):
                self.check(f"echo 'bad configuration' >&2; exit {status}", 78, "queued", 0)

    def test_killed(self):
        for name in ("KILL", "TERM", "SEGV", "PIPE"):
            with self.subTest(name):
                _, mail = self.check(f"echo half >&2; kill -{name} $$; sleep 5", 5, "uncertain")
                self.assertRegex(mail["reply"], "killed.*half")

    def test_hangs(self):
        self.hub.config.write_text(self.hub.config.read_text().replace("[mail]", '[mail]\nreply_timeout = "2s"'))
        child = self.hub.directory / "child"
        start = time.monotonic()
        _, mail = self.check(f"sleep 40 & echo $! >{child}; wait", 5, "uncertain")
        spent = time.monotonic() - start
        print(f"given up after {spent:.1f} s with reply_timeout = 2s", file=sys.stderr)
        self.assertTrue(2 <= spent < 6, spent)
        self.assertIn("did not end in time", mail["reply"])
        time.sleep(0.2)
        status = pathlib.Path(f"/proc/{child.read_text().strip()}/status")
        self.assertTrue(not status.exists() or "State:\tZ" in status.read_text(), "what it started lives on")

    def test_interrupted(self):
        """The program has the mail: its answer is waited for and recorded."""
        self.install("sleep 2; exit 0")
        process = self.hub.start("welcome", "resend", ADDRESS)
        end = time.monotonic() + 20
        while not self.calls():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
        process.communicate(timeout=20)
        self.assertEqual(self.welcome_of(ADDRESS)[0]["state"], "sent")

    def test_what_it_says_is_kept(self):
        said = "sendmail: bruger ukendt: rødgrød 5.1.1"
        _, mail = self.check(f"echo '{said}' >&2; exit 67", 69, "failed")
        self.assertIn(said, mail["reply"])
        self.assertTrue(mail["reply"].endswith("5.1.1"), f"the end of the line is no part of it: {mail['reply']!r}")
        _, mail = self.check("echo on stdout; exit 75", 75, "deferred")
        self.assertIn("on stdout", mail["reply"])

    def test_what_it_says_is_hostile(self):
        hostile = r"printf '\033]0;owned\007 \342\200\256 \377 \000 x' >&2; head -c 90000 /dev/zero | tr '\0' y >&2; exit 67"
        result, mail = self.check(hostile, 69, "failed")
        self.assertLess(len(mail["reply"]), 5000)
        shown = self.ok("welcome", "status", "-v").out + self.ok("welcome", "status", "--json").out
        for text in (result.out, result.err, mail["reply"], shown):
            self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")

    def test_deaf_program(self):
        """One that never reads its input kills nobody with SIGPIPE."""
        self.install("", "#!/bin/sh\nexit 0\n")
        self.assertEqual(self.send(0)[1]["state"], "sent")
        self.install("", "#!/bin/sh\nexit 75\n")
        self.assertEqual(self.send(75)[1]["state"], "deferred")

    def test_many_at_once(self):
        count = 60 if FULL else 12
        people = [f"p{number}@example.dk" for number in range(count)]
        self.install()
        self.add_business("--hub", "--module", "invoices",
                          *(word for address in people for word in ("--contact", f"Bo Æ <{address}>")))
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")
        self.ok("welcome", "deliver", "--connections", "8")
        self.assertEqual(sorted(self.argv(call)[-1] for call in self.calls()), sorted([*people, ADDRESS]))
        ids = {re.search(rb"(?mi)^message-id: .*$", (call / "mail").read_bytes())[0] for call in self.calls()}
        self.assertEqual(len(ids), count + 1)


class Missing(Sendmail):
    def check_refused(self, path):
        self.hub.use_transport(f"sendmail:{path}")
        result, mail = self.send(78)
        self.assertEqual((mail["state"], mail["tries"]), ("queued", 0))
        self.assertIn(str(path), result.err)
        self.assertNotRegex(result.out + result.err, r"(?i)\bsent\b")
        self.expect(78, self.hub.run("welcome", "deliver"))

    def test_not_there(self):
        self.check_refused(self.hub.directory / "nowhere")

    def test_not_executable(self):
        self.program.write_text("#!/bin/sh\nexit 0\n")
        self.program.chmod(0o644)
        self.check_refused(self.program)

    def test_no_program(self):
        for name, content in (("empty", b""), ("text", b"hello"), ("interpreter", b"#!/nowhere/sh\n")):
            with self.subTest(name):
                file = self.hub.directory / name
                file.write_bytes(content)
                file.chmod(0o755)
                self.check_refused(file)
        with self.subTest("folder"):
            self.check_refused(self.hub.directory)

    def test_relative_path_is_refused(self):
        for value in ("sendmail:sendmail", "sendmail:", "sendmail:-oQ/tmp"):
            with self.subTest(value):
                self.expect(65, self.hub.run("config", "set", "mail.transport", value))

    def test_mended(self):
        self.check_refused(self.hub.directory / "nowhere")
        self.install()
        self.ok("welcome", "deliver")
        self.assertEqual(self.welcome_of(ADDRESS)[0]["state"], "sent")


if __name__ == "__main__":
    main()
