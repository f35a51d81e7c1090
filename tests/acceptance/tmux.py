"""A terminal of tmux, with a server of its own and nobody's settings: keys are typed, and the screen is looked at."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import time
import unittest

from hub import BINARY, LIMIT, HubTest


def require(*programs):
    """Skips the test where a program is not there."""
    for program in programs:
        if not shutil.which(program):
            raise unittest.SkipTest(f"{program} is not there: run tests/install_dependencies.sh")


def await_true(condition, what):
    """Looks again and again, until a limit that means failure. `what`: what is missed then, or what tells it."""
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"no {what() if callable(what) else what}")
        time.sleep(0.02)


class Screen:
    """A program at a terminal. `home` gets bin/kundehub, which is the program under test, and tmux's socket."""

    def __init__(self, home, environment, command, columns=150, rows=50):
        self.home, self.socket = pathlib.Path(home), str(home / "tmux")
        (self.home / "bin").mkdir()
        (self.home / "bin/kundehub").symlink_to(pathlib.Path(BINARY).resolve())
        self.environment = {**environment, "HOME": str(home), "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh",
                            "PATH": f"{home}/bin:{environment['PATH']}"}
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), *command)

    def tmux(self, *words):
        command = ["tmux", "-u", "-S", self.socket, *words]
        return subprocess.run(command, env=self.environment, cwd=self.home, check=True, capture_output=True,
                              timeout=LIMIT).stdout.decode()

    def text(self, *options):
        """What is on the screen; `options` are those of capture-pane."""
        return self.tmux("capture-pane", "-p", *options).rstrip()

    def wait(self, condition, what, *options):
        """The screen as soon as it is as `condition` wants it; a line that the terminal has wrapped is one, unless
        `options` say something else."""
        screen = ""

        def look():
            nonlocal screen
            screen = self.text(*(options or ("-J",)))
            return condition(screen)

        await_true(look, lambda: f"{what} on the screen:\n{screen}")
        return screen

    def press(self, *keys):
        """Keys by tmux's names: Enter, C-c."""
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def value(self, name):
        """One of tmux's variables."""
        return self.tmux("display-message", "-p", f"#{{{name}}}").strip()

    def stop(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.tmux("kill-server")


class Shown:
    """What a command left at the terminal: its exit status and the lines of its output, as wide as the screen."""

    def __init__(self, code, lines, joined, colored):
        self.code, self.lines, self.joined, self.colored = code, lines, joined, colored

    def __str__(self):
        return f"exit {self.code}\n" + "\n".join(self.lines)


class Shell(Screen):
    """bash, whose prompt counts the commands and tells the exit status of the last one. It clears the screen when a
    command begins, so that what stands there is the command's own."""

    def __init__(self, home, environment, columns=80, rows=24):
        require("tmux", "bash")
        prompts = {"PS0": r"\e[H\e[2J\e[3J\#!\n", "PS1": r"\#:$?> ", "HISTFILE": "/dev/null"}
        super().__init__(home, {**environment, **prompts}, ["bash", "--noprofile", "--norc", "-i"], columns, rows)
        self.number = 1
        self.wait(lambda screen: screen == "1:0>", "first prompt")

    def begin(self, command):
        self.type(command)
        self.press("Enter")
        self.number += 1
        # An editor has a screen of its own, and may have hidden the shell's by now.
        self.wait(lambda screen: screen.startswith(f"{self.number - 1}!") or self.value("alternate_on") == "1",
                  f"beginning of {command}", "-S", "-")

    def answer(self, question, keys, *press):
        """Types behind the question that ends the screen: `keys` as they are, then those that tmux has names for."""
        self.wait(lambda screen: screen.endswith(question), f"question {question!r}")
        if keys:
            self.type(keys)
            self.wait(lambda screen: not screen.endswith(question), f"{keys!r} behind {question!r}")
        self.press(*(press or ("Enter",)))

    def end(self):
        """What the command has left when it has ended."""
        prompt = re.compile(rf"(?:^|\n){self.number}:(\d+)>$")
        ended = self.wait(prompt.search, "end of the command", "-J", "-S", "-")
        lines, colored = (self.text(*options, "-S", "-").split("\n")[1:-1] for options in ((), ("-e",)))
        return Shown(int(prompt.search(ended)[1]), lines, ended.split("\n")[1:-1], colored)

    def run(self, command, *answers):
        """`answers`: (question, keys, names of keys)."""
        self.begin(command)
        for answer in answers:
            self.answer(*answer)
        return self.end()

    def resize(self, columns, rows):
        """Returns when the terminal's programs would see the new size."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        terminal = os.open(self.value("pane_tty"), os.O_RDONLY | os.O_NOCTTY)
        try:
            await_true(lambda: os.get_terminal_size(terminal) == (columns, rows), "new size")
        finally:
            os.close(terminal)

    def child(self):
        """The number of the process that the shell waits for."""
        shell = self.value("pane_pid")
        found = pathlib.Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        assert len(found) == 1, found
        return int(found[0])

    def close_terminal(self):
        self.tmux("kill-session")


def is_running(process):
    """False as well for one that has ended, and that nobody has asked for how."""
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


class TerminalTest(HubTest):
    """A hub with customer 1001, who has access, and a shell at a terminal."""

    columns, rows = 80, 24

    def setUp(self):
        super().setUp()
        self.add_business("--hub", "--module", "invoices", "--tag", "vip", "--city", "Odense", "--contact",
                          "Anna Berg <anna@nordlys.dk>", "--contact", "Bo Ek <bo@ek.dk>", "--no-welcome")
        self.home = self.hub.directory / "home"
        self.home.mkdir()
        self.shell = Shell(self.home, self.hub.environment, self.columns, self.rows)
        self.addCleanup(self.shell.stop)

    def run_there(self, command, *answers, code=0):
        shown = self.shell.run(command, *answers)
        self.assertEqual(shown.code, code, shown)
        return shown

    def changes_nothing(self, command, *answers, code=0):
        before = self.hub.dump()
        shown = self.run_there(command, *answers, code=code)
        self.assertEqual(self.hub.dump(), before, shown)
        return shown
