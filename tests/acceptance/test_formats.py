"""Every command in every format: the same records, in forms that other programs read."""

import csv
import io
import json
import re
import shutil

from hub import HubTest, main

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids", "count")

# Each command as it is typed, with what it takes on stdin; run on the same data each time.
RECORDS = {
    "customer add": ["--business", "Ny ApS"],
    "customer list": [],
    "customer show": ["1001", "1002"],
    "customer edit": ["1001", "--city", "Ærøskøbing"],
    "customer archive": ["1001", "1002"],
    "customer unarchive": ["1003"],
    "customer delete": ["1001", "--yes"],
    "customer convert": ["1002", "--to", "business"],
    "customer merge": ["1004", "1001", "--yes", "--prefer", "into"],
    "customer search": ["anna"],
    "contact add": ["1001", "Ny Person <ny@nordlys.dk>", "--no-welcome"],
    "contact list": [],
    "contact show": ["contact:1", "contact:2"],
    "contact edit": ["contact:1", "--title", "Boss"],
    "contact delete": ["contact:1", "--yes"],
    "person show": ["anna@nordlys.dk"],
    "person edit": ["anna@nordlys.dk", "--title", "Boss"],
    "person revoke": ["anna@nordlys.dk"],
    "person erase": ["anna@nordlys.dk", "--yes"],
    "module list": [],
    "module add": ["files", "--da", "Filer", "--en", "Files"],
    "module edit": ["projects", "--da", "Sager"],
    "module delete": ["projects", "--yes"],
    "hub grant": ["1001", "1002"],
    "hub revoke": ["1001"],
    "hub status": [],
    "hub open": ["1001"],
    "hub logins": [],
    "portal check": ["anna@nordlys.dk"],
    "portal login": ["contact:1"],
    "db status": [],
    "db check": [],
    "db migrate": [],
    "db backup": ["made.db"],
    "db restore": ["backup.db", "--yes"],
    "log": [],
    "undo": ["op:1", "--force"],
    "welcome send": ["contact:2"],
    "welcome resend": ["contact:1"],
    "welcome deliver": [],
    "welcome status": [],
    "welcome cancel": ["contact:2"],
    "template list": [],
    "config list": [],
    "config check": [],
    "doctor": [],
}
TEXT = {
    "person export": ["anna@nordlys.dk"],
    "init": [],
    "hub explain": ["contact:1"],
    "welcome preview": ["contact:1"],
    "template show": ["welcome.da.txt"],
    "template check": [],
    "template path": [],
    "config get": ["hub.company"],
    "config set": ["hub.company", "Ny"],
    "config unset": ["hub.company"],
    "config path": [],
    "completion": ["bash"],
}
# customer import and export have formats of their own; welcome bounces and template edit need a folder and an editor.
ELSEWHERE = {"customer import": "test_import", "customer export": "test_import", "welcome bounces": "test_bounces",
             "template edit": "tests/cli/template", "batch": "tests/cli/batch", "db key": "tests/cli/db",
             "portal redeem": "tests/cli/portal"}

# What is refused, and with which code: the remedy has to be named.
REFUSALS = [
    (2, ["customer", "lisst"]),
    (2, ["completion", "bahs"]),
    (2, ["customer", "list", "--sort", "nmae"]),
    (2, ["customer", "list", "--fields", "nmae"]),
    (2, ["customer", "archive"]),
    (2, ["customer", "archive", "1001", "--tag", "x"]),
    (2, ["contact", "show"]),
    (2, ["contact", "edit", "contact:1"]),
    (2, ["contact", "delete"]),
    (2, ["person", "edit", "anna@nordlys.dk"]),
    (2, ["module", "edit", "projects"]),
    (2, ["welcome", "send"]),
    (2, ["welcome", "resend"]),
    (2, ["welcome", "preview"]),
    (2, ["hub", "grant", "1001", "1002", "--contact", "contact:1"]),
    (2, ["welcome", "send", "--ids-from", "-", "--message-file", "-"]),
    (3, ["customer", "show", "9999"]),
    (3, ["customer", "archive", "9999"]),
    (3, ["customer", "unarchive", "9999"]),
    (3, ["customer", "delete", "9999", "--yes"]),
    (3, ["customer", "convert", "9999", "--to", "business"]),
    (3, ["customer", "merge", "9999", "1001", "--yes"]),
    (3, ["contact", "show", "contact:99"]),
    (3, ["contact", "edit", "nobody@nordlys.dk", "--title", "x"]),
    (3, ["contact", "delete", "contact:99", "--yes"]),
    (3, ["person", "show", "nobody@nordlys.dk"]),
    (3, ["person", "revoke", "nobody@nordlys.dk"]),
    (3, ["person", "export", "nobody@nordlys.dk"]),
    (3, ["person", "erase", "nobody@nordlys.dk", "--yes"]),
    (3, ["person", "erase", "anna@nordlys.dk", "--forget"]),
    (6, ["person", "erase", "anna@nordlys.dk"]),
    (2, ["person", "export", "anna@nordlys.dk", "--format", "ids"]),
    (3, ["module", "edit", "projcts", "--da", "x"]),
    (3, ["module", "delete", "projcts", "--yes"]),
    (3, ["hub", "grant", "1001", "--module", "projcts"]),
    (3, ["hub", "logins", "9999"]),
    (3, ["log", "op:999"]),
    (3, ["undo", "op:999"]),
    (3, ["undo", "--actor", "nobody"]),
    (65, ["undo", "op:x"]),
    (4, ["undo", "op:3"]),
    (2, ["db", "key", "print", "x.key"]),
    (2, ["db", "backup", "-"]),
    (4, ["db", "backup", "config.toml"]),
    (4, ["db", "backup", "hub.db"]),
    (4, ["db", "restore", "hub.db", "--yes"]),
    (4, ["db", "key", "export", "config.toml"]),
    (6, ["db", "restore", "backup.db"]),
    (66, ["db", "restore", "none.db", "--yes"]),
    (78, ["db", "restore", "config.toml", "--yes"]),
    (66, ["db", "key", "import", "none.key"]),
    (4, ["customer", "export", "-o", "hub.db"]),
    (3, ["hub", "open", "9999"]),
    (4, ["hub", "open", "1005"]),
    (65, ["portal", "check", "nobody"]),
    (3, ["portal", "check", "anna@nordlys.dk", "--module", "projcts"]),
    (65, ["portal", "redeem", "--token-stdin", "--ip", "nowhere"]),
    (3, ["log", "--customer", "9999"]),
    (2, ["log", "op:1", "--limit", "1"]),
    (3, ["portal", "login", "contact:99"]),
    (3, ["template", "show", "welcome.dk.txt"]),
    (3, ["welcome", "send", "9999"]),
    (4, ["customer", "merge", "1001", "1001", "--yes"]),
    (4, ["customer", "merge", "1001", "1002", "--yes"]),
    (4, ["customer", "merge", "1002", "1003", "--yes"]),
    (4, ["customer", "convert", "1001", "--to", "private"]),
    (4, ["contact", "add", "1002", "Bo Ek <bo@ek.dk>"]),
    (4, ["contact", "delete", "contact:3", "--yes"]),
    (4, ["hub", "grant", "1005"]),
    (4, ["contact", "show", "bo@ek.dk"]),
    (6, ["customer", "delete", "1001"]),
    (6, ["customer", "merge", "1004", "1001", "--prefer", "into"]),
    (6, ["customer", "archive", "--kind", "business"]),
    (6, ["contact", "delete", "contact:1"]),
    (6, ["module", "delete", "projects"]),
    (65, ["customer", "search", " "]),
    (65, ["customer", "add", "--business", "A", "--cvr", "12345678"]),
    (65, ["portal", "login", "contact:1", "--ip", "x"]),
    (65, ["welcome", "preview", "contact:1", "--send-to", "x"]),
    (65, ["doctor", "--send-test", "x"]),
]


class Formats(HubTest):
    def setUp(self):
        super().setUp()
        self.add_business("--hub", "--module", "projects", "--contact", "Anna Berg <anna@nordlys.dk>", "--contact",
                          "Bo Ek <bo@ek.dk>", "--no-welcome", name="Nordlys ApS")
        self.ok("customer", "add", "--private", "Carl Lund", "--email", "carl@lund.dk")
        self.add_business(name="Væk ApS")
        self.add_business("--contact", "Bo Ek <bo@ek.dk>", "--city", "Aarhus", name="Nordlys")
        self.add_business(name="Tom ApS")
        self.ok("customer", "archive", "1003")
        self.ok("welcome", "send", "contact:1")
        self.ok("welcome", "send", "contact:2", "--queue")
        self.ok("portal", "login", "contact:1", "--at", "2026-11-01T10:00:00Z")
        self.ok("contact", "edit", "contact:3", "--phone", "11111111")
        self.ok("customer", "edit", "1002", "--phone", "22222222")
        self.ok("db", "backup", "backup.db")
        self.untouched = self.hub.directory / "untouched"
        self.untouched.mkdir()
        for file in self.files():
            shutil.copy(file, self.untouched)

    def files(self):
        return self.hub.database, self.hub.config, self.hub.directory / "hub.db.key"

    def put_back(self):
        for file in self.files():
            shutil.copy(self.untouched / file.name, file)

    def test_every_command_is_here(self):
        listed = set(re.findall(r"^  ([a-z]+(?: [a-z]+)?) ", self.ok("help").out.split("First steps")[0], re.MULTILINE))
        self.assertEqual(listed, {*RECORDS, *TEXT, *ELSEWHERE})

    def test_records_in_every_format(self):
        for command, arguments in RECORDS.items():
            counts = {}
            for form in FORMATS:
                with self.subTest(command=command, format=form):
                    self.put_back()
                    result = self.ok(*command.split(), *arguments, "--format", form)
                    counts[form] = self.count(form, result)
            counts.pop("table")
            # A single record counts as one whether it is an object or an array.
            self.assertEqual(len(set(counts.values())), 1, f"{command}: {counts}")

    def count(self, form, result):
        """How many records there are in a format, each of them read as another program would."""
        if form == "json":
            value = result.json()
            return len(value) if isinstance(value, list) else 1
        if form == "jsonl":
            return sum(isinstance(json.loads(line), dict) for line in result.out.splitlines())
        if form == "csv":
            rows = list(csv.reader(io.StringIO(result.out), strict=True))
            self.assertEqual({len(row) for row in rows} - {len(rows[0])} if rows else set(), set())
            return max(len(rows) - 1, 0)
        if form == "tsv":
            lines = result.out.splitlines()
            self.assertEqual(len({line.count("\t") for line in lines}), 1 if lines else 0)
            return max(len(lines) - 1, 0)
        if form == "ids":
            for line in result.out.splitlines():
                self.assertRegex(line, r"^[^\s]+$")
            return len(result.out.splitlines())
        if form == "count":
            return int(result.out)
        self.assertNotIn("\x1b", result.out)
        return None

    def test_text_needs_no_format(self):
        for command, arguments in TEXT.items():
            with self.subTest(command=command):
                self.put_back()
                self.ok(*command.split(), *arguments)

    def test_every_refusal_names_its_remedy(self):
        for code, arguments in REFUSALS:
            with self.subTest(arguments=arguments):
                before = self.hub.dump()
                result = self.expect(code, self.hub.run(*arguments, "--json"))
                self.assertEqual(result.out.strip(), "")
                error = result.error()
                self.assertEqual(error["exit"], code)
                self.assertTrue(error["hint"], error)
                self.assertRegex(result.err, r"(?m)^hint: ")
                self.assertEqual(self.hub.dump(), before)

    def test_empty_lists(self):
        empty = self.hub.directory / "empty.db"
        self.ok("init", "--db", str(empty))
        for command in ("customer list", "contact list", "hub status", "hub logins", "welcome status", "log",
                        "customer search x"):
            for form, printed in (("table", ""), ("json", "[]\n"), ("jsonl", ""), ("csv", ""), ("ids", ""), ("count", "0\n")):
                with self.subTest(command=command, format=form):
                    self.assertEqual(self.ok(*command.split(), "--db", str(empty), "--format", form).out, printed)


if __name__ == "__main__":
    main()
