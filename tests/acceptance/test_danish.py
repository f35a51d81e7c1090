"""Danish for people, and the same as ever for programs."""

import pathlib
import re
import shutil
import subprocess

from hub import BINARY, HubTest, main
from terminal import type_at

DANISH = {"LC_ALL": "", "LANG": "da_DK.UTF-8"}


class Danish(HubTest):
    def setUp(self):
        super().setUp()
        self.hub.environment["TZ"] = "Europe/Copenhagen"
        self.assertEqual(self.hub.run("customer", "add", "--business", "Nordlys", "--hub", "--welcome",
                                      "--contact=Anna Berg <anna@nordlys.example>").code, 0)

    def says(self, *args, **environment):
        """What a command that fails says first."""
        return self.hub.run(*args, env={"LC_ALL": "", **environment}).err.splitlines()[0]

    def test_who_asks_for_danish_gets_it(self):
        english, danish = 'kundehub: no customer "77"', 'kundehub: kunden "77" findes ikke'
        show = ("customer", "show", "77")
        for environment, expected in (({}, english), ({"LANG": "da_DK.UTF-8"}, danish), ({"LANG": "da"}, danish),
                                      ({"LANG": "en_DK.UTF-8"}, english), ({"LANG": "de_DE.UTF-8"}, english),
                                      ({"LANG": "C"}, english), ({"LANG": "C", "LANGUAGE": "da"}, english),
                                      ({"LANG": "en_GB.UTF-8", "LANGUAGE": "sv:da:en"}, danish),
                                      ({"LANG": "da_DK.UTF-8", "LANGUAGE": "en:da"}, english),
                                      ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "da_DK"}, danish),
                                      ({"LANG": "da_DK.UTF-8", "LC_ALL": "C.UTF-8"}, english)):
            self.assertEqual(self.says(*show, **environment), expected, environment)
        self.assertEqual(self.says(*show, "--ui-language", "da"), danish)
        self.assertEqual(self.says(*show, "--ui-language=en", **DANISH), english)
        self.assertIn("da or en", self.says(*show, "--ui-language", "sv"))

    def test_mistakes_are_told_in_danish_too(self):
        for args in (("customer", "shwo"), ("customer", "show"), ("customer", "show", "1001", "--feilds", "x"),
                     ("customer", "show", "1001", "--fields", "nmae"), ("kunde",), ("customer", "edit", "1001", "--cvr"),
                     ("contact", "edit", "contact:1", "--hub", "--no-hub")):
            english, danish = self.hub.run(*args), self.hub.run(*args, env=DANISH)
            self.assertEqual(english.code, danish.code)
            for one, other in zip(english.err.splitlines(), danish.err.splitlines()):
                same = one == other or one.split(":")[0] == other.split(":")[0] == "hint"
                self.assertFalse(same and not one.endswith(tuple("abcdefghijklmnopqrstuvwxyz")), (one, other))
            self.assertNotEqual(english.err, danish.err)

    def test_notes_plurals_dates_and_questions(self):
        shown = self.hub.run("hub", "explain", "contact:1", env=DANISH)
        self.assertIn("må logge ind", shown.out)
        self.assertRegex(shown.out, r"  ja  kunden er ikke arkiveret\n")
        self.assertRegex(shown.out, r"\(siden \d\d\.\d\d\.\d{4} kl\. \d\d\.\d\d\)")
        page = self.hub.run("customer", "show", "1001", env=DANISH).out
        self.assertIn("Kontakter (1)", page)
        done = type_at(self.hub, ("customer", "delete", "1001"), [("[j/N]", "j")], env=DANISH)
        self.assertEqual(done.code, 0, done)
        self.assertIn("1 kontakt, 1 loginlink", done.screen)
        self.assertIn("slettet", done.screen)

    def test_help_is_danish_in_every_line(self):
        listed = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  +\S", self.hub.run("help").out, re.M)
        self.assertGreater(len(listed), 60)
        for command in listed:
            english = self.hub.run("help", *command.split()).out.splitlines()
            danish = self.hub.run("help", *command.split(), env=DANISH).out.splitlines()
            self.assertEqual(len(english), len(danish), command)
            for one, other in zip(english, danish):
                words = one.split("  ")[-1].strip()
                is_text = re.search(r"[a-z]{3,} [a-z]{2,}", words) and not re.search(r"^  (kundehub|[-a-z]+.*\b--)", one)
                if is_text and "kundehub " not in one and "--" not in words:
                    self.assertNotEqual(one, other, command)
        for line in self.hub.run(env=DANISH).out.splitlines():
            self.assertNotRegex(line, r"\b(the|and|who|what)\b")

    def test_what_programs_read_is_the_same(self):
        for form in ("json", "jsonl", "csv", "tsv"):
            for args in (("hub", "status"), ("hub", "explain", "contact:1"), ("config", "list"), ("log",),
                         ("welcome", "send", "--never-sent", "--dry-run"), ("customer", "show", "77")):
                english, danish = (self.hub.run(*args, "--format", form, env=env) for env in ({}, DANISH))
                self.assertEqual((english.code, english.out, english.err), (danish.code, danish.out, danish.err), args)
        for form in ("ids", "count"):
            english, danish = (self.hub.run("hub", "status", "--format", form, env=env) for env in ({}, DANISH))
            self.assertEqual((english.code, english.out), (danish.code, danish.out))
        table = self.hub.run("hub", "status", env=DANISH).out.splitlines()
        self.assertEqual(table[0], self.hub.run("hub", "status").out.splitlines()[0])

    def test_a_program_without_its_catalog_speaks_english(self):
        program = pathlib.Path(BINARY)
        copy = self.hub.directory / "opt/bin/kundehub"
        copy.parent.mkdir(parents=True)
        shutil.copy(program, copy)
        environment = {**self.hub.environment, **DANISH}
        done = subprocess.run([copy, "customer", "show", "77"], env=environment, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr.splitlines()[0]), (3, 'kundehub: no customer "77"'))


if __name__ == "__main__":
    main()
