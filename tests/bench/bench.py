"""Measures kundehub against its peers: each row runs the peer's command and ours in turn (A B A B ...). Machines are
noisy: only ratios from one run count."""

import argparse
import contextlib
import datetime
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "acceptance"))

import batch_rows
import bulk_rows
import completion_rows
import growth_rows
import import_rows
import mail_rows
import query_rows
import start_rows
from customers import some_number
from databases import Databases, copy_database
from hub import BINARY, Hub
from measure import CannotRun, must, run_once
from table import FAILED, HEAD, excuse

ROWS = {function.__name__.upper(): function for function in (
    start_rows.s1, start_rows.s2, start_rows.s3, import_rows.i1, import_rows.i2, import_rows.i3, import_rows.i4,
    query_rows.q1, query_rows.q2, query_rows.q3, mail_rows.m1, mail_rows.m2, mail_rows.m3, batch_rows.b1,
    import_rows.u1, bulk_rows.k1, growth_rows.g1, completion_rows.c1)}


class Bench:
    """What the rows share. `scratch` is emptied behind each of them; `data` stays until the end."""

    binary = BINARY

    def __init__(self, directory, quick):
        self.directory, self.quick = directory, quick
        self.scratch = directory / "scratch"
        self.hub = Hub(directory)
        must(self.hub.init())
        self.data = Databases(directory, self.hub)

    @property
    def sqlite(self):
        found = shutil.which("sqlite3")
        if not found:
            raise CannotRun("sqlite3 is not there")
        return found

    def size(self, count, quick=None):
        """How many rows are meant by `count`: a tenth of them, or `quick`, in a quick run."""
        return (quick or count // 10) if self.quick else count

    def turns(self, count):
        return count // 10 if self.quick else count

    def few_turns(self, count=3):
        """Of what takes long."""
        return 1 if self.quick else count

    def kundehub(self, *args, count=1):
        """A turn of ours. In the arguments {turn} is the turn's number, {number} that of one of `count` customers."""
        return self.command(BINARY, args, count)

    def sqlite3(self, *args, count=1):
        """A turn of the peer."""
        return self.command(self.sqlite, args, count)

    def command(self, program, args, count):
        def turn_of(turn):
            values = {"turn": turn, "number": some_number(turn, count)}
            return run_once([program, *(str(arg).format(**values) for arg in args)], self.hub.environment)

        return turn_of

    def copy(self, source, name):
        return copy_database(source, self.scratch / name)

    def new_hub(self):
        """An empty one in `scratch`, with a configuration of its own."""
        directory = self.scratch / "hub"
        directory.mkdir()
        hub = Hub(directory)
        must(hub.init())
        return hub

    def measure(self, name):
        """The rows of that name. What cannot be measured has a row too, which says why."""
        self.scratch.mkdir(mode=0o755)
        work = f"{name} {ROWS[name].__doc__}"
        try:
            yield from ROWS[name](self)
        except CannotRun as error:
            yield excuse(work, "not measured", error)
        except Exception as error:  # whatever went wrong with one row, the others are measured
            yield excuse(work, FAILED, error)
        finally:
            shutil.rmtree(self.scratch)


def describe_machine():
    """The date, and what the figures depend on besides the program."""
    cpu = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    version = "none"
    if sqlite := shutil.which("sqlite3"):
        version = subprocess.run([sqlite, "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    return (f"{datetime.date.today()}, {cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, "
            f"Linux {platform.release()}, sqlite3 {version}")


def warn_of_debug_build():
    cache = pathlib.Path(BINARY).resolve().parent.parent / "CMakeCache.txt"
    with contextlib.suppress(OSError):
        if "CMAKE_BUILD_TYPE:STRING=Debug" in cache.read_text():
            print("this is a Debug build: its figures mean nothing", file=sys.stderr)


def row_name(text):
    if text.upper() not in ROWS:
        raise argparse.ArgumentTypeError(f"no row '{text}': {' '.join(ROWS)}")
    return text.upper()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of rows and turns, or less: to see that it works")
    parser.add_argument("rows", nargs="*", metavar="ROW", type=row_name, help=" ".join(ROWS))
    options = parser.parse_args()
    warn_of_debug_build()
    table = []
    with tempfile.TemporaryDirectory(prefix="kundehub-bench-") as folder:
        directory = pathlib.Path(folder)
        directory.chmod(0o755)
        bench = Bench(directory, options.quick)
        for name in options.rows or ROWS:
            for row in bench.measure(name):
                print(row, file=sys.stderr, flush=True)
                table.append(row)
    print(describe_machine(), "", HEAD, *table, sep="\n")
    return any(row.ratio.startswith(FAILED) for row in table)


if __name__ == "__main__":
    sys.exit(main())
