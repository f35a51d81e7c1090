"""The benchmark's table: a Row is a line of it."""

import dataclasses
import re

HEAD = ("| work | peer | peer's | ours | ratio | goal | met | processor time |\n"
        "|---|---|---|---|---|---|---|---|")
FAILED = "failed"  # begins the ratio of a row that ought to have run
LIMIT = re.compile(r"([≤≥]) ([\d.]+)")


@dataclasses.dataclass
class Row:
    work: str
    peer: str = ""
    theirs: str = ""
    ours: str = ""
    ratio: str = ""
    goal: str = ""
    met: str = ""
    processor: str = ""

    def __str__(self):
        return "| " + " | ".join(value.replace("|", "\\|") for value in dataclasses.astuple(self)) + " |"


def is_met(goal, value):
    """Whether the value, as the table shows it, keeps to the last limit in the goal's text; "" if that names none."""
    limits = LIMIT.findall(goal)
    if not limits:
        return ""
    sign, limit = limits[-1]
    return "yes" if (value <= float(limit) if sign == "≤" else value >= float(limit)) else "no"


def duration(seconds):
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-4 else f"{seconds * 1e6:.2f} µs"


def quotient(value):
    return f"{value:.{2 if value >= 0.1 else 3}f}"


def compare(work, peer, spent, goal, per=""):
    """A row of times: `spent` is the peer's and ours, `per` what one of them is for."""
    theirs, ours = spent
    ratio = quotient(ours.seconds / theirs.seconds)
    return Row(work, peer, duration(theirs.seconds) + per, duration(ours.seconds) + per, f"**{ratio}**", goal,
               is_met(goal, float(ratio)), quotient(ours.processor / theirs.processor))


def compare_rates(work, peer, spent, goal):
    """A row of what is done in a second: `spent` is the peer's share of one piece, and ours."""
    theirs, ours = spent
    ratio = quotient(theirs.seconds / ours.seconds)
    return Row(work, peer, f"{1 / theirs.seconds:.0f} /s", f"{1 / ours.seconds:.0f} /s", f"**{ratio}**", goal,
               is_met(goal, float(ratio)), quotient(ours.processor / theirs.processor))


def show_memory(work, spent, memory):
    """A row without a peer: the time, and the most memory that the process had."""
    goal = "≤ 64 MiB"
    return Row(work, ours=f"{duration(spent.seconds)}, {memory:.0f} MiB", goal=goal, met=is_met(goal, round(memory)))


def excuse(work, why, error):
    """The row in place of one that could not be measured: the error's last line."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return Row(work, ratio=f"{why}: {lines[-1]}")
