"""`customer edit` and `contact edit` without a field: a form in the editor, on a terminal."""

import os
import pathlib
import re
import shutil
import stat

from hub import BINARY, HubTest, main
from terminal import type_at

AGAIN = "Edit it again?"
NOTES = 'tab\there, "quotes", \\back, æøå, \U0001f469\u200d\U0001f4bb\nsecond line'


class EditForm(HubTest):
    def setUp(self):
        super().setUp()
        self.firm = self.add_business("--cvr", "13585628", "--notes", NOTES, "--tag", "vip", "--hub", "--module",
                                      "invoices", "--contact", "Anna Berg <anna@nordlys.dk>", "--no-welcome")
        self.person = self.ok("customer", "add", "--private", "Carl Lund", "--email", "carl@lund.dk", "--format",
                              "ids").out.strip()
        self.drafts = self.hub.directory / "drafts"
        self.drafts.mkdir()
        self.count = self.hub.sql("SELECT count(*) FROM operation")[0][0]

    def use_editor(self, *rounds):
        """An editor that runs one shell command each time it is opened, on the file "$1"; it keeps what it was given."""
        script = ["#!/bin/sh", 'echo x >>"$HOME/opened"', 'n=$(wc -l <"$HOME/opened")', 'cp -p "$1" "$HOME/given.$n"',
                  'case $n in', *(f"{n}) {command} ;;" for n, command in enumerate(rounds, 1)), "*) exit 9 ;;", "esac"]
        editor = self.hub.directory / "editor"
        editor.write_text("\n".join(script) + "\n")
        editor.chmod(0o700)
        self.hub.environment |= {"EDITOR": str(editor), "TMPDIR": str(self.drafts), "KUNDEHUB": BINARY}
        (self.hub.directory / "opened").unlink(missing_ok=True)

    def edit(self, *args, code=0, answers=(), command=("customer", "edit"), **options):
        """Edits on a terminal; each round of the editor has to have come."""
        typed = type_at(self.hub, (*command, *(args or (self.firm,))), [(AGAIN, answer) for answer in answers], **options)
        self.assertEqual((typed.code, len(typed.asked)), (code, len(answers)), typed)
        if "what you wrote is in" not in typed.screen:
            self.assertEqual(list(self.drafts.iterdir()), [], "the draft is gone")
        return typed

    def given(self, round_=1):
        return (self.hub.directory / f"given.{round_}").read_text(encoding="utf-8")

    def kept_draft(self, typed):
        file = pathlib.Path(re.search(r"what you wrote is in (\S+)", typed.screen)[1])
        text = file.read_text(encoding="utf-8")
        shutil.rmtree(file.parent)
        return text

    def customer(self, selector=None):
        return self.ok("customer", "show", selector or self.firm, "--json").json()

    def assert_operations(self, more):
        self.assertEqual(self.hub.sql("SELECT count(*) FROM operation")[0][0], self.count + more)

    def test_change(self):
        self.use_editor("sed -i -e 's/^name = .*/name = \"Ny \\\\u00e6ra \\\\\"X\\\\\"\"/' -e 's/^tags.*/tags = [\"b\", \"a\"]/' "
                        "-e 's/^cvr = .*/cvr = \"\"/' \"$1\"")
        before = self.customer()
        typed = self.edit()
        after = self.customer()
        self.assertEqual(after["name"], 'Ny æra "X"')
        self.assertEqual(after["tags"], ["a", "b"])
        self.assertIsNone(after["cvr"])
        self.assertEqual(after["notes"], NOTES)
        for field in ("email", "city", "hub", "modules", "language"):
            self.assertEqual(after[field], before[field])
        self.assertIn("Ny æra", typed.screen, "the page is printed")
        self.assert_operations(1)
        latest = self.ok("log", "--limit", "1", "--json").json()[0]
        self.assertEqual(latest["command"], f"customer edit {self.firm}")
        self.ok("undo")
        self.assertEqual(self.customer()["name"], before["name"])

    def test_form_shows_every_field_with_a_comment_for_its_owner_only(self):
        self.use_editor("stat -c '%a %n' \"$1\" >\"$HOME/mode\"; stat -c %a \"$(dirname \"$1\")\" >>\"$HOME/mode\"")
        self.edit()
        form = self.given()
        for line in ('name = "Smedjen ApS"', 'cvr = "13585628"', 'email = ""', 'country = "DK"', 'language = "da"',
                     'notes = """', 'tags = ["vip"]', "hub = true", 'modules = ["invoices"]'):
            self.assertRegex(form, rf"(?m)^# .+\n{re.escape(line)}$")
        self.assertIn("# two letters, ISO 3166-1\n", form)
        self.assertTrue(form.startswith(f"# Customer {self.firm}, Smedjen ApS"), form)
        mode, folder = (self.hub.directory / "mode").read_text().split("\n")[:2]
        self.assertRegex(mode, r"^600 \S+\.toml$")
        self.assertEqual(folder, "700")

    def test_unchanged_emptied_and_taken_out(self):
        for command in (":", 'touch "$1"', ': >"$1"', 'echo "# only" >"$1"', "printf '\\n \\n' >\"$1\"",
                        "sed -i '/^phone/d; /^tags/d; /^hub/d' \"$1\"", "sed -i 's/$/\\r/' \"$1\""):
            self.use_editor(command)
            dump = self.hub.dump()
            self.assertIn("nothing had to be changed", self.edit().screen, command)
            self.assertEqual(self.hub.dump(), dump)

    def test_invalid_then_mended(self):
        self.use_editor("sed -i 's/^cvr = .*/cvr = \"12345678\"/; s/^country.*/country = \"XX\"/' \"$1\"",
                        "sed -i 's/^cvr = .*/cvr = \"25313763\"/' \"$1\"",
                        "grep -c '^# ERROR' \"$1\" >\"$HOME/errors\"; sed -i 's/^country.*/country = \"SE\"/' \"$1\"")
        typed = self.edit(answers=("y", "y"))
        again = self.given(2).splitlines()
        told = [line for line in again if line.startswith("# ERROR: line ")]
        self.assertEqual(len(told), 2, again)
        for line, start in zip(told, ("cvr = ", "country = ")):
            number = int(re.search(r"line (\d+)", line)[1])
            self.assertTrue(again[number - 1].startswith(start), (line, again[number - 1]))
            self.assertIn(line.removeprefix("# ERROR: "), typed.screen)
        self.assertEqual(sum(line.startswith("# ERROR: line ") for line in self.given(3).splitlines()), 1)
        after = self.customer()
        self.assertEqual((after["cvr"], after["country"]), ("25313763", "SE"))
        self.assert_operations(1)

    def test_invalid_then_declined(self):
        for value, text in (('email = "x"', "has no @"), ('modules = ["invoicse"]', "did you mean invoices"),
                            ('hub = "on"', "true or false"), ('name = ""', "needs a name"), ("zip = 5000", "between quotes"),
                            ('tags = ["a,b"]', "is not a tag"), ('city = "x', "line ")):
            self.use_editor(f"sed -i 's/^{value.split()[0]} = .*/{value}/' \"$1\"")
            typed = self.edit(code=3 if value.startswith("mod") else 65, answers=("n",))
            self.assertIn(text, typed.screen)
            draft = self.kept_draft(typed)
            self.assertIn(value, draft)
            self.assertTrue(draft.startswith("# ERROR: line "), draft)
        self.assert_operations(0)

    def test_unknown_field(self):
        self.use_editor("sed -i 's/^phone = /phnoe = /' \"$1\"", "sed -i 's/^phnoe = .*/phone = \"11223344\"/' \"$1\"")
        typed = self.edit(answers=("y",))
        self.assertRegex(typed.screen, r'line \d+: unknown field "phnoe"')
        self.assertIn("did you mean phone", typed.screen)
        self.assertEqual(self.customer()["phone"], "11223344")

    def test_other_admins_are_not_kept_waiting_and_other_fields_merge(self):
        self.use_editor("\"$KUNDEHUB\" customer edit 1001 --city Odense --add-tag new </dev/null >/dev/null || exit 7; "
                        "sed -i 's/^phone = .*/phone = \"11223344\"/' \"$1\"")
        self.edit()
        after = self.customer()
        self.assertEqual((after["city"], after["phone"], after["tags"]), ("Odense", "11223344", ["new", "vip"]))
        self.assert_operations(2)

    def test_same_field_is_a_conflict(self):
        theirs = "\"$KUNDEHUB\" customer edit 1001 --name 'Deres \"A\"' </dev/null >/dev/null || exit 7; "
        mine = "sed -i 's/^name = .*/name = \"Mit\"/' \"$1\""
        self.use_editor(theirs + mine)
        typed = self.edit(code=4, answers=("n",))
        self.assertIn('name has been changed to "Deres "A"" by somebody else meanwhile, and you wrote "Mit"', typed.screen)
        self.assertIn('# ERROR: name = "Deres \\"A\\""\n', self.kept_draft(typed))
        self.assertEqual(self.customer()["name"], 'Deres "A"')
        self.ok("customer", "edit", self.firm, "--name", "Smedjen ApS")
        self.use_editor(theirs + mine, "\"$KUNDEHUB\" customer edit 1001 --city Ribe </dev/null >/dev/null || exit 7")
        self.edit(answers=("y",))
        after = self.customer()
        self.assertEqual((after["name"], after["city"]), ("Mit", "Ribe"), "who has seen the other value may insist")

    def test_record_is_gone(self):
        self.use_editor("\"$KUNDEHUB\" customer delete 1001 --yes </dev/null >/dev/null; "
                        "sed -i 's/^city = .*/city = \"X\"/' \"$1\"")
        typed = self.edit(code=3)
        self.assertIn("customer 1001 has been deleted meanwhile", typed.screen)
        self.assertIn('city = "X"', self.kept_draft(typed))

    def test_number_that_is_no_file_name(self):
        self.ok("customer", "add", "--business", "Skråt", "--number", "K/2.x")
        self.use_editor("sed -i 's/^city = .*/city = \"X\"/' \"$1\"")
        self.edit("K/2.x")
        self.assertEqual(self.customer("K/2.x")["city"], "X")

    def test_editor_that_fails(self):
        change = "sed -i 's/^city = .*/city = \"X\"/' \"$1\"; "
        for command, kept in (("exit 1", False), (change + "exit 1", True), ("kill -9 $$", False),
                              (change + "kill -15 $$", True)):
            self.use_editor(command)
            typed = self.edit(code=6)
            self.assertIn("did not end well: nothing was changed", typed.screen)
            self.assertEqual("what you wrote is in" in typed.screen, kept, typed)
            if kept:
                self.assertIn('city = "X"', self.kept_draft(typed))
        self.hub.environment["EDITOR"] = "/nonexistent/editor"
        self.assertIn("cannot be started", self.edit(code=2).screen)
        self.use_editor('rm "$1"')
        self.assertIn("cannot be read", self.edit(code=66).screen)
        self.assert_operations(0)

    def test_interrupt_belongs_to_the_editor(self):
        self.use_editor("kill -2 $PPID; sed -i 's/^city = .*/city = \"X\"/' \"$1\"")
        self.edit()
        self.assertEqual(self.customer()["city"], "X")

    def test_visual_comes_first_and_both_may_have_options(self):
        self.use_editor("test \"$2\" = '' || exit 5")
        self.hub.environment |= {"VISUAL": self.hub.environment["EDITOR"], "EDITOR": "false"}
        self.edit()
        self.hub.environment["VISUAL"] = "sed -i 's/^city = .*/city = \"Two words\"/'"
        self.edit()
        self.assertEqual(self.customer()["city"], "Two words")

    def test_results_elsewhere(self):
        """The editor draws on the terminal, the result is the record alone."""
        self.use_editor("echo drawn; sed -i 's/^city = .*/city = \"X\"/' \"$1\"")
        read, write = os.pipe()
        typed = self.edit(self.firm, "--format", "ids", stdout=write)
        os.close(write)
        with os.fdopen(read) as out:
            self.assertEqual(out.read(), f"{self.firm}\n")
        self.assertIn("drawn", typed.screen)

    def test_dry_run(self):
        self.use_editor("sed -i 's/^city = .*/city = \"Odense\"/' \"$1\"")
        dump = self.hub.dump()
        typed = self.edit(self.firm, "--dry-run")
        self.assertIn("dry run: nothing was changed", typed.screen)
        self.assertIn("Odense", typed.screen)
        self.assertEqual(self.hub.dump(), dump)

    def test_private_customer(self):
        self.use_editor("sed -i 's/^name = .*/name = \"Carla Lund\"/; s/^email = .*/email = \"carla@lund.dk\"/' \"$1\"")
        self.edit(self.person)
        self.assertNotIn("cvr", self.given())
        contact = self.ok("contact", "list", self.person, "--json").json()[0]
        self.assertEqual((contact["first_name"], contact["email"]), ("Carla", "carla@lund.dk"))
        self.use_editor("echo 'cvr = \"13585628\"' >>\"$1\"")
        typed = self.edit(self.person, code=65, answers=("n",))
        self.assertIn("a private customer has no CVR number", typed.screen)
        self.kept_draft(typed)

    def test_contact(self):
        self.ok("contact", "add", self.firm, "Bo Ek <bo@nordlys.dk>", "--no-welcome")
        edit = ("contact", "edit")
        self.use_editor("sed -i 's/^title = .*/title = \"Chef\"/; s/^only_modules.*/only_modules = [\"invoices\"]/; "
                        "s/^hub = .*/hub = false/; s/^language.*/language = \"en\"/' \"$1\"")
        self.edit("anna@nordlys.dk", command=edit)
        self.assertIn("# contact:1, Anna Berg, of customer", self.given())
        contact = self.ok("contact", "show", "contact:1", "--json").json()
        self.assertEqual([contact[field] for field in ("title", "only_modules", "hub", "language", "first_name")],
                         ["Chef", ["invoices"], "off", "en", "Anna"])
        self.use_editor("sed -i 's/^email = .*/email = \"bo@nordlys.dk\"/' \"$1\"",
                        "sed -i 's/^email = .*/email = \"ny@nordlys.dk\"/; s/^only_mod.*/only_modules = []/' \"$1\"")
        self.edit("contact:1", command=edit, answers=("y",))
        contact = self.ok("contact", "show", "contact:1", "--json").json()
        self.assertEqual((contact["email"], contact["only_modules"]), ("ny@nordlys.dk", None))
        self.use_editor("sed -i 's/^primary = .*/primary = false/' \"$1\"")
        self.kept_draft(self.edit("contact:1", command=edit, code=4, answers=("n",)))
        self.use_editor("sed -i 's/^primary = .*/primary = true/' \"$1\"")
        self.edit("bo@nordlys.dk", "--customer", self.firm, command=edit)
        self.assertFalse(self.ok("contact", "show", "contact:1", "--json").json()["primary"])

    def test_lost_links_are_told_as_after_the_options(self):
        self.ok("welcome", "send", "contact:1")
        self.use_editor("sed -i 's/^email = .*/email = \"ny@nordlys.dk\"/' \"$1\"")
        typed = self.edit("contact:1", command=("contact", "edit"))
        self.assertIn("no longer works", typed.screen)
        self.assertIn("ny@nordlys.dk needs a welcome mail of its own", typed.screen)

    def test_only_on_a_terminal(self):
        self.use_editor("exit 0")
        for args in (("customer", "edit", self.firm), ("contact", "edit", "contact:1")):
            for option in ((), ("--no-input",), ("--yes",)):
                result = self.expect(2, self.hub.run(*args, *option))
                self.assertIn("nothing to change was given", result.err)
                self.assertIn("--phone", result.err)
                if option:
                    self.edit(*args[2:], *option, command=args[:2], code=2)
            lines = self.hub.directory / "lines"
            lines.write_text(" ".join(args) + "\n")
            self.assertIn("nothing to change was given", type_at(self.hub, ("batch", str(lines))).screen)
        self.assertFalse((self.hub.directory / "opened").exists(), "no editor was opened")

    def test_danish(self):
        self.use_editor(":")
        self.edit(self.firm, "--ui-language", "da")
        self.assertIn('name = "Smedjen ApS"', self.given())


if __name__ == "__main__":
    main()
