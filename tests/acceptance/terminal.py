"""Runs kundehub on a pseudo-terminal and answers its questions."""

import os
import pty
import select
import time

from hub import LIMIT


class Typed:
    """What a person saw, the questions that were answered, and the exit code."""

    def __init__(self, code, screen, asked):
        self.code, self.screen, self.asked = code, screen, asked

    def __str__(self):
        return f"exit {self.code}, answered {self.asked}\n--- screen\n{self.screen}"


def type_at(hub, args, answers=(), **options):
    """Runs the command with a terminal for stdin, stdout and stderr. `answers`: (text of a question, what to type) in order.
    A question that nobody answers would hang the command, so its time limit is short; the code is None then."""
    master, slave = pty.openpty()
    process = hub.start(*args, stdin=slave, **{"stdout": slave, "stderr": slave, **options})
    os.close(slave)
    screen, seen, asked, code = b"", 0, [], None
    waiting = list(answers)
    end = time.monotonic() + (LIMIT if answers else 20)
    while time.monotonic() < end:
        if select.select([master], [], [], 0.05)[0]:
            try:
                more = os.read(master, 65536)
            except OSError:  # Linux says so when the last writer has gone
                more = b""
            if not more:
                code = process.wait(LIMIT)
                break
            screen += more
        if waiting and waiting[0][0].encode() in screen[seen:]:
            question, answer = waiting.pop(0)
            seen = len(screen)
            asked.append(question)
            os.write(master, answer.encode() + b"\n")
    if code is None:
        process.kill()
        process.wait(LIMIT)
    os.close(master)
    return Typed(code, screen.decode("utf-8", "replace"), asked)
