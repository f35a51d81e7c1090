"""The manual pages of man/ as their mdoc source has them, and what the program says of itself in its help."""

import collections
import re
import subprocess

from hub import BINARY, SOURCE

PAGES = sorted(path.name for path in (SOURCE / "man").glob("kundehub*.[1-8]"))

Example = collections.namedtuple("Example", "line text mark")

_MACROS = re.compile(r"[A-Z][a-z]")  # Ar, Fl, Op ... between the words of a line


def plain(text):
    """What a reader sees of a piece of text."""
    for escape, shown in (("\\e", "\\"), ("\\(dq", '"'), ("\\&", ""), ("\\-", "-")):
        text = text.replace(escape, shown)
    return text


def options_of(lines):
    """The options that mdoc lines name: `--name` of Fl -name, and of those that follow in its line."""
    found = set()
    for line in lines:
        words = line.split()
        if line.startswith(".") and ("Fl" in words or ".Fl" in words):
            begin = min(words.index(word) for word in ("Fl", ".Fl") if word in words)
            found |= {f"-{word}" for word in words[begin:] if re.fullmatch(r"-[a-z][a-z-]*", word)}
            found |= {f"-{after}" for word, after in zip(words, words[1:]) if word in ("Fl", ".Fl") and after[0] != "-"}
    return found


class Page:
    """A page by its name in man/, such as kundehub-hub.1."""

    def __init__(self, name):
        self.name, self.lines = name, (SOURCE / "man" / name).read_text("utf-8").splitlines()

    def part(self, level, title):
        """The lines of a section (Sh) or subsection (Ss), without its heading; none if there is no such part."""
        stops = (".Sh ",) if level == "Sh" else (".Sh ", ".Ss ")
        try:
            start = self.lines.index(f".{level} {title}") + 1
        except ValueError:
            return []
        end = next((at for at in range(start, len(self.lines)) if self.lines[at].startswith(stops)), len(self.lines))
        return self.lines[start:end]

    def commands(self):
        """The commands that the section COMMANDS tells of, each with its lines."""
        titles = [line[4:] for line in self.part("Sh", "COMMANDS") if line.startswith(".Ss ")]
        return {title: self.part("Ss", title) for title in titles if title[0].islower()}

    def synopses(self):
        """What SYNOPSIS says of each command, as lines."""
        found, command = {}, None
        for line in self.part("Sh", "SYNOPSIS"):
            words = line[1:].split()
            if words[0] == "Nm":
                command = None
            if command is None and "Cm" in words:
                rest = words[words.index("Cm") + 1:]
                end = next((at for at, word in enumerate(rest) if _MACROS.fullmatch(word)), len(rest))
                command = " ".join(rest[:end])
                found[command] = []
            if command is not None:
                found[command].append(line)
        return found

    def examples(self):
        """The blocks of EXAMPLES, in their order, with the line that each begins at and what a comment says of it."""
        mark, inside, text, at = "", False, [], 0
        lines = self.part("Sh", "EXAMPLES")
        first = self.lines.index(".Sh EXAMPLES") + 2 if lines else 0
        for number, line in enumerate(lines, first):
            if line.startswith('.\\" example: '):
                mark = line[len('.\\" example: '):]
            elif line.startswith(".Bd -literal"):
                inside, text, at = True, [], number + 1
            elif line == ".Ed":
                inside = False
                yield Example(at, plain("\n".join(text)) + "\n", mark)
                mark = ""
            elif inside:
                text.append(line)
            elif line.startswith(".Dl "):
                if '"' in line:
                    raise AssertionError(f"man/{self.name}, line {number}: .Dl eats quotation marks; write \\(dq")
                yield Example(number, plain(line[4:]) + "\n", mark)
                mark = ""

    def text(self):
        """The whole source."""
        return "\n".join(self.lines)


def page_of(command):
    """The page that tells of a command: its noun's, or that of the tool."""
    name = f"kundehub-{command.split()[0]}.1"
    return Page(name if name in PAGES else "kundehub.1")


def help_text(*words):
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    done = subprocess.run([BINARY, "help", *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=True)
    return done.stdout


def program_commands():
    """Every command that the program's help lists."""
    found = []
    for line in help_text().split("First steps:")[0].splitlines():
        entry = re.fullmatch(r"  ([a-z]+(?: [a-z]+)?) +\S.*", line)
        if entry:
            found.append(entry[1])
    return found


def program_options(command):
    """The options of one command and its filters, as its help has them: two sets of --name and -n."""
    groups, group = {"Options": set(), "Filters": set()}, None
    for line in help_text(*command.split()).split("\nOptions of every command")[0].splitlines():
        heading = re.fullmatch(r"([A-Z][a-z]+):", line)
        group = groups.get(heading[1]) if heading else group
        entry = re.match(r"  (-\S+)", line)
        if entry and group is not None:
            group.update(entry[1].split(","))
    return groups["Options"], groups["Filters"]


def program_values(command):
    """What the options of a command take, as its help names it: MODULE, da|en, nothing for a switch. No filters."""
    options = program_options(command)[0]
    entries = re.findall(r"^  (-\S+)(?: (\S+))?", help_text(*command.split()), re.M)
    return {name.split(",")[-1]: value for name, value in entries if set(name.split(",")) <= options}


def values_of(lines):
    """What options take in mdoc lines, in the form of program_values()."""
    option = re.compile(r"\bFl (-\S+)(?: Ar (\S+(?: Ns = Ns Ar \S+)?)| Cm (\S+(?: \| \S+)*))?")
    found = {}
    for line in lines:
        for name, free, fixed in option.findall(line):
            found[f"-{name}"] = re.sub("Ns|Ar| ", "", free) + fixed.replace(" ", "")
    return found


def global_options():
    lines = help_text("init").split("Options of every command")[1].splitlines()[1:]
    return {word for line in lines for group in line.split() if group.startswith("-") for word in group.split(",")}
