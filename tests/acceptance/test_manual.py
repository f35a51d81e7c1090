"""The manual tells what the program has: every verb, every option, every setting; and its examples run.

The examples of a page are run in its order, each block by a shell of its own with -eu, in a folder with a database of
its own. What they start from is this:

    1001  Smedjen ApS, CVR 12345674, Odense, tag vip, has access to projects and invoices
          Anna Berg <anna@smedjen.example>, primary, has used her link, telephone 22334455
          Ben Hall <ben@smedjen.example>, in English, has got a mail
    1002  Ida Holm <ida@holm.example>, private, has access to projects and has got a mail
    1003  Bageriet ApS, has access; Bo Riis <bo@bogholderi.example> has got a mail
    1004  Møllen ApS, has access; Bo Riis <bo@bogholderi.example> never got a mail
    1005  Per Lund <per@lund.example>, private, without access
    1006  Lund VVS ApS, 1007 Torvet I/S, 1008 Havnen A/S, archived, and 1009 Gamle Kro ApS, without contacts

The transport is the Maildir mail/. In the folder are customers.csv, a list with new and with known customers;
numbers.txt with two customer numbers; reports/, a Maildir with a delivery report of Ben's mail; and mail-password.
`token` holds the token of a link that works, `email` its address, `ip` and REMOTE_ADDR somebody's IP address; EDITOR
changes nothing.

A comment before a block says what is special about it:

    .\\" example: exit 10           it ends with this status
    .\\" example: file config.toml  it is the text of this file
    .\\" example: python            it is Python
    .\\" example: not run           it is not run here
"""

import re
import shlex
import subprocess
import unittest

from hub import HubTest, SOURCE, TOKEN, bodies, main
from manual import (PAGES, Page, global_options, options_of, page_of, plain, program_commands, program_options,
                    program_values, values_of)

# What cannot be run here, by page: nothing else may be marked.
NOT_RUN = {"kundehub-portal.7": 1}  # PHP

CUSTOMERS = """Kundenummer;Firmanavn;CVR-nr;Telefon;Kontaktperson;E-mail
2001;Broen ApS;;66112233;Lis Bro;lis@broen.example
2002;Parken A/S;;66445566;Kaj Ege;kaj@parken.example
"""

REPORT = """From: MAILER-DAEMON@example.dk
To: hub@example.dk
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.dk

Final-Recipient: rfc822; ben@smedjen.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: %s

--b--
"""

# A command for each kind of record, on the data above.
PRINTED = ("customer list", "customer show 1001", "customer search anna", "contact list", "module list", "hub status",
           "person show bo@bogholderi.example", "person erase bo@bogholderi.example --dry-run", "template list",
           "hub logins", "hub explain ida@holm.example", "hub open 1001", "portal check ida@holm.example", "init",
           "log", "log op:1", "portal redeem --token-stdin", "welcome status", "welcome send 1004 --dry-run",
           "config check", "config list --show-origin", "db status", "db key export copy.key", "doctor")

PYTHON = """import json, os, subprocess
class TryAgain(Exception): pass
token, email, ip = (os.environ[name] for name in ("token", "email", "ip"))
"""


class Examples(HubTest):
    def setUp(self):
        super().setUp()
        self.hub.put_into_path()
        self.hub.environment.update({"EDITOR": "true", "KUNDEHUB_ACTOR": "vera"})
        self.hub.environment.update(dict.fromkeys(("ip", "REMOTE_ADDR"), "192.0.2.7"))
        self.ok("config", "set", "mail.transport", "maildir:mail")
        self.hub.maildir = self.hub.directory / "mail"

    def fill(self):
        """The customers and files that the examples speak of."""
        business, grant = ("customer", "add", "--business"), ("hub", "grant")
        self.ok(*business, "Smedjen ApS", "--cvr", "12345674", "--city", "Odense", "--tag", "vip",
                "--contact", "Anna Berg <anna@smedjen.example>", "--contact", "Ben Hall <ben@smedjen.example>")
        self.ok("contact", "edit", "anna@smedjen.example", "--phone", "22334455")
        self.ok("contact", "edit", "ben@smedjen.example", "--language", "en")
        self.ok(*grant, "1001", "--module", "projects", "--module", "invoices", "--welcome")
        self.ok("customer", "add", "--private", "Ida Holm", "--email", "ida@holm.example", "--hub", "--module",
                "projects", "--welcome")
        for name in ("Bageriet ApS", "Møllen ApS"):
            self.ok(*business, name, "--contact", "Bo Riis <bo@bogholderi.example>", "--hub", "--module", "projects")
        self.ok("welcome", "send", "1003")
        self.ok("customer", "add", "--private", "Per Lund", "--email", "per@lund.example")
        for name in ("Lund VVS ApS", "Torvet I/S", "Havnen A/S", "Gamle Kro ApS"):
            self.ok(*business, name)
        self.ok("customer", "archive", "1008")
        mails = self.hub.mails()
        tokens = {address: TOKEN.search(bodies(sent[0])[0])[1] for address, sent in mails.items()}
        self.ok("portal", "redeem", "--token-stdin", stdin=tokens["anna@smedjen.example"].encode() + b"\n")
        self.hub.environment.update({"token": tokens["ida@holm.example"], "email": "ida@holm.example"})
        for folder in ("new", "cur", "tmp"):
            (self.hub.directory / "reports" / folder).mkdir(parents=True)
        report = REPORT % mails["ben@smedjen.example"][0]["Message-ID"]
        for name, text in (("customers.csv", CUSTOMERS), ("numbers.txt", "1003\n1004\n"), ("mail-password", "secret\n"),
                           ("reports/new/1", report)):
            (self.hub.directory / name).write_text(text)
        (self.hub.directory / "mail-password").chmod(0o600)

    def test_fields(self):
        """Each field that a command prints stands in its page's OUTPUT."""
        self.fill()
        for command in PRINTED:
            page = page_of(command)
            pages = [page, Page("kundehub-contact.1")] if page.name == "kundehub-person.1" else [page]
            lines = [line for page in pages for line in page.part("Sh", "OUTPUT") if line.startswith(".Cm")]
            told = {word for line in lines for word in line.split()}
            printed = self.hub.run(*shlex.split(command), "--json").json()
            self.assertTrue(printed, command)
            names = set(printed[0] if isinstance(printed, list) else printed)
            with self.subTest(command):
                self.assertEqual(names - told, set())

    def run_example(self, page, example):
        kind, _, value = example.mark.partition(" ")
        self.assertIn(kind, ("", "exit", "file", "python"), f"man/{page.name}, before line {example.line}")
        if kind == "file":
            (self.hub.directory / value).write_text(example.text)
            return
        words = ["python3", "-c", PYTHON + example.text] if kind == "python" else ["/bin/sh", "-euc", example.text]
        done = subprocess.run(words, env=self.hub.environment, cwd=self.hub.directory, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        story = f"man/{page.name}, line {example.line}:\n{example.text}\n{done.stdout}"
        self.assertEqual(done.returncode, int(value or 0), story)
        self.assertNotRegex(done.stdout, "(?m)^kundehub: ", story)  # of all in a pipe, not the last alone

    def check_examples(self, name):
        page = Page(name)
        self.fill()
        skipped = 0
        for example in page.examples():
            if example.mark == "not run":
                skipped += 1
            else:
                self.run_example(page, example)
        self.assertEqual(skipped, NOT_RUN.get(name, 0), f"man/{name}: blocks that are not run")
        self.assert_sound()


for _name in PAGES:
    setattr(Examples, f"test_{re.sub('[^a-z0-9]', '_', _name)}", lambda self, name=_name: self.check_examples(name))


class Commands(unittest.TestCase):
    """What the program's help lists, the pages tell, and nothing else."""

    def parts(self, command):
        """The page, what its synopses say of the command, and its text; of `db key` those of export and import."""
        page = page_of(command)

        def chosen(parts):
            return [line for title, lines in parts.items() if f"{title} ".startswith(f"{command} ") for line in lines]
        return page, chosen(page.synopses()), chosen(page.commands())

    def test_each_command_is_told(self):
        """And each that is told exists, in its page's SYNOPSIS and in its COMMANDS."""
        there = set(program_commands())
        self.assertGreater(len(there), 50)
        told = set()
        for name in PAGES:
            page = Page(name)
            if name.endswith(".1"):
                self.assertEqual(list(page.synopses()), list(page.commands()), f"{name}: SYNOPSIS, COMMANDS")
                told |= {re.sub("^(db key) .*", r"\1", title) for title in page.commands()}
        self.assertEqual(told - {"help"}, there)

    def test_each_option_is_told(self):
        """Where the command is told, or in what the page says of several commands."""
        for command in program_commands():
            page, synopsis, text = self.parts(command)
            options, filters = program_options(command)
            long = {option for option in options if option.startswith("--")}
            with self.subTest(f"man/{page.name}: {command}"):
                shared = page.part("Ss", "Options of several commands")
                self.assertEqual(long - options_of(text + shared), set(), "COMMANDS")
                in_synopsis = options_of(synopsis)
                in_synopsis |= {"--output"} if "-o" in in_synopsis else set()
                self.assertEqual(long - in_synopsis, set(), "SYNOPSIS")
                self.assertEqual(bool(filters), "filter" in " ".join(synopsis), "filters")

    def test_values_have_one_name(self):
        """A synopsis names what an option takes as the help does."""
        for command in program_commands():
            told, values = values_of(self.parts(command)[1]), program_values(command)
            with self.subTest(command):
                self.assertEqual({name: told[name] for name in told if name in values},
                                 {name: values[name] for name in told if name in values})

    def test_each_told_option_is_there(self):
        for command in program_commands():
            page, synopsis, text = self.parts(command)
            there = set().union(*program_options(command), global_options())
            heads = [line for line in text if line.startswith((".It Fl", ".It Xo"))]
            self.assertEqual(options_of(synopsis + heads) - there, set(), f"man/{page.name}: {command}")

    def test_no_page_names_what_is_not_there(self):
        there = set().union(global_options(), {"--version", "--help", "-h"},
                            *(part for command in program_commands() for part in program_options(command)))
        for name in PAGES:
            named = {option for option in options_of(Page(name).lines) if option.startswith("--")}
            self.assertEqual(named - there, set(), name)

    def test_global_options_and_filters(self):
        page = Page("kundehub.1")
        heads = [line for line in page.part("Sh", "GLOBAL OPTIONS") if line.startswith(".It")]
        self.assertEqual(options_of(heads), global_options() | {"--version"})
        heads = [line for line in page.part("Ss", "Filters") if line.startswith(".It")]
        self.assertEqual(options_of(heads), program_options("customer list")[1])


class Settings(HubTest):
    ready = False

    def setUp(self):
        super().setUp()
        self.hub.config.write_text("")

    def told(self):
        """Each key of kundehub-config(5) with what stands there, up to the next one."""
        found, key = {}, None
        for line in Page("kundehub-config.5").lines:
            entry = re.fullmatch(r"\.It Cm ([a-z_]+\.[a-z_]+)", line)
            key = entry[1] if entry else None if line.startswith((".Ss", ".Sh")) else key
            if key:
                found.setdefault(key, []).append(line)
        return found

    def test_each_key_is_told(self):
        keys = self.ok("config", "list", "--format", "ids").out.split()
        self.assertEqual(list(self.told()), keys, "in the order of config list")

    def test_defaults(self):
        """A default that is told is the one in force: setting it changes nothing."""
        for key, lines in self.told().items():
            told = re.search(r"default[ \n]((?:\.Qq |\.Li )?[^:].*)", "\n".join(lines))
            before = self.ok("config", "get", key).out
            if told is None:
                self.assertTrue(before in ("", "\n") or key == "database.path", f"{key} is {before}")
                continue
            value = re.sub(r"^\.(Qq|Li) | ?[.]$|[\[\]\" ]", "", plain(told[1])).replace("empty", "")
            self.ok("config", "set", key, value)
            self.assertEqual(self.ok("config", "get", key).out, before, key)


class Pages(unittest.TestCase):
    """Beside what tests/structure/check_man.sh checks."""

    def test_width(self):
        """A terminal of 80 columns shows each line whole."""
        for name in PAGES:
            words = ["mandoc", "-T", "utf8", "-O", "width=80", SOURCE / "man" / name]
            done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
            wide = [line for line in re.sub(".\x08", "", done.stdout).splitlines() if len(line) > 80]
            self.assertEqual(wide, [], name)

    def test_program_is_named(self):
        """And not the page: in a noun's page .Nm alone is kundehub-customer."""
        for name in set(PAGES) - {"kundehub.1"}:
            self.assertNotIn(".Nm", Page(name).lines, name)

    def test_sections_that_are_named(self):
        """`SECTION in kundehub(1)` and .Sx name sections that are there."""
        for name in PAGES:
            page = Page(name)
            headings = {plain(line[4:]) for line in page.lines if line.startswith((".Sh ", ".Ss "))}
            named = re.findall(r"^\.(?:Pq )?Sx (.*?)(?: [.,;:])?$", page.text(), re.M)
            self.assertEqual(set(named) - headings, set(), name)
            elsewhere = re.findall(r"\b([A-Z]{4,}(?: [A-Z]+)*) in\n?(?:\.| )?Xr (\S+) (\d)", page.text())
            for section, target, number in elsewhere:
                self.assertTrue(Page(f"{target}.{number}").part("Sh", section), f"{name}: {section} in {target}")


if __name__ == "__main__":
    main()
