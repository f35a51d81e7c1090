"""Tables at a terminal, in tmux: the pager, the width, colors and times."""

import datetime
import glob
import unicodedata

from hub import main
from tmux import TerminalTest, require

GREEN, YELLOW, RED = "\x1b[32m{}", "\x1b[33m{}", "\x1b[31m{}"
LONG_NAME = "Rødgrød & Fløde Ejendomsadministration ApS"


def width(text):
    """In cells of a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def local(stored):
    """A time of two hours east."""
    time = datetime.datetime.fromisoformat(stored.replace("Z", "+00:00")) + datetime.timedelta(hours=2)
    return time.strftime("%Y-%m-%d %H:%M")


class Pager(TerminalTest):
    HEADER = "NUMBER  KIND      NAME"
    LAST = "2059    business  Firma nr 59"

    def setUp(self):
        require("less")
        super().setUp()
        file = self.hub.directory / "sixty.csv"
        file.write_text("number;name;kind\n" + "".join(f"{2000 + i};Firma nr {i};business\n" for i in range(60)))
        self.ok("customer", "import", str(file))

    def page(self, last, what):
        """What less shows once it waits behind the line of `last`."""
        return self.shell.wait(lambda screen: screen.endswith("\n:") and screen.splitlines()[-2].startswith(last), what)

    def test_less(self):
        self.shell.begin("kundehub customer list")
        first = self.page("2020", "first page").splitlines()
        self.assertEqual(len(first), 24, first)
        self.assertTrue(first[0].startswith(self.HEADER), first)
        self.shell.press("Space")
        self.assertTrue(self.page("2043", "second page").startswith("2021"))
        self.shell.press("Space")
        self.shell.wait(lambda screen: screen.endswith("(END)") and self.LAST in screen, "last page")
        self.shell.press("q")
        shown = self.shell.end()
        self.assertEqual(shown.code, 0, shown)
        self.assertEqual(len(shown.lines), 62, shown)
        self.assertIn(GREEN.format("on"), shown.colored[1])

    def test_left_early(self):
        """Also with much more to come than a pipe holds; an interrupt is the pager's affair."""
        file = self.hub.directory / "many.csv"
        file.write_text("number;name;kind\n" + "".join(f"{10000 + i};Firma nr {i};business\n" for i in range(20000)))
        self.ok("customer", "import", str(file))
        self.shell.begin("kundehub customer list")
        self.page("2020", "first page")
        self.shell.press("C-c")
        self.shell.wait(lambda screen: screen.count(self.HEADER) == 2, "page, shown again", "-S", "-")
        self.shell.press("q")
        shown = self.shell.end()
        self.assertEqual(shown.code, 0, shown)
        self.assertEqual([line for line in shown.lines if not line.startswith((self.HEADER, "1", "2", ":"))], [])

    def test_note_stands_below(self):
        self.shell.begin("kundehub customer search Firma --limit 50")
        self.assertNotIn("are shown", self.page("2021", "first page"))
        self.shell.press("q")
        self.assertEqual(self.shell.end().lines[-2:], ["50 of 60 customers are shown",
                                                       "hint: kundehub customer search --limit 60 Firma"])

    def test_what_is_not_paged(self):
        for command in ("kundehub customer list --no-pager", "KUNDEHUB_PAGER=cat kundehub customer list",
                        "PAGER=cat kundehub customer list", "TERM=dumb kundehub customer list",
                        "kundehub customer list | cat"):
            shown = self.run_there(command)
            self.assertTrue(shown.lines[-1].startswith(self.LAST), shown)
            self.assertEqual(len(shown.lines), 62, shown)
        self.run_there("export PAGER='sed s/^/paged:/'")
        fits = self.run_there("kundehub customer list --limit 22")
        self.assertEqual((len(fits.lines), "paged:" in str(fits)), (23, False), fits)
        self.assertNotIn("paged:", str(self.run_there("kundehub customer list --json | tail -n 3")))

    def test_a_result_that_is_held_back_is_not_paged(self):
        """A pager that waits for a person must not keep the other writers waiting."""
        self.run_there("export KUNDEHUB_PAGER='tee paged; sleep 3'")
        for change in ("hub revoke --kind business --yes --dry-run", "customer archive --kind business -n",
                       "customer delete --kind business --yes"):
            self.run_there(f"kundehub {change}")
            self.assertFalse((self.home / "paged").exists(), change)
        self.run_there("kundehub customer import ../sixty.csv; kundehub customer list")
        self.assertTrue((self.home / "paged").exists())

    def test_another_pager(self):
        shown = self.run_there("PAGER='sed s/^/paged:/' kundehub customer list")
        self.assertEqual(sum(line.startswith("paged:") for line in shown.lines), 62, shown)
        shown = self.run_there("PAGER=false KUNDEHUB_PAGER='head -n 2' kundehub customer list")
        self.assertEqual(len(shown.lines), 2, shown)

    def test_missing_pager_loses_nothing_unsaid(self):
        shown = self.shell.run("PAGER=no-such-pager kundehub customer list")
        self.assertTrue(shown.code != 0 or self.LAST in str(shown), shown)


class Width(TerminalTest):
    columns = 200

    def setUp(self):
        super().setUp()
        self.ok("hub", "grant", "1001", "--all-modules", "--welcome")
        self.ok("customer", "add", "--business", LONG_NAME, "--hub", "--contact",
                "Annabella Bergstrøm-Nielsen <annabella.bergstroem@ejendomme.example.dk>", "--welcome")

    def assert_not_wrapped(self, shown):
        """The terminal itself says which lines it has wrapped: joined they are fewer."""
        self.assertEqual(len(shown.lines), len(shown.joined), shown)

    def check_lists(self, columns):
        self.shell.resize(columns, 24)
        for command in ("kundehub customer list", "kundehub hub status"):
            with self.subTest(command=command, columns=columns):
                shown = self.run_there(command)
                self.assertGreaterEqual(len(shown.joined), 3, shown)
                self.assert_not_wrapped(shown)

    def test_wide(self):
        self.check_lists(200)
        self.assertIn(LONG_NAME, str(self.run_there("kundehub customer list")))

    def test_usual(self):
        self.check_lists(80)
        self.assertIn("…", str(self.run_there("kundehub customer list")))

    def test_narrow(self):
        self.check_lists(60)

    def test_resized_between_two_commands(self):
        for columns, is_cut in ((200, False), (100, True), (200, False)):
            self.shell.resize(columns, 24)
            shown = self.run_there("kundehub customer list")
            self.assert_not_wrapped(shown)
            self.assertEqual("…" in str(shown), is_cut, shown)

    def test_wide_and_combining_characters(self):
        for name in ("日本語株式会社テスト東京都支店日本語株式会社", "Cafe\u0301 Ae\u0301ro\u0308", "日本"):
            self.add_business(name=name)
        for columns in (200, 60):
            self.shell.resize(columns, 24)
            shown = self.run_there("kundehub customer list --fields number,name,kind,city,hub")
            self.assert_not_wrapped(shown)
            starts = {width(line[:line.index(word)]) for line in shown.lines for word in ("KIND", "business") if word in line}
            self.assertEqual(len(starts), 1, shown)
            self.assertEqual("…" in str(shown), columns == 60, shown)


class Colors(TerminalTest):
    columns = 150

    def setUp(self):
        super().setUp()
        self.ok("welcome", "send", "anna@nordlys.dk")
        self.ok("welcome", "send", "bo@ek.dk", "--queue")

    def assert_plain(self, command):
        shown = self.run_there(command)
        self.assertGreater(len(shown.lines), 1, shown)
        self.assertEqual(shown.colored, shown.lines)

    def test_what_they_say(self):
        yes, no = self.run_there("kundehub hub status").colored[1:]
        self.assertIn(GREEN.format("yes"), yes)
        self.assertIn(RED.format("no"), no)
        states = "\n".join(self.run_there("kundehub welcome status").colored)
        self.assertIn(GREEN.format("sent"), states)
        self.assertIn(YELLOW.format("queued"), states)

    def test_none(self):
        for command in ("NO_COLOR=1 kundehub hub status", "TERM=dumb kundehub hub status",
                        "kundehub hub status --color never", "kundehub hub status | cat",
                        "kundehub hub status --format tsv"):
            self.assert_plain(command)

    def test_always(self):
        for command in ("kundehub hub status --color always | cat", "NO_COLOR=1 kundehub hub status --color always"):
            self.assertIn(GREEN.format("yes"), self.run_there(command).colored[1])


class Times(TerminalTest):
    columns = 150

    def setUp(self):
        super().setUp()
        library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
        if not library:
            self.skipTest("libfaketime is not there: run tests/install_dependencies.sh")
        self.run_there("export TZ=HUB-2")
        for age in ("-50h", "-3h", "-100d"):
            self.run_there(f"LD_PRELOAD={library} FAKETIME={age} kundehub customer edit 1001 --notes={age} >/dev/null")

    def test_told_from_now_local_and_for_programs(self):
        log = "kundehub log --fields at,actor"
        shown = self.run_there(log).lines
        for line, time in zip(shown[1:], ("", "3 hours ago", "2 days ago", "now")):
            self.assertTrue(line.startswith(time), shown)
        self.assertRegex(shown[1], r"^20\d\d-\d\d-\d\d \d\d:\d\d  ")
        piped = self.run_there(f"{log} | cat").lines
        json = [operation["at"] for operation in self.ok("log", "--json").json()]
        self.assertEqual(len(json), 4)
        for line, stored in zip(piped[1:], json):
            self.assertRegex(stored, r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertEqual(line[:16], local(stored))
        page = self.run_there("kundehub customer show 1001").lines
        self.assertIn(f"  op:3     {local(json[1])} (3 hours ago)  ", "\n".join(page))

    def test_date_of_long_ago_is_told_once(self):
        page = self.run_there("kundehub customer show 1001")
        self.assertNotRegex(str(page), r"(\d{4}-\d\d-\d\d \d\d:\d\d) \(\1\)")


if __name__ == "__main__":
    main()
