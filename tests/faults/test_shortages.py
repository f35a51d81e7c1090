"""Memory, files, locks and disk that run out in the middle of a command that changes the database: it has happened or it
has not, its exit status says which, and it can be run again."""

import collections
import json
import pathlib
import re
import resource
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from changes import SEED, ChangeTest
from hub import BINARY, FULL, LIMIT, HubTest, Result, main, require_strace

FAILING_MALLOC = pathlib.Path(BINARY).parent.parent / "lib" / "failing_malloc.so"
SAMPLE = 24  # of a command's allocations, and of its system calls, in the short form

# How each system call may fail where the machine is short of something, or breaks. Not getrandom: without random numbers
# libsodium ends the program, and rightly.
FAULTS = {"openat": ("ENOSPC", "EIO", "EMFILE"), "read": ("EIO",), "pread64": ("EIO",), "write": ("ENOSPC", "EIO"),
          "pwrite64": ("ENOSPC", "EIO"), "fsync": ("EIO", "ENOSPC"), "fdatasync": ("EIO", "ENOSPC"), "ftruncate": ("EIO",),
          "unlink": ("EIO",), "rename": ("EIO", "ENOSPC"), "link": ("EIO",), "fchmod": ("EPERM",), "close": ("EIO",),
          "flock": ("ENOLCK",), "fcntl": ("EIO",), "newfstatat": ("EIO",), "fstat": ("EIO",), "clone3": ("EAGAIN",)}

RAW = re.compile(r"terminate called|[Aa]ssert|Aborted|core dumped|what\(\)|std::|SQLITE_|unexpected|internal|0x[0-9a-f]{6}")
NOT_STARTED = re.compile(r"error while loading shared libraries|cannot allocate|cannot create|failed to map", re.I)
COMMANDS = ("add", "import", "grant", "undo", "migrate", "backup", "restore", "open", "redeem", "login")


class Shortage(ChangeTest):
    """A command, and the states before and after it."""

    def prepare(self, what):
        self.what, self.figures = what, collections.Counter()
        self.words = self.command(what)
        self.keep()
        self.before = self.state()
        self.ok(*self.words, stdin=self.token.encode())
        self.after = self.state()

    def sample(self, every):
        return every if FULL or len(every) <= SAMPLE else sorted(self.random.sample(every, SAMPLE), key=every.index)

    def check(self, result, deaf=False):
        """`deaf`: its standard error was broken too."""
        self.figures[f"exit {result.code}"] += 1
        if result.code == 127 and NOT_STARTED.search(result.err):
            result.code = 75  # it is the loader that has met the fault
        self.assertIn(result.code, (0, 5, 66, 73, 75, 77, 78), result)
        self.assertNotRegex(result.err, RAW, "no clear message")
        if result.code not in (0, 5) and not deaf:
            self.assertIn("kundehub: ", result.err.replace("kundehub_", ""), result)
        check = self.hub.run("db", "check", "--json")
        state = self.state()
        self.assertIn(state, (self.before, self.after), f"half of it has happened\n{result}")
        if self.before != self.after and "may be saved or not" not in result.err:
            self.assertEqual(state == self.after, result.code in (0, 5), f"the status does not say what happened\n{result}")
        older = self.what == "migrate" and state == self.before
        self.assertEqual((check.code, len(check.json())), (78, 1) if older else (0, 0), f"{check}\n{result}")
        self.check_backup(self.before)
        if state == self.before:
            self.ok(*self.words, stdin=self.token.encode())
            self.assertEqual(self.state(), self.after, "the second time")

    def say(self, kind, points, total):
        print(f"{self.what}: {kind} at {len(points)} of {total}: {dict(sorted(self.figures.items()))} "
              f"(KUNDEHUB_TEST_SEED={SEED})", file=sys.stderr)


def each_command(case):
    """The case with a test for each command, by its name."""
    for what in COMMANDS:
        setattr(case, f"test_{what}", lambda self, what=what: self.check_each(what))
    return case


@each_command
class Memory(Shortage):
    def setUp(self):
        super().setUp()
        if not FAILING_MALLOC.exists():
            raise unittest.SkipTest(f"{FAILING_MALLOC} is not there: it is built with the tests")

    def run_short(self, **settings):
        environment = {name: str(value) for name, value in settings.items()}
        return self.hub.run(*self.words, stdin=self.token.encode(), env={"LD_PRELOAD": str(FAILING_MALLOC), **environment})

    def allocations(self):
        self.put_back()
        count = self.hub.directory / "count"
        self.expect(0, self.run_short(FAILING_MALLOC_COUNT=count))
        return int(count.read_text())

    def check_each(self, what):
        self.prepare(what)
        total = self.allocations()
        self.assertGreater(total, 500, "are they counted?")
        points = self.sample([f"{number}{on}" for number in range(1, total + 1) for on in ("", "+")])
        for point in points:
            with self.subTest(what=what, allocation=point):
                self.put_back()
                self.check(self.run_short(FAILING_MALLOC_AT=point))
        self.say("no memory", points, 2 * total)

    def test_a_table(self):
        """An allocation that fails while a table is made: it is printed with what it holds, or not at all, and nobody waits
        for ever."""
        self.words, self.token = ("customer", "list"), ""
        self.keep()
        self.assertIn("Bo Å", self.ok(*self.words).out)
        total, ends = self.allocations(), collections.Counter()
        for number in range(1 if FULL else total * 3 // 4, total + 1):
            result = self.run_short(FAILING_MALLOC_AT=number)
            ends[result.code] += 1
            self.assertIn(result.code, (0, 75), result)
            if result.code == 0:  # without memory for the locale its letters are escaped
                self.assertRegex(result.out, r"Bo (Å|\\xc3\\x85)", f"allocation {number}")
            else:
                self.assertEqual(result.out, "", f"allocation {number}")
        self.assertEqual(set(ends), {0, 75}, ends)


@each_command
class Calls(Shortage):
    def setUp(self):
        super().setUp()
        require_strace()

    def check_each(self, what):
        self.prepare(what)
        most = self.calls_of(self.words, FAULTS)
        every = [(call, error, f"{number}{on}") for call in sorted(most) for error in FAULTS[call]
                 for number in range(1, most[call] + 1) for on in ("", "+")]
        points = self.sample(every)
        for call, error, when in points:
            with self.subTest(what=what, call=call, error=error, when=when):
                self.put_back()
                code, err = self.traced(self.words, FAULTS, "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}")
                self.check(Result(code, b"", err.encode()), deaf=call == "write")
        self.say("failing system calls", points, len(every))

    def test_restore_in_doubt(self):
        """A restore after which the disk gives no answer: the links of a database that is still there go on working."""
        self.prepare("restore")
        doubts = collections.Counter()
        for number in range(self.calls_of(self.words, FAULTS)["fcntl"], 0, -1):
            self.put_back()
            key = self.files()[1].read_text()
            code, err = self.traced((*self.words, "--json"), FAULTS, "-o", "/dev/null",
                                    "-e", f"inject=fcntl:error=EIO:when={number}+")
            if "may be saved or not" not in err:
                continue
            is_back = self.state() == self.after
            doubts[is_back] += 1
            self.assertEqual((code, json.loads(err.splitlines()[-1])["error"]["hint"]), (5, "kundehub log --limit 1"), err)
            self.assertNotIn("has ended", err)
            self.assertEqual(self.files()[1].read_text(), key)
            self.expect(10 if is_back else 0, self.hub.run("portal", "redeem", "--token-stdin", "--ip", "192.0.2.7",
                                                           stdin=self.token.encode()))
            if doubts[False] >= 3:
                return
        self.fail(f"restores in doubt, by whether it was back: {doubts}")


@each_command
class Files(Shortage):
    def check_each(self, what):
        """ulimit -n, from what the loader needs to what is enough."""
        self.prepare(what)
        limits = range(3, 16)
        for limit in limits:
            with self.subTest(what=what, limit=limit):
                self.put_back()
                result = self.hub.run(*self.words, stdin=self.token.encode(), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
                self.check(result)
        self.assertIn("exit 0", self.figures, "is that enough files?")
        self.assertGreater(len(self.figures), 1, "are there ever too few?")
        self.say("few files", limits, len(limits))


class Locale(HubTest):
    def test_none_that_knows_utf8(self):
        """A machine without C.UTF-8: letters are escaped, and nobody waits for ever."""
        require_strace()
        self.add_business(name="Rødgrød ApS")
        locales = [word for file in ("locale-archive", "C.UTF-8/LC_CTYPE", "C.utf8/LC_CTYPE")
                   for word in ("-P", f"/usr/lib/locale/{file}")]
        process = subprocess.run(["strace", "-qq", "-o", "/dev/null", *locales, "-e", "inject=openat:error=EIO",
                                  BINARY, "customer", "list"], env=self.hub.environment, capture_output=True, timeout=LIMIT,
                                 check=False)
        self.assertEqual(process.returncode, 0, process.stderr)
        self.assertIn(b"R\\xc3\\xb8dgr\\xc3\\xb8d ApS", process.stdout)


if __name__ == "__main__":
    main()
