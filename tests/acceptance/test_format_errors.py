"""What every command refuses, and every kind of error, as a program reads it: the last line of standard error is one JSON
object, the exit code is in it, and standard output is empty or JSON. In every language alike."""

import json
import os

from formats import DANISH, PreparedTest, every_command, jq
from hub import main
from servers import ScriptedServer, free_port

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
    (2, ["help", "custmer"]),
    (2, ["customer", "import", "config.toml", "--map", "x"]),
    (2, ["customer", "export", "--format", "ids"]),
    (3, ["customer", "edit", "9999", "--city", "x"]),
    (3, ["contact", "list", "9999"]),
    (3, ["contact", "add", "9999", "Bo Ek <bo@ek.dk>"]),
    (2, ["module", "list", "surplus"]),
    (4, ["module", "add", "projects"]),
    (3, ["hub", "revoke", "9999"]),
    (3, ["hub", "status", "9999"]),
    (3, ["hub", "explain", "contact:99"]),
    (2, ["hub", "explain", "contact:1", "contact:2"]),
    (78, ["db", "status", "--db", "none.db"]),
    (78, ["db", "check", "--db", "none.db"]),
    (78, ["db", "migrate", "--db", "none.db"]),
    (3, ["welcome", "resend", "contact:99"]),
    (4, ["welcome", "resend", "1003"]),
    (2, ["welcome", "deliver", "surplus"]),
    (3, ["welcome", "status", "9999"]),
    (3, ["welcome", "cancel", "9999"]),
    (2, ["welcome", "cancel"]),
    (66, ["welcome", "bounces", "none"]),
    (2, ["template", "list", "surplus"]),
    (3, ["template", "edit", "welcome.dk.txt"]),
    (3, ["template", "check", "welcome.dk.txt"]),
    (2, ["template", "path", "surplus"]),
    (2, ["config", "list", "surplus"]),
    (3, ["config", "get", "hub.ulr"]),
    (3, ["config", "set", "hub.ulr", "x"]),
    (3, ["config", "unset", "hub.ulr"]),
    (2, ["config", "check", "surplus"]),
    (2, ["config", "path", "surplus"]),
    (2, ["doctor", "surplus"]),
]
# Here the message says it all.
WITHOUT_HINT = [
    (65, ["init", "--hub-url", "x"]),
    (66, ["customer", "import", "none.csv"]),
    (65, ["config", "set", "hub.link_ttl", "soon"]),
    (66, ["batch", "none.txt"]),
]


class FormatErrors(PreparedTest):
    def read_error(self, result):
        """The error as jq reads it, which is what Python reads, and what people were told above it."""
        *told, line = result.err.splitlines()
        (error,), keys = jq(line, ".error"), ["kind", "message", "hint", "exit"]
        self.assertEqual(json.loads(line), {"error": error})
        self.assertEqual([key for key in error if key in keys], keys)
        self.assertEqual(error["exit"], result.code)
        self.assertTrue(error["message"])
        if result.out:
            jq(result.out)
        self.assertNotIn('{"error"', "\n".join(told))
        return error

    def test_every_command_has_a_refusal(self):
        self.assertEqual(self.every_name() - {" ".join(words[:count]) for _, words in REFUSALS + WITHOUT_HINT
                                              for count in (1, 2)}, set())

    def test_unknown_option(self):
        for command, arguments in every_command():
            with self.subTest(command=command):
                before = self.seen()
                result = self.expect(2, self.run_command(command, *arguments, "--no-such-option", "--json"))
                error = self.read_error(result)
                self.assertEqual((error["kind"], error["message"], error["hint"], result.out),
                                 ("usage", 'no option "--no-such-option"', f"kundehub help {command}", ""))
                self.assertEqual(self.seen(), before)

    def test_every_refusal_names_its_remedy(self):
        for code, words in REFUSALS + WITHOUT_HINT:
            with self.subTest(words=words):
                before = self.hub.dump()
                result = self.expect(code, self.hub.run(*words, "--json"))
                error = self.read_error(result)
                self.assertEqual(result.out, "")
                self.assertEqual(error["hint"] is None, (code, words) in WITHOUT_HINT, error)
                self.assertEqual(result.err.count(f"\nhint: {error['hint']}\n"), 0 if error["hint"] is None else 1)
                self.assertNotIn("required but received", error["message"])  # the parser's own words
                self.assertEqual(self.hub.dump(), before)

    def test_refusals_for_programs_are_english(self):
        for _, words in REFUSALS + WITHOUT_HINT:
            for form in ("json", "jsonl", "csv", "tsv"):
                if "--format" in words:
                    continue
                with self.subTest(words=words, format=form):
                    english, danish = (self.hub.run(*words, "--format", form, "--ui-language", language)
                                       for language in ("en", "da"))
                    self.assertEqual((english.code, english.out, english.err), (danish.code, danish.out, danish.err))

    def test_batches_for_programs_are_english(self):
        for options in ((), ("--keep-going",), ("--atomic",)):
            for danish in ({"env": DANISH}, {"words": ("--ui-language", "da")}):
                with self.subTest(options=options, danish=danish):
                    told = [self.hub.run("batch", "-", *options, "--json", *how.get("words", ()), env=how.get("env", {}),
                                         stdin=b"config path\ncustomer show 9999\n") for how in ({}, danish)]
                    self.assertEqual(*((result.code, result.out, result.err) for result in told))

    def provoke(self, kind, code, *words, **options):
        """The error, and what was printed all the same."""
        result = self.expect(code, self.hub.run(*words, "--json", **options))
        error = self.read_error(result)
        self.assertEqual(error["kind"], kind)
        return error, json.loads(result.out) if result.out else None

    def test_kinds_without_a_cause_outside(self):
        for kind, code, line in (
                ("usage", 2, "customer show"), ("not_found", 3, "customer show 9999"), ("conflict", 4, "hub grant 1005"),
                ("unconfirmed", 6, "customer delete 1001"), ("bad_data", 65, "customer add --business A --cvr 12345678"),
                ("no_input", 66, "customer import none.csv"), ("no_output", 73, "db backup none/made.db")):
            with self.subTest(kind=kind):
                self.assertIsNone(self.provoke(kind, code, *line.split())[1])

    def test_no_output(self):
        with open("/dev/full", "wb") as full:
            self.provoke("no_output", 73, "customer", "list", stdout=full)

    def test_permission(self):
        self.hub.config.chmod(0o644)
        self.hub.database.chmod(0)
        user = 65534 if os.geteuid() == 0 else None
        for command in ("customer list", "customer add --business A", "log", "db status"):
            with self.subTest(command=command):
                self.assertIsNone(self.provoke("permission", 77, *command.split(), user=user)[1])

    def test_config(self):
        for text in ("[hub\n", "[hub]\nulr = 1\n"):
            with self.subTest(text=text):
                self.hub.config.write_text(text, "utf-8")
                error, _ = self.provoke("config", 78, "customer", "list")
                self.assertIn("config.toml", error["message"])

    def test_temporary(self):
        self.hub.use_transport(f"smtp://127.0.0.1:{free_port()}")
        for command in ("welcome resend contact:1", "welcome deliver"):
            with self.subTest(command=command):
                _, printed = self.provoke("temporary", 75, *command.split())
                self.assertEqual({record["state"] for record in printed}, {"deferred"})

    def test_all_rejected(self):
        server = ScriptedServer(self.hub.directory / "server", "RCPT=550 5.1.1 unknown")
        self.addCleanup(server.close)
        self.hub.use_transport(server.url)
        _, printed = self.provoke("all_rejected", 69, "welcome", "resend", "contact:1")
        self.assertEqual([record["state"] for record in printed], ["failed"])

    def test_partial(self):
        for command, printed in (("hub grant 1001 9999", 2), ("customer archive 1001 9999 1002 9998", 2),
                                 ("customer show 1001 9999", 1), ("contact delete contact:1 contact:99 --yes", 1),
                                 ("welcome resend contact:1 contact:4", 1)):
            with self.subTest(command=command):
                self.put_back()
                error, records = self.provoke("partial", 5, *command.split())
                self.assertEqual(len(records), printed)
                self.assertTrue(error["refused"])
                for refused in error["refused"]:
                    self.assertEqual(list(refused), ["kind", "message", "hint"])
        self.put_back()
        batch = self.hub.run("batch", "-", "--keep-going", "--json", stdin=b"customer show 9999\nconfig path\n")
        self.assertEqual((self.expect(5, batch).code, self.read_error(batch)["kind"]), (5, "partial"))
        self.assertEqual([line["exit"] for line in jq(batch.out)], [3, 0])

    def test_each_target_that_is_refused_is_named(self):
        customers = ("customer show", "customer archive", "customer unarchive", "customer delete --yes", "hub grant",
                     "hub revoke", "hub status", "welcome send", "welcome resend", "welcome status", "welcome cancel")
        contacts = ("contact show", "contact delete --yes", "welcome send", "welcome resend", "welcome status")
        for command, targets in [*((command, ("9998", "9999")) for command in customers),
                                 *((command, ("contact:98", "contact:99")) for command in contacts)]:
            with self.subTest(command=command, targets=targets):
                error, _ = self.provoke("not_found", 3, *command.split(), *targets)
                refused = [error, *error.get("refused", [])]
                self.assertEqual([sum(f'"{target}"' in one["message"] for one in refused) for target in targets], [1, 1])

    def test_answers(self):
        """No is a result: on standard output, and nothing on standard error is an error."""
        for words, stdin, answer in (("hub explain contact:2", None, lambda value: not value[-1]["holds"]),
                                     ("portal check nobody@nordlys.dk", None, lambda value: value == []),
                                     ("portal redeem --token-stdin", b"x\n", lambda value: not value["redeemed"])):
            with self.subTest(words=words):
                result = self.expect(10, self.hub.run(*words.split(), "--json", stdin=stdin))
                self.assertTrue(answer(jq(result.out)[0]), result)
                self.assertNotIn("error", result.err)


if __name__ == "__main__":
    main()
