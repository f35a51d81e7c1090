"""Runs commands and measures them: each is a process of its own without a terminal."""

import os
import pathlib
import statistics
import subprocess
import sys
import time
import typing

ALONE = [sys.executable, "-I", "-S", pathlib.Path(__file__).with_name("alone.py")]
SILENT = [(os.POSIX_SPAWN_OPEN, stream, "/dev/null", os.O_WRONLY, 0) for stream in (1, 2)]


class CannotRun(Exception):
    """A row needs what this machine does not have; the text says what."""


class Spent(typing.NamedTuple):
    """What a command took. Processor time depends less on what else runs."""

    seconds: float
    processor: float

    def each_of(self, rows):
        """The share of one row."""
        return Spent(self.seconds / rows, self.processor / rows)


def run_once(command, environment, stdin="/dev/null"):
    actions = [(os.POSIX_SPAWN_OPEN, 0, str(stdin), os.O_RDONLY, 0), *SILENT]
    start = time.perf_counter()
    process = os.posix_spawn(command[0], list(map(str, command)), environment, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    if status:
        raise RuntimeError(f"exit code {os.waitstatus_to_exitcode(status)}: {' '.join(map(str, command))}")
    return Spent(seconds, usage.ru_utime + usage.ru_stime)


def run_alone(command, environment):
    """What the command took, and the most memory it had, in MiB: its own, and not this process's."""
    told = subprocess.run([*ALONE, *command], env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if told.returncode:
        raise RuntimeError(f"exit code {told.returncode}: {' '.join(map(str, command))}")
    seconds, processor, memory = map(float, told.stdout.split())
    return Spent(seconds, processor), memory / 1024


def run_each(commands, environment, stdin="/dev/null"):
    """One process after the other, and what all of them took."""
    spent = [run_once(command, environment, stdin) for command in commands]
    return Spent(*map(sum, zip(*spent)))


def in_turn(turns, *commands):
    """The medians of each (A B A B ...); a command is a function of the turn's number."""
    spent = [[command(turn) for command in commands] for turn in range(turns)]
    return [Spent(*(statistics.median(values) for values in zip(*column))) for column in zip(*spent)]


def must(result):
    """What a command of the Hub printed; it may not fail."""
    if result.code:
        told = [line for line in result.err.splitlines() if not line.startswith("hint: ")]
        raise RuntimeError(told[-1] if told else f"exit code {result.code}")
    return result.out.strip()
