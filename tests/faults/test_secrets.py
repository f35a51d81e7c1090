"""The mail password, the link key and the links stand where they belong and nowhere else: whatever a run leaves or shows is
searched for them, in every form in which they could be written."""

import base64
import email
import email.policy
import json
import pathlib
import shutil
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import HubTest, Result, TOKEN, bodies, main
from servers import ScriptedServer

USER, PASSWORD = "hub-mail", "Hemmelig+/kode=42!zQ"
ADDRESS = "aase@smedjen.example.dk"

COMMANDS = (
    "--version", "help", "customer list", "customer list --all", "customer show 1001", "customer edit 1001 --notes x",
    "contact list", f"contact show {ADDRESS}", f"contact edit {ADDRESS} --title chef", "module list", "hub status",
    f"hub explain {ADDRESS}", "hub grant 1001 --module projects", "welcome status", "welcome status 1001",
    "welcome send 1001", f"welcome preview {ADDRESS}", f"welcome preview {ADDRESS} --raw",
    f"welcome preview {ADDRESS} --text", f"welcome preview {ADDRESS} --html", f"welcome resend {ADDRESS} --dry-run",
    f"welcome resend {ADDRESS}",
    f"welcome resend {ADDRESS} --link rotate --queue", "welcome deliver", "welcome deliver --dry-run",
    "welcome resend --unused --yes", "welcome send --never-sent --yes", f"welcome cancel {ADDRESS}", "config list",
    "config get mail.username", "config get mail.password_file", "config path", "init", "hub revoke 1001",
    "hub grant 1001 --welcome", "welcome send nobody@example.dk", "customer show 9999")
FORMATS = ((), ("-v",), ("--json",), ("-v", "--json"))


def forms(secret):
    """The ways in which these bytes could be written."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode(), urllib.parse.quote(secret, safe="").encode()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):  # wherever the secret begins in a longer text
            whole = encode(b"\0" * shift + secret)
            found.add(whole[4 if shift else 0:len(whole) // 4 * 4 - 4])
        found.add(encode(secret).rstrip(b"="))
    return {form for form in found if len(form) >= 12}


class Watch:
    """Looks at the running program from outside, over and over: its command line, its environment, the journal's bytes."""

    def __init__(self, hub):
        self.journal = pathlib.Path(f"{hub.database}-journal")
        self.seen, self.process, self.ended = {"cmdline": set(), "environ": set(), "journal": set()}, None, False
        self.thread = threading.Thread(target=self.loop)
        self.thread.start()

    def loop(self):
        while not self.ended:
            process = self.process
            if process:
                for name in ("cmdline", "environ"):
                    self.take(name, pathlib.Path(f"/proc/{process.pid}/{name}"))
                self.take("journal", self.journal)
            time.sleep(0.0005)

    def take(self, name, file):
        try:
            self.seen[name].add(file.read_bytes())
        except OSError:
            pass

    def end(self):
        self.ended = True
        self.thread.join()


class Secrets(HubTest):
    def setUp(self):
        super().setUp()
        self.password_file = self.hub.directory / "mail-password"
        self.password_file.write_text(PASSWORD + "\n")
        self.password_file.chmod(0o600)
        self.server = ScriptedServer(self.hub.directory / "server", "", "--auth", f"{USER}:{PASSWORD}")
        self.addCleanup(self.server.close)
        self.hub.use_transport(self.server.url)
        self.ok("config", "set", "mail.username", USER)
        self.ok("config", "set", "mail.password_file", str(self.password_file))
        self.outputs = []
        self.watch = Watch(self.hub)
        self.addCleanup(self.watch.end)

    def see(self, *args):
        """A command, watched while it runs; what it said is kept."""
        process = self.hub.start(*args)
        self.watch.process = process
        out, err = process.communicate(timeout=60)
        self.outputs += [out, err]
        return Result(process.returncode, out, err)

    def tokens(self, mails):
        found = set()
        for raw in mails:
            for body in bodies(email.message_from_bytes(raw, policy=email.policy.default)):
                found |= set(TOKEN.findall(body))
        for token in found:
            self.assertEqual(len(token), 43)
        return found

    def secrets(self, tokens):
        """Each secret with its forms. The key file holds the key as base64url."""
        lines = dict(line.split(" ", 1) for line in pathlib.Path(f"{self.hub.database}.key").read_text().splitlines())
        key = lines["key"]
        found = {"the password": forms(PASSWORD.encode()) | forms(f"\0{USER}\0{PASSWORD}".encode()),
                 "the link key": forms(base64.urlsafe_b64decode(key + "=")) | forms(key.encode())}
        for token in tokens:
            found[f"token {token}"] = forms(base64.urlsafe_b64decode(token + "=")) | forms(token.encode())
        return found

    def places(self):
        """Everything that is searched: (name, bytes)."""
        copy = self.hub.directory / "copy.db"
        shutil.copy(self.hub.database, copy)
        for name, contents in self.watch.seen.items():
            yield from ((name, content) for content in contents)
        yield from (("an output", content) for content in self.outputs)
        for file in self.hub.directory.glob("*"):
            if file.is_file() and file not in (self.password_file, pathlib.Path(f"{self.hub.database}.key")):
                yield file.name, file.read_bytes()
        yield "operations", json.dumps(self.hub.sql("SELECT * FROM operation")).encode()
        yield "all rows", "\n".join(self.hub.dump()).encode()

    def search(self, mails):
        tokens = self.tokens(mails)
        places, searched = list(self.places()), 0
        for what, found in self.secrets(tokens).items():
            for name, content in places:
                searched += len(found)
                for form in found:
                    self.assertNotIn(form, content, f"{what} stands in {name}")
        return tokens, places, searched

    def test_nothing_leaks(self):
        self.see("customer", "add", "--business", "Smedjen ApS", "--hub", "--module", "invoices", "--contact",
                 f"Åse Ærø <{ADDRESS}>", "--contact", "Bo Bo <bo@example.dk>", "--welcome")
        for command in COMMANDS:
            for options in FORMATS:
                self.see(*command.split(), *options)
        for script in ("AUTH=535 5.7.8 wrong", "RCPT=550 5.1.1 no", "dot=451 4.3.0 later", "dot=store-drop", "EHLO=250 x"):
            self.server.obey(script)
            for options in FORMATS:
                self.see("welcome", "resend", ADDRESS, *options)
        self.password_file.chmod(0o644)
        self.see("welcome", "resend", ADDRESS, "-v")
        self.backup_and_restore()
        mails = [raw for _, raw in self.server.mails()]
        tokens, places, searched = self.search(mails)
        self.assertGreater(len(tokens), 3)
        self.assertEqual({envelope["user"] for envelope, _ in self.server.mails()}, {USER})
        counts = {name: len(contents) for name, contents in self.watch.seen.items()}
        self.assertTrue(all(counts.values()), counts)
        names = {name for name, _ in places}
        self.assertLessEqual({"hub.db", "hub.db.write", "hub.db.send", "copy.db", "backup.db"}, names)
        self.assertTrue(any(".before-restore-" in name for name in names), names)
        print(f"{len(mails)} mails with {len(tokens)} links: {searched} comparisons in {len(places)} places, "
              f"among them {counts}", file=sys.stderr)

    def backup_and_restore(self):
        """What a thief of a backup would have, and what is left when one is put back."""
        backup = str(self.hub.directory / "backup.db")
        for command in (("db", "backup", backup), ("customer", "edit", "1001", "--notes", "y"), ("undo",),
                        ("db", "restore", backup, "--yes"), ("db", "check"), ("db", "status", "--json"), ("log", "--json"),
                        ("log", "op:1"), ("person", "export", ADDRESS, "--json")):
            self.see(*command)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM login_link WHERE used_at IS NULL AND ended_at IS NULL"), [(0,)])

    def test_search_finds_what_is_there(self):
        """The search itself: a link that is shown on request is found in the output."""
        self.see("customer", "add", "--private", "Bo Bo", "--email", ADDRESS, "--hub", "--module", "invoices", "--welcome")
        self.see("welcome", "preview", ADDRESS, "--reveal-link", "--text")
        with self.assertRaisesRegex(AssertionError, "token .* stands in an output"):
            self.search([raw for _, raw in self.server.mails()])
        for secret in (PASSWORD.encode(), bytes(range(32))):
            for shift in range(3):
                hidden = base64.b64encode(b"y" * shift + secret + b"zz")
                self.assertTrue(any(form in hidden for form in forms(secret)), (secret, shift))

    def test_what_a_filter_quotes(self):
        """Filters name the address that they refuse. A link does not become public by that."""
        program = self.hub.directory / "filter.py"
        program.write_text(
            f"#!{sys.executable} -IS\nimport email, email.policy, re, sys\n"
            "raw = sys.stdin.buffer.read()\n"
            f"open({str(self.hub.directory / 'server' / 'seen')!r}, 'wb').write(raw)\n"
            "body = email.message_from_bytes(raw, policy=email.policy.default).get_body(('plain',)).get_content()\n"
            "print('554 5.7.1 blocked URL ' + re.search('https://[^ ]*', body)[0].strip(), file=sys.stderr)\nsys.exit(69)\n")
        program.chmod(0o755)
        self.hub.use_transport(f"sendmail:{program}")
        self.see("customer", "add", "--private", "Bo Bo", "--email", ADDRESS, "--hub", "--module", "invoices", "--welcome")
        self.see("welcome", "status", "-v")
        self.see("welcome", "status", "--json")
        self.assertIn(b"blocked URL", b"".join(self.outputs))
        self.search([(self.hub.directory / "server" / "seen").read_bytes()])

    def test_programs_that_are_called(self):
        """A sendmail stand-in keeps what it was called with."""
        program = self.hub.directory / "server" / "sendmail"
        kept = self.hub.directory / "kept"
        program.write_text(f"#!/bin/sh\ncat /proc/$$/cmdline >{kept}.cmdline\ncat /proc/$$/environ >{kept}.environ\n"
                           f"cat >{self.hub.directory}/server/seen\n")
        program.chmod(0o755)
        self.hub.use_transport(f"sendmail:{program}")
        self.see("customer", "add", "--private", "Bo Bo", "--email", ADDRESS, "--hub", "--module", "invoices", "--welcome")
        _, places, _ = self.search([(self.hub.directory / "server" / "seen").read_bytes()])
        self.assertLessEqual({"kept.cmdline", "kept.environ"}, {name for name, _ in places})

    def test_files_are_private(self):
        """Files are readable to their owner only, whatever the umask was."""
        self.see("customer", "add", "--private", "Bo Bo", "--email", ADDRESS, "--hub", "--module", "invoices", "--welcome")
        for file in self.hub.directory.glob("hub.db*"):
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)


if __name__ == "__main__":
    main()
