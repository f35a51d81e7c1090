"""The program at a terminal, in tmux: what it asks, the form in the editor, progress, and a terminal that goes away."""

import os
import threading

from hub import main
from tmux import TerminalTest, await_true, is_running, require

ASKS = "[y/N]"


class Prompts(TerminalTest):
    def test_a_new_contact_is_offered_the_mail(self):
        for name, answers, code in (("ja", ("y",), 0), ("nej", ("n",), 0), ("tom", ("",), 0), ("brudt", ("", "C-c"), 130),
                                    ("slut", ("", "C-d"), 0)):
            question = f"Send the welcome mail to {name}@ek.dk now? {ASKS}"
            self.run_there(f"kundehub contact add 1001 'Ny Ek <{name}@ek.dk>'", (question, *answers), code=code)
        for option in ("--yes", "--no-input"):
            shown = self.run_there(f"kundehub contact add 1001 'Ny Ek <x{option}@ek.dk>' {option}")
            self.assertNotIn(ASKS, str(shown))
        self.assertEqual(list(self.hub.mails()), ["ja@ek.dk"])
        self.assertEqual([row[0] for row in self.hub.sql("SELECT email FROM contact WHERE first_name = 'Ny' ORDER BY id")],
                         ["ja@ek.dk", "nej@ek.dk", "tom@ek.dk", "slut@ek.dk", "x--yes@ek.dk", "x--no-input@ek.dk"])

    def test_delete_names_what_goes_with_it(self):
        self.ok("welcome", "send", "anna@nordlys.dk")
        question = f"Delete customer 1001 (Smedjen ApS) with 2 contacts, 1 login link? {ASKS}"
        for answer, code in ((("n",), 6), (("",), 6), (("", "C-d"), 6), (("", "C-c"), 130)):
            shown = self.changes_nothing("kundehub customer delete 1001", (question, *answer), code=code)
            if code == 6:
                self.assertEqual(shown.lines[1:], ["kundehub: declined: nothing was changed"])
        self.changes_nothing("kundehub customer delete 1001 --no-input", code=6)
        self.run_there("kundehub customer delete 1001", (question, "y"))
        self.assertEqual(self.hub.sql("SELECT * FROM customer"), [])

    def test_what_a_filter_selects_is_counted(self):
        for name in ("a", "b"):
            self.add_business("--tag", "vip", "--contact", f"Vi P <{name}@vip.dk>", name=name)
        self.add_business(name="Not meant")
        grant = "kundehub hub grant --tag vip --no-welcome --all-modules"
        self.changes_nothing(grant, (f"Grant access to 3 customers? {ASKS}", "n"), code=6)
        refused = self.changes_nothing(grant + " --no-input", code=6)
        self.assertIn("hint: add --yes if you are sure", refused.lines)
        self.assertNotIn(ASKS, str(refused))
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer_module"), [(1,)])
        self.assertNotIn(ASKS, str(self.run_there(grant + " --yes")))
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer_module"), [(12,)])
        self.run_there("kundehub hub revoke --tag vip", (f"Revoke access of 3 customers? {ASKS}", "y"))
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer WHERE hub"), [(0,)])

    def test_danish(self):
        delete = "kundehub --ui-language da customer delete 1001"
        question = "Vil du slette kunde 1001 (Smedjen ApS) med 2 kontakter? [j/N]"
        self.changes_nothing(delete, (question, "n"), code=6)
        self.run_there(delete, (question, "j"))
        self.assertEqual(self.hub.sql("SELECT * FROM customer"), [])

    def test_danish_of_archiving(self):
        shown = self.changes_nothing("kundehub --ui-language da customer archive --tag vip", ("[j/N]", "n"), code=6)
        self.assertNotIn("Archive", shown.lines[0])

    def test_delete_of_a_contact_names_what_goes_with_it(self):
        self.ok("welcome", "send", "anna@nordlys.dk")
        for contact, goes in (("anna@nordlys.dk", True), ("bo@ek.dk", False)):
            shown = self.changes_nothing(f"kundehub contact delete {contact}", (ASKS, "n"), code=6)
            self.assertEqual("login link" in shown.joined[0], goes, shown)


class Init(TerminalTest):
    QUESTIONS = ("Company that runs the HUB:", "Address of the HUB, as https://hub.example.dk:",
                 "Sender of the welcome mails, as Example <hub@example.dk>:",
                 "Mail server, as smtp://mail.example.dk, or maildir:PATH to try out:")

    def setUp(self):
        super().setUp()
        self.new = self.home / "new"
        self.new.mkdir()
        self.run_there("export KUNDEHUB_CONFIG=$HOME/new/config.toml KUNDEHUB_DB=$HOME/new/hub.db")

    def test_asks_for_what_is_not_given(self):
        company, url, sender, server = self.QUESTIONS
        shown = self.run_there("kundehub init", (company, "Smørrebrød ApS"), (url, "hub"), (url, "https://hub.smoer.dk"),
                               (sender, "Smør <hub@smoer.dk>"), (server, "maildir:box"))
        self.assertIn('warning: hub.url "hub" does not begin with https:// and a host', shown.lines)
        text = (self.new / "config.toml").read_text(encoding="utf-8")
        for value in ("Smørrebrød ApS", "https://hub.smoer.dk", "Smør <hub@smoer.dk>", "maildir:box"):
            self.assertIn(f'"{value}"', text)

    def test_interrupted(self):
        self.run_there("kundehub init", (self.QUESTIONS[0], "Smørrebrød ApS"), (self.QUESTIONS[1], "", "C-c"), code=130)
        self.assertEqual(list(self.new.iterdir()), [])

    def test_asks_nothing(self):
        for option in ("--no-input", "--yes"):
            shown = self.run_there(f"kundehub init {option} --db new/hub{option}.db --config new/x{option}.toml")
            self.assertNotIn(self.QUESTIONS[0], str(shown))

    def test_danish(self):
        self.run_there("kundehub --ui-language da init", ("Virksomhed, der driver HUB'en:", "", "C-c"), code=130)


class Editor(TerminalTest):
    """Typed in vi, which any machine has."""

    rows = 50

    def setUp(self):
        require("vi")
        super().setUp()
        (self.home / "drafts").mkdir()
        self.run_there("export EDITOR=vi TMPDIR=$HOME/drafts")

    def change(self, top, *lines):
        """In the editor, once it shows `top`: sets each line's field, saves and leaves."""
        self.shell.wait(lambda screen: screen.startswith(top), f"form that begins with {top!r}")
        for line in lines:
            self.shell.type(f"/^{line.split()[0]} =")
            self.shell.press("Enter")
            self.shell.type(f"C{line}")
            self.shell.press("Escape")
            self.shell.wait(lambda screen: line in screen.splitlines(), f"line {line}")
        self.shell.type(":wq")
        self.shell.press("Enter")

    def end(self, code=0):
        shown = self.shell.end()
        self.assertEqual(shown.code, code, shown)
        self.assertEqual(list((self.home / "drafts").iterdir()), [], "the draft is gone")
        return shown

    def test_customer(self):
        self.shell.begin("kundehub customer edit 1001")
        self.change("# Customer 1001, Smedjen ApS", 'city = "Ærøskøbing"', 'phone = "+4511223344"')
        self.assertIn("  city       Ærøskøbing", self.end().lines)
        page = self.ok("customer", "show", "1001", "--json").json()
        self.assertEqual((page["city"], page["phone"], page["tags"]), ("Ærøskøbing", "+4511223344", ["vip"]))

    def test_invalid_then_mended(self):
        self.shell.begin("kundehub customer edit 1001")
        self.change("# Customer 1001", 'cvr = "12345678"')
        self.shell.answer(f"Edit it again? Otherwise nothing is changed. {ASKS}", "y")
        self.change('# ERROR: line 12: CVR number "12345678" is mistyped', 'cvr = "13585628"')
        shown = self.end()
        self.assertIn('warning: line 12: CVR number "12345678" is mistyped: its check digit is wrong', shown.lines)
        self.assertIn("  cvr        13585628", shown.lines)

    def test_left_without_a_change(self):
        before = self.hub.dump()
        for keys in (":q", ":wq"):
            self.shell.begin("kundehub customer edit 1001")
            self.shell.wait(lambda screen: screen.startswith("# Customer 1001"), "form")
            self.shell.type(keys)
            self.shell.press("Enter")
            self.assertEqual(self.end().lines[0], "nothing had to be changed")
        self.shell.begin("kundehub customer edit 1001")
        self.shell.wait(lambda screen: screen.startswith("# Customer 1001"), "form")
        self.shell.type(":cq")
        self.shell.press("Enter")
        self.assertEqual(self.end(6).lines, ['kundehub: the editor "vi" did not end well: nothing was changed'])
        self.assertEqual(self.hub.dump(), before)

    def test_contact(self):
        self.shell.begin("kundehub contact edit anna@nordlys.dk")
        self.change("# contact:1, Anna Berg, of customer 1001", 'title = "Bogholder"', "hub = false")
        self.end()
        contact = self.ok("contact", "show", "contact:1", "--json").json()
        self.assertEqual((contact["title"], contact["hub"]), ("Bogholder", "off"))

    def test_terminal_goes_away(self):
        before = self.hub.dump()
        self.shell.begin("kundehub customer edit 1001")
        self.change_and_save_only()
        process = self.shell.child()
        self.shell.close_terminal()
        await_true(lambda: not is_running(process), "end of the process")
        self.assertEqual(self.hub.dump(), before)

    def change_and_save_only(self):
        self.shell.wait(lambda screen: screen.startswith("# Customer 1001"), "form")
        self.shell.type(':%s/^city.*/city = "X"/')
        self.shell.press("Enter")
        self.shell.type(":w")
        self.shell.press("Enter")
        self.shell.wait(lambda screen: "written" in screen, "saved form")


class Progress(TerminalTest):
    """The list comes through a FIFO, so that there is time to look; what the program has drawn is recorded."""

    IMPORT = "kundehub customer import list --dry-run --fields rows"

    def setUp(self):
        super().setUp()
        os.mkfifo(self.home / "list")
        self.shell.tmux("pipe-pane", f"cat >>{self.home}/drawn")

    def feed(self, until):
        """Writes customers until the event comes, 25,000 at least."""
        with open(self.home / "list", "w", encoding="utf-8") as list_:
            list_.write("number;name;kind\n")
            number = 100_000
            while number < 125_000 or not until.is_set():
                list_.writelines(f"{i};Firma nr {i};business\n" for i in range(number, number + 1000))
                number += 1000

    def import_(self, command, look=lambda: None):
        done = threading.Event()
        feeder = threading.Thread(target=self.feed, args=[done])
        feeder.start()
        try:
            self.shell.begin(command)
            look()
        finally:
            done.set()
            feeder.join()
        shown = self.shell.end()
        self.assertEqual(shown.code, 0, shown)
        self.assertRegex(shown.lines[-1], r"^rows  \d+000$")
        return shown

    def drawn(self):
        prompt = f"{self.shell.number}:0>".encode()
        file = self.home / "drawn"
        await_true(lambda: prompt in file.read_bytes(), "record of the prompt")
        return file.read_bytes().decode()

    def test_shown_and_taken_away(self):
        def look():
            first = self.shell.wait(lambda screen: screen.endswith("0000 rows read"), "progress")
            self.shell.wait(lambda screen: screen.endswith("0000 rows read") and screen != first, "more progress")

        shown = self.import_(self.IMPORT, look)
        self.assertEqual(shown.lines[0], "dry run: nothing was changed")
        self.assertNotIn("rows read", str(shown))
        self.assertRegex(self.drawn(), "\r10000 rows read\x1b\\[K\r20000 rows read\x1b\\[K.*\r\x1b\\[Kdry run")

    def test_none(self):
        for command in (f"{self.IMPORT} --quiet", f"{self.IMPORT} 2>messages"):
            self.import_(command)
        self.assertNotIn("rows read", self.drawn())
        self.assertEqual((self.home / "messages").read_text(), "dry run: nothing was changed\n")


class Gone(TerminalTest):
    def close_at(self, command, question):
        before = self.hub.dump()
        self.shell.begin(command)
        self.shell.wait(lambda screen: screen.endswith(question), "question")
        process = self.shell.child()
        self.assertTrue(is_running(process))
        self.shell.close_terminal()
        await_true(lambda: not is_running(process), "end of the process")
        self.assertEqual(self.hub.dump(), before)
        self.assert_sound()

    def test_terminal_goes_away(self):
        self.close_at("kundehub customer delete 1001", ASKS)

    def test_terminal_goes_away_at_an_offer(self):
        self.close_at("kundehub contact add 1001 'Ny Ek <ny@ek.dk>'", ASKS)

    def test_hangup_ignored(self):
        """As below nohup: then the question finds no more input."""
        self.run_there("trap '' HUP")
        self.close_at("kundehub customer delete 1001", ASKS)


if __name__ == "__main__":
    main()
