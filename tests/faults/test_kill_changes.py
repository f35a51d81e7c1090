"""kill -9 at each system call of a command that changes the database: it is sound each time, the command has happened or
has not, and it can be run again."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from changes import SEED, ChangeTest
from hub import FULL, main, require_strace

SAMPLE = 30  # of a command's system calls, in the short form

# Between two of these, a kill makes no difference to anybody else.
CALLS = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename", "renameat", "renameat2",
         "openat", "link", "fchmod", "flock", "fcntl")


class Kills(ChangeTest):
    def setUp(self):
        super().setUp()
        require_strace()

    def points(self, command):
        """Each (system call, how manieth) of an undisturbed run, or a sample from all over it."""
        most = self.calls_of(command, CALLS)
        every = [(call, number) for call in sorted(most) for number in range(1, most[call] + 1)]
        return every if FULL or len(every) <= SAMPLE else self.random.sample(every, SAMPLE), len(every)

    def check_each(self, what, unsound=0):
        """`unsound`: what `db check` may find, as of an older schema before its migration."""
        command = self.command(what)
        self.keep()
        before = self.state()
        points, total = self.points(command)
        after, kills, happened = self.state(), 0, 0
        self.assertNotEqual(before, after) if what != "backup" else self.assertEqual(before, after)
        for call, number in points:
            with self.subTest(what=what, call=call, number=number):
                self.put_back()
                code, err = self.traced(command, CALLS, "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}")
                self.assertIn(code, (-9, 0), err)
                kills += code == -9
                check = self.hub.run("db", "check", "--json")
                state = self.state()
                self.assertIn(state, (before, after), "half of it has happened")
                self.assertEqual((check.code, len(check.json())), (78, 1) if unsound and state == before else (0, 0), check)
                happened += state == after
                self.check_backup(before)
                if state == before:
                    self.ok(*command, stdin=self.token.encode())
                    self.assertEqual(self.state(), after, "the second time")
        print(f"{what}: {kills} kills at {len(points)} of {total} system calls, {happened} times it had happened "
              f"(KUNDEHUB_TEST_SEED={SEED})", file=sys.stderr)
        self.assertGreater(kills, len(points) * 0.8, "most had ended before they were killed")

    def test_add(self):
        self.check_each("add")

    def test_import(self):
        self.check_each("import")

    def test_grant(self):
        self.check_each("grant")

    def test_undo(self):
        self.check_each("undo")

    def test_migrate(self):
        self.check_each("migrate", unsound=1)

    def test_backup(self):
        self.check_each("backup")

    def test_restore(self):
        self.check_each("restore")

    def test_open(self):
        self.check_each("open")

    def test_redeem(self):
        self.check_each("redeem")

    def test_login(self):
        self.check_each("login")


if __name__ == "__main__":
    main()
