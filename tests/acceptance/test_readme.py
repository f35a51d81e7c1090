"""README.md tells the truth: its commands run and print what stands there, and its pieces of source are there.

The sections of RUN are run in this order, by one shell, in a folder of their own. A block of sh has to succeed. In a
block that begins with `$ `, as in a terminal, what follows each command is all that it prints; a block without a
language after one of sh has lines that the one before prints, in their order. Times are equal to all times, blanks to
more of them, and `...` stands for anything. `<!-- not run: why -->` before a block leaves it out.
"""

import re
import subprocess
import unittest

from hub import HubTest, LIMIT, SOURCE, main
from manual import global_options, program_commands, program_options

RUN = ("Start in thirty seconds", "What it looks like", "At the terminal", "Backup and upgrade")
NOT_RUN = 2  # the build, and what is for three shells
MARK = "-- ends here --"

README = (SOURCE / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^(<!-- not run: .* -->\n)?```(\w*)\n(.*?)^```$", re.M | re.S)
CODE = re.compile(r"^ *```cpp\n(.*?)^ *```$", re.M | re.S)
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\dZ)?")


def section(title):
    """What stands below a heading, up to the next one of its level."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.M | re.S)[1]


def lines_of(text):
    """The lines without what differs from run to run; none that is empty."""
    lines = (re.sub(r" +", " ", TIME.sub("TIME", line)).strip() for line in text.splitlines())
    return [line for line in lines if line]


def fits(told, printed):
    """Whether a line was printed as it is told."""
    return re.fullmatch(".*".join(map(re.escape, told.split("..."))), printed) is not None


class Readme(HubTest):
    ready = False

    def setUp(self):
        super().setUp()
        self.hub.put_into_path()
        for name in ("backup", "safe", "etc/kundehub"):
            (self.hub.directory / name).mkdir(parents=True)
        (self.hub.directory / "etc/kundehub/config.toml").write_text("")

    def steps(self):
        """Each command or block that is run, with what it prints according to the page; and how many are not run."""
        found, skipped = [], 0
        for mark, language, text in (block for title in RUN for block in BLOCK.findall(section(title))):
            if mark:
                skipped += 1
            elif language:
                self.assertEqual(language, "sh")
                found.append((text, None, True))
            elif text.startswith("$ "):
                for command, answer in re.findall(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", text, re.M):
                    found.append((command, lines_of(answer), False))
            else:
                found[-1] = (found[-1][0], lines_of(text), True)
        return found, skipped

    def script(self, steps):
        """All of it for one shell; after each step a line with MARK. Its folders are below the test's."""
        lines = ["date() { echo 2026-11-20; }"]  # the day of which the backups' names speak
        for text, _, is_block in steps:
            lines += [text.rstrip("\n") if is_block else f"{text.strip()} || :", f"echo '{MARK}'"]
        here = str(self.hub.directory)
        return re.sub(r"(?<![\w/$])/(tmp/hub-demo|backup|safe|etc)\b", lambda path: f"{here}/{path[1].split('/')[-1]}",
                      "\n".join(lines) + "\n")

    def test_commands(self):
        steps, skipped = self.steps()
        self.assertEqual(skipped, NOT_RUN)
        self.assertGreater(len(steps), 12)
        done = subprocess.run(["sh", "-euc", self.script(steps)], env=self.hub.environment, cwd=self.hub.directory,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=2 * LIMIT, check=False)
        printed = done.stdout.replace(str(self.hub.directory / "hub-demo"), "/tmp/hub-demo").split(f"{MARK}\n")
        self.assertEqual(done.returncode, 0, f"after step {len(printed) - 1}:\n{printed[-1]}")
        for (text, told, is_block), answer in zip(steps, printed):
            with self.subTest(text):
                self.compare(told, lines_of(answer), is_block)

    def compare(self, told, printed, is_block):
        """All that a command after `$` prints; of a block what is told of it, in its order."""
        if told is None:
            return
        if not is_block:
            self.assertEqual(len(told), len(printed), "\n".join(printed))
        rest = iter(printed)
        for line in told:
            self.assertTrue(any(fits(line, there) for there in rest), f"{line}\nis not in\n" + "\n".join(printed))


class Words(unittest.TestCase):
    def test_commands_and_options_are_there(self):
        """Also where they are not run."""
        blocks = "\n".join(text for _, _, text in BLOCK.findall(README)).replace("\\\n", "")
        lines = re.findall(r"\bkundehub (?!kundehub )([a-z]+ .*)", blocks)
        shared, known, seen = global_options(), {}, set()
        commands = [*program_commands(), "help"]
        for line in lines:
            line = re.split(r"[|#]", line)[0]
            command = next((name for name in commands if f"{line} ".startswith(f"{name} ")), None)
            with self.subTest(line):
                self.assertIsNotNone(command)
                known.setdefault(command, shared if command == "help" else shared.union(*program_options(command)))
                self.assertEqual(set(re.findall(r"(?<= )--[a-z-]+", line)) - known[command], set())
                seen.add(command)
        self.assertGreater(len(seen), 30)

    def test_pieces_of_source(self):
        """What *The code* shows of a command stands in the files that it names."""
        text = section("The code")
        files = {name for name in re.findall(r"`(cli/[\w/]+\.[ch]pp)`", text)}
        there = "\n".join((SOURCE / name).read_text("utf-8") for name in sorted(files))
        unindented = re.sub(r"^ +", "", there, flags=re.M)
        pieces = CODE.findall(text)
        self.assertGreater(len(pieces), 3)
        for piece in pieces:
            with self.subTest(piece):
                self.assertIn(re.sub(r"^ +", "", piece, flags=re.M), unindented + "\n")

    def test_links(self):
        """A link within the page has a heading to go to."""
        headings = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in
                    re.findall(r"^#+ (.*)$", README, re.M)}
        links = set(re.findall(r"\]\(#([^)]+)\)", README))
        self.assertGreater(len(links), 5)
        self.assertEqual(links - headings, set())


if __name__ == "__main__":
    main()
