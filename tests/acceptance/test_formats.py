"""Every command in every format: the same records, in forms that other programs read. What fails is in
test_format_errors.py."""

import json
import re

from formats import BATCH, CHOOSY, DANISH, FORMATS, ON_REQUEST, QUOTED, RECORDS, TEXT, PreparedTest, every_command, jq, rows_of
from hub import main

# What takes an id that has this form.
TAKES = ((r"\d+", ["customer", "show"]), (r"contact:\d+", ["contact", "show"]), (r"op:\d+", ["log"]))
# What takes the ids of these commands, which are keys and names.
TAKES_NAMES = {"module list": ["customer", "list", "--module"], "module add": ["customer", "list", "--module"],
               "module edit": ["customer", "list", "--module"], "config list": ["config", "get"],
               "template list": ["template", "show"]}
# The record has gone: its id is of a known form, and nothing takes it any more.
GONE = {"customer delete": r"\d+", "contact delete": r"contact:\d+", "person erase": r"contact:\d+",
        "module delete": r"[a-z]+"}
# Ids that name a file, or a check that the command has made.
FILES = {"init", "db status", "db migrate", "db backup", "db restore", "db key"}
CHECKS = {"hub explain", "config check", "db check", "doctor"}

# Lists that are empty in a new database.
EMPTY = ("customer list", "contact list", "hub status", "hub logins", "welcome status", "welcome deliver",
         "welcome send --never-sent --yes", "welcome resend --unused --yes", "welcome cancel --all-queued --yes",
         "welcome bounces reports", "log", "customer search x", "customer list --archived",
         "customer archive --kind private --yes", "customer delete --kind private --yes",
         "hub grant --kind business --yes", "hub revoke --kind business --yes", "db check")
# Filters with which nothing is found.
NOTHING = ("customer list --tag none", "customer list --where name=none", "customer list --after-number 9999",
           "customer list --since 2100-01-01", "customer search none", "contact list --tag none",
           "contact list 1005", "hub status --tag none", "hub status 1005", "hub logins 1005",
           "hub logins --since 2100-01-01", "welcome status --state bounced", "welcome status --tag none",
           "welcome status 1005", "log --since 2100-01-01", "log --actor nobody", "customer archive --tag none --yes",
           "customer unarchive --tag none --yes", "customer delete --tag none --yes", "hub grant --tag none --yes",
           "hub revoke --tag none --yes", "welcome send --tag none --yes", "welcome resend --tag none --yes",
           "welcome cancel --tag none --yes")


def records_of(form, text):
    """The records in json or jsonl, by Python and by jq alike."""
    if form == "json":
        value = json.loads(text)
        assert jq(text) == [value], text
        return value if isinstance(value, list) else [value]
    records = [json.loads(line) for line in text.splitlines()]
    assert jq(text) == records, text
    return records


class Formats(PreparedTest):
    def test_every_command_is_here(self):
        self.assertEqual(self.every_name(), {*RECORDS, *TEXT, *CHOOSY, *BATCH})

    def test_records_in_every_format(self):
        for command, arguments in RECORDS.items():
            with self.subTest(command=command):
                self.check_record(command, {form: self.printed(command, *arguments, "--format", form) for form in FORMATS})

    def printed(self, command, *arguments):
        """What the command prints, each time on the same data."""
        self.put_back()
        return self.expect(0, self.run_command(command, *arguments)).out

    def check_record(self, command, out):
        records, lines = records_of("json", out["json"]), records_of("jsonl", out["jsonl"])
        fields = [list(record) for record in records]
        self.assertTrue(all(isinstance(record, dict) for record in records))
        self.assertEqual(fields, [list(record) for record in lines])
        for form in ("csv", "tsv"):
            rows = rows_of(form, out[form])
            self.assertEqual((rows[:1], len(rows[1:])), (fields[:1], len(records)), form)
        self.assertEqual(out["count"], f"{len(records)}\n")
        ids = out["ids"].split("\n")[:-1]
        self.assertRegex(out["ids"], r"\A([^\s]+\n)*\Z")
        if command != "person erase":  # one summary, of several contacts
            self.assertEqual(len(ids), len(records))
        self.assertNotIn("\x1b", out["table"])
        self.assertEqual(bool(out["table"]), bool(records))

    def test_ids_are_taken_back(self):
        for command, arguments in RECORDS.items():
            with self.subTest(command=command):
                for record in self.printed(command, *arguments, "--format", "ids").splitlines():
                    self.check_taken(command, record)

    def check_taken(self, command, record):
        if command in GONE:
            self.assertRegex(record, rf"\A{GONE[command]}\Z")
        elif command in CHECKS:
            self.assertRegex(record, r"\A[a-z_]+(\.[a-z_]+)*\Z")
        elif command in FILES:
            self.assertTrue((self.hub.directory / record).is_file(), record)
        elif command in TAKES_NAMES:
            self.ok(*TAKES_NAMES[command], record)
        else:
            taker, = [taker for form, taker in TAKES if re.fullmatch(form, record)] or [None]
            self.assertIsNotNone(taker, record)
            self.assertEqual(self.ok(*taker, record, "--format", "ids").out, f"{record}\n")

    def test_ids_through_a_pipe(self):
        for lister, taker in (("customer list", "customer show"), ("customer search nordlys", "hub status"),
                              ("contact list", "welcome status"), ("hub status", "welcome resend --queue"),
                              ("welcome status", "welcome cancel"), ("hub logins", "contact delete --yes --dry-run")):
            for null in ((), ("-0",)):
                with self.subTest(lister=lister, taker=taker, null=null):
                    self.put_back()
                    ids = self.ok(*lister.split(), "--format", "ids", *null).raw_out
                    self.assertEqual((ids.count(b"\n"), ids[-1:]), (0, b"\0") if null else (ids.count(b"\n"), b"\n"))
                    taken = self.hub.run(*taker.split(), "--ids-from", "-", *null, "--format", "ids", stdin=ids)
                    self.assertIn(taken.code, (0, 5), taken)  # 5: those without access get no mail
                    self.assertTrue(taken.out)

    def test_each_field_alone(self):
        """Every command prints its fields in another order; of those with the same fields one prints each field alone."""
        kinds = {}
        for command, arguments in RECORDS.items():
            records = records_of("jsonl", self.printed(command, *arguments, "--format", "jsonl"))
            fields, only_reads = tuple(records[0]) if records else (), self.seen() == self.as_prepared
            if fields not in kinds or only_reads:
                kinds[fields] = command, arguments, len(records)
            with self.subTest(command=command):
                self.check_fields(command, arguments, fields[::-1], len(records))
        for fields, (command, arguments, count) in kinds.items():
            for field in fields:
                with self.subTest(command=command, field=field):
                    self.check_fields(command, arguments, (field,), count)

    def check_fields(self, command, arguments, fields, count):
        """The records have these fields, in this order; ids and count do not change."""
        if not count:
            return
        out = {form: self.printed(command, *arguments, "--fields", ",".join(fields), "--format", form) for form in FORMATS}
        whole = json.loads(out["json"])
        lines = [json.loads(line) for line in out["jsonl"].splitlines()]
        for records in (whole if isinstance(whole, list) else [whole], lines):
            self.assertEqual([tuple(record) for record in records], [fields] * count)
        for form in ("csv", "tsv"):
            rows = rows_of(form, out[form])
            self.assertEqual((tuple(rows[0]), len(rows)), (fields, count + 1), form)
        self.assertEqual(out["count"], f"{count}\n")
        self.assertRegex(out["ids"], r"\A([^\s]+\n)+\Z")

    def test_no_header(self):
        for command in ("customer list", "contact list", "log", "config list", "template list"):
            for form in ("table", "csv", "tsv"):
                with self.subTest(command=command, format=form):
                    whole, bare = (self.printed(command, "--format", form, *option) for option in ((), ("--no-header",)))
                    self.assertEqual(whole.count("\n"), bare.count("\n") + 1)
                    if form != "table":
                        self.assertTrue(whole.endswith(f"\n{bare}"))

    def test_dry_runs_print_too(self):
        """What would have been printed, in the same forms, and nothing has changed."""
        for command, arguments in RECORDS.items():
            with self.subTest(command=command):
                for form in ("json", "count"):
                    out = self.printed(command, *arguments, "--dry-run", "--format", form)
                    self.assertEqual(self.seen(), self.as_prepared)
                    if form == "json":
                        records = records_of(form, out)
                self.assertRegex(out, r"\A\d+\n\Z")
                if command not in ("welcome send", "welcome resend"):  # a plan, which counts those who would get a mail
                    self.assertEqual(int(out), len(records))

    def test_text_is_the_same_in_every_format(self):
        for command, arguments in TEXT.items():
            with self.subTest(command=command):
                out = {form: self.printed(command, *arguments, "--format", form) for form in FORMATS}
                if command in QUOTED:
                    text = out["table"].rstrip("\n")
                    self.assertEqual([jq(out.pop(form))[0].rstrip("\n") for form in ("json", "jsonl")], [text] * 2)
                plain = self.printed(command, *arguments)
                self.assertEqual(set(out.values()), {out["table"]} if command in ON_REQUEST else {plain})
                if command in ON_REQUEST:
                    self.assertEqual(plain, "")

    def test_a_mail_is_a_record_for_programs(self):
        mail = jq(self.printed("welcome preview", "contact:1", "--json"))[0]
        self.assertEqual(list(mail), ["from", "to", "subject", "text", "html"])
        self.assertEqual(self.printed("welcome preview", "contact:1", "--format", "ids"), mail["to"] + "\n")
        text = self.printed("welcome preview", "contact:1", "--text", "--json")
        self.assertEqual(text.rstrip("\n"), mail["text"].rstrip("\n"))
        self.assertIn(mail["text"].rstrip("\n"), self.printed("welcome preview", "contact:1"))

    def test_choosy_commands(self):
        for command, (arguments, refused, other) in CHOOSY.items():
            for form in FORMATS:
                with self.subTest(command=command, format=form):
                    result = self.hub.run(*command.split(), *arguments, "--format", form)
                    if form in refused:
                        self.expect(2, result)
                        self.assertEqual(result.out, "")
                        self.assertIn(other, result.err.splitlines()[1])
                    else:
                        self.expect(0, result)
                        self.assertTrue(result.out)
        for form in ("table", "ids", "count"):
            self.ok("customer", "list", "--format", form)
        self.assertEqual(len(rows_of("csv", self.ok("customer", "export", "--all").out)), 6)
        self.assertEqual(len(rows_of("tsv", self.ok("customer", "export", "--all", "--format", "tsv").out)), 6)
        for form in ("json", "jsonl"):
            self.assertEqual(len(records_of(form, self.ok("customer", "export", "--all", "--format", form).out)), 5)
        cards = self.ok("customer", "export", "--all", "--format", "vcard").out
        self.assertEqual((cards.count("BEGIN:VCARD"), cards.count("END:VCARD")), (5, 5))
        person, = records_of("json", self.ok("person", "export", "anna@nordlys.dk", "--json").out)
        self.assertEqual(person["email"], "anna@nordlys.dk")

    def test_batch(self):
        """A line of JSON for each command; in the other formats what each prints, one after the other."""
        listed, status = (["customer", "list"], ["hub", "status"])
        for form in FORMATS:
            with self.subTest(format=form):
                out = self.printed("batch", "-", "--format", form)
                alone = [self.ok(*command, "--format", form).out for command in (listed, ["config", "path"], status)]
                if form not in ("json", "jsonl"):
                    self.assertEqual(out, "".join(alone))
                    continue
                lines = records_of("jsonl", out)
                self.assertEqual([(line["line"], line["exit"]) for line in lines], [(1, 0), (2, 0), (3, 0)])
                self.assertEqual([lines[0]["result"], lines[2]["result"]],
                                 [self.ok(*command, "--json").json() for command in (listed, status)])

    def check_empty(self, line, *options):
        for form in FORMATS:
            with self.subTest(line=line, format=form):
                printed = {"json": "[]\n", "count": "0\n"}.get(form, "")
                self.assertEqual(self.ok(*line.split(), *options, "--format", form).out, printed)

    def test_empty_lists(self):
        self.ok("init", "--db", "empty.db")
        for file in (self.hub.directory / "reports/new").iterdir():
            file.unlink()
        for line in EMPTY:
            self.check_empty(line, "--db", "empty.db")

    def test_filters_that_find_nothing(self):
        for line in NOTHING:
            self.check_empty(line)

    def test_empty_exports(self):
        """A file without customers still has its headings, since it is there to be filled in."""
        for form, printed in (("json", []), ("jsonl", [])):
            self.assertEqual(records_of(form, self.ok("customer", "export", "--tag", "none", "--format", form).out), printed)
        for form in ("csv", "tsv"):
            rows = rows_of(form, self.ok("customer", "export", "--tag", "none", "--format", form).out)
            self.assertEqual((len(rows), rows[0][0]), (1, "number"))
        self.assertEqual(self.ok("customer", "export", "--tag", "none", "--format", "vcard").out, "")


class Danish(PreparedTest):
    """What programs read is the same in every language."""

    # What differs from one run to the next: times, secrets, and how much of the disk is free.
    CHANGES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?|token=[\w-]+|\d+ MiB are free|kundehub\.[0-9a-f]{32}@")

    def test_danish_is_in_force(self):
        self.assertIn("må logge ind", self.ok("hub", "explain", "contact:1", env=DANISH).out)
        self.assertIn('kunden "9999" findes ikke', self.expect(3, self.hub.run("customer", "show", "9999", env=DANISH)).err)

    def test_batch_keeps_the_language(self):
        told = self.hub.run("batch", "-", "--keep-going", "--ui-language", "da",
                            stdin=b"hub explain contact:1\ncustomer show 9999\nhub explain contact:1\n")
        self.assertEqual(told.out.count("må logge ind"), 2, told)
        self.assertIn('kunden "9999" findes ikke', told.err)

    def told(self, command, arguments, form, environment):
        self.put_back()
        result = self.run_command(command, *arguments, "--format", form, env=environment)
        return result.code, self.CHANGES.sub("…", result.out), self.CHANGES.sub("…", result.err)

    def test_formats_for_programs_are_english(self):
        for command, arguments in every_command():
            for form in FORMATS[1:]:
                with self.subTest(command=command, format=form):
                    english, danish = (self.told(command, arguments, form, env) for env in ({}, DANISH))
                    if form in ("ids", "count"):
                        english, danish = english[:2], danish[:2]
                    self.assertEqual(english, danish)


if __name__ == "__main__":
    main()
