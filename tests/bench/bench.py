"""The benchmark's rows: each runs the peer and kundehub in turn (A B A B ...) and gives the medians and their ratio.
Machines are noisy: only ratios from one run count."""

import argparse
import contextlib
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "acceptance"))

from batch_rows import BatchRows
from hub import BINARY, Hub
from import_rows import ImportRows
from servers import Sink, postfix_tool

NOWHERE = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
CUSTOMERS = 1000
SAME_PRAGMAS = "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; "


def run_once(command, environment):
    """Seconds from the command's start to its end, and of processor time, which depends less on what else runs."""
    start = time.perf_counter()
    process = os.posix_spawn(command[0], command, environment, file_actions=NOWHERE)
    _, status, usage = os.wait4(process, 0)
    spent = time.perf_counter() - start
    if status:
        raise SystemExit(f"{command} failed with status {status}")
    return spent, usage.ru_utime + usage.ru_stime


def in_turn(turns, *commands):
    """The median seconds and processor seconds of each; a command is a function of the turn's number."""
    spent = [[command(turn) for command in commands] for turn in range(turns)]
    return [tuple(statistics.median(values) for values in zip(*column)) for column in zip(*spent)]


class Bench(BatchRows, ImportRows):
    binary, nowhere = BINARY, NOWHERE
    run_once, in_turn = staticmethod(run_once), staticmethod(in_turn)

    def __init__(self, quick):
        self.quick = quick
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kundehub-bench-"))
        self.directory.chmod(0o755)
        self.hub = Hub(self.directory)
        self.must(self.hub.init())
        self.sqlite = shutil.which("sqlite3")

    @staticmethod
    def must(result):
        if result.code:
            raise SystemExit(str(result))
        return result.out.strip()

    def kundehub(self, *args):
        return lambda turn: run_once([BINARY, *(arg.format(turn=turn) for arg in args)], self.hub.environment)

    def peer(self, *args):
        return lambda turn: run_once([self.sqlite, *(arg.format(turn=turn) for arg in args)], self.hub.environment)

    def turns(self, count):
        return count // 10 if self.quick else count

    def fill(self):
        """A thousand businesses with two contacts each."""
        if self.hub.run("customer", "list", "--format", "count").out.strip() != "0":
            return
        for number in range(CUSTOMERS):
            self.must(self.hub.run("customer", "add", "--business", f"Firma {number} ApS", "--number", str(2000 + number),
                                   "--hub", "--module", "invoices", f"--contact=Bo Æ{number} <bo{number}@example.dk>",
                                   f"--contact=Åse Ø{number} <aase{number}@example.dk>"))

    # Each row: its work, its peer's, the seconds of both, and the goal for the ratio.

    def s1(self):
        self.fill()
        query = ("SELECT * FROM customer WHERE length(number) = 4 AND number = '{turn}'; "
                 "SELECT contact.* FROM contact JOIN customer ON customer.id = customer_id WHERE length(number) = 4 "
                 "AND number = '{turn}';").replace("{turn}", "2500")
        spent = in_turn(self.turns(400), self.peer("-readonly", str(self.hub.database), query),
                        self.kundehub("customer", "show", "2500"))
        yield f"S1 `customer show`, {CUSTOMERS} customers", "`sqlite3 db 'select …'`", spent, "≤ 1.0"

    def s2(self):
        spent = in_turn(self.turns(1000), self.peer("--version"), self.kundehub("--version"), self.kundehub("--help"))
        yield "S2 `--version`", "`sqlite3 --version`", spent[:2], "≤ 1.0"
        yield "S2 `--help`", "`sqlite3 --version`", spent[::2], "≤ 1.5"

    def s3(self):
        self.fill()
        copy = self.directory / "peer.db"
        shutil.copy(self.hub.database, copy)
        insert = SAME_PRAGMAS + (
            "BEGIN IMMEDIATE; INSERT INTO contact (customer_id, first_name, last_name, email, email_key, email_changed_at, "
            "hub, hub_changed_at, is_primary, created_at, updated_at) "
            "VALUES (500, 'Bo', 'Bo', 'n{turn}@example.dk', 'n{turn}@example.dk', 1, 1, 1, 0, 1, 1); COMMIT;")
        spent = in_turn(self.turns(400), self.peer(str(copy), insert),
                        self.kundehub("contact", "add", "2499", "Bo Bo <n{turn}@example.dk>"))
        yield "S3 `contact add`", "`sqlite3 db 'insert …'`, same pragmas", spent, "≤ 1.1"

    def q3(self):
        """An export of many customers; the peer's command prints the same columns."""
        many = 100_000 if self.quick else 1_000_000
        database = self.directory / "many.db"
        shutil.copy(self.hub.database, database)
        fill = sqlite3.connect(database)
        with fill:
            fill.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO customer (number, "
                "kind, name, cvr, email, email_key, phone, address, zip, city, country, language, hub, hub_changed_at, "
                "created_at, updated_at) SELECT 5000000 + (i * 7919) % ?, 'business', 'Firma ' || i || ' ApS', "
                "format('%08d', i), 'post' || i || '@firma.example.dk', 'post' || i || '@firma.example.dk', "
                "'+45 ' || (20000000 + i), 'Vestergade ' || i % 200, format('%04d', 1000 + i % 8999), 'Ærøskøbing', 'DK', "
                "'da', 1, 1, 1, 1 FROM n", (many, many))
            fill.execute("INSERT INTO customer_module SELECT id, 1 + id % 4 FROM customer WHERE length(number) = 7")
        fill.close()
        query = ("SELECT number, kind, name, cvr, email, phone, address, zip, city, country, language, website, notes, "
                 "(SELECT group_concat(tag) FROM customer_tag WHERE customer_id = customer.id), iif(hub, 'on', 'off'), "
                 "(SELECT group_concat(key) FROM customer_module JOIN module ON module.id = module_id "
                 "WHERE customer_id = customer.id) FROM customer ORDER BY length(number), number")
        for name, mode, goal in (("tsv", "-tabs", "≤ 0.8"), ("jsonl", "-json", "≤ 0.5")):
            spent = in_turn(3, self.peer("-readonly", mode, str(database), query),
                            self.kundehub("customer", "export", "--format", name, "--db", str(database)))
            yield f"Q3 `customer export --format {name}`, {many:,} customers", f"`sqlite3 {mode}`", spent, goal

    def m1(self):
        server = subprocess.Popen([sys.executable, HERE / "delay_server.py", "20"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        port = int(server.stdout.readline())
        yield from self.mail("M1 `welcome deliver`, 20 ms a reply", port, 160 if self.quick else 1600, "≥ 0.95")
        server.stdin.close()
        server.wait()

    def m2(self):
        sink = Sink(self.directory / "sink", dump=False)
        yield from self.mail("M2 `welcome deliver`, loopback", sink.port, 400 if self.quick else 4000, "≥ 0.15")
        sink.close()

    def mail(self, name, port, mails, goal):
        """Mails a second, ours to the peer's; both with messages of our mails' size."""
        queued = self.queue(port, mails)
        size = self.mail_size()
        command, environment = postfix_tool("smtp-source")
        source = [command, "-d", "-s", "16", "-m", str(mails), "-l", str(size), "-f", "a@example.dk", "-t",
                  "b@example.dk", f"127.0.0.1:{port}"]

        def ours(_):
            for suffix in ("", ".key"):
                shutil.copy(f"{queued}{suffix}", f"{self.hub.database}{suffix}")
            return run_once([BINARY, "welcome", "deliver", "--connections", "16", "--quiet"], self.hub.environment)

        peer, own = in_turn(1 if self.quick else 3, lambda _: run_once(source, environment), ours)
        if self.hub.sql("SELECT count(*) FROM welcome WHERE state = 'sent'") != [(mails,)]:
            raise SystemExit("not every mail was sent")
        rates = [(mails / seconds, processor) for seconds, processor in (peer, own)]
        yield f"{name}, 16 connections, {mails} mails of {size} bytes", "`smtp-source -d -s 16`", rates, goal

    def queue(self, port, mails):
        """A database with so many mails in its queue, kept aside."""
        for file in self.directory.glob("hub.db*"):
            file.unlink()
        self.must(self.hub.run("init"))
        self.hub.use_transport(f"smtp://127.0.0.1:{port}")
        for start in range(0, mails, 200):
            people = (f"Bo Bo <p{number}@example.dk>" for number in range(start, min(start + 200, mails)))
            self.must(self.hub.run("customer", "add", "--business", "Firma", "--hub", "--module", "invoices",
                                   *(f"--contact={person}" for person in people)))
        self.must(self.hub.run("welcome", "send", "--never-sent", "--queue", "--yes", "--format", "count"))
        queued = self.directory / "queued.db"
        for suffix in ("", ".key"):
            shutil.copy(f"{self.hub.database}{suffix}", f"{queued}{suffix}")
        return queued

    def mail_size(self):
        return len(self.hub.run("welcome", "preview", "contact:1", "--raw").raw_out)


def show(row):
    name, peer, ((theirs, their_processor), (ours, our_processor)), goal = row
    unit, digits, factor = ("ms", 2, 1000) if goal.startswith("≤") else ("/s", 0, 1)
    print(f"| {name} | {peer} | {theirs * factor:.{digits}f} {unit} | {ours * factor:.{digits}f} {unit} | "
          f"**{ours / theirs:.2f}** | {goal} | {our_processor / their_processor:.2f} |", flush=True)


def check_build():
    cache = pathlib.Path(BINARY).resolve().parent.parent / "CMakeCache.txt"
    with contextlib.suppress(OSError):
        if "CMAKE_BUILD_TYPE:STRING=Debug" in cache.read_text():
            print("this is a Debug build: its figures mean nothing", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the turns: to see that it works")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="S1 S2 S3 I1 I2 I3 I4 U1 Q3 B1 M1 M2")
    options = parser.parse_args()
    check_build()
    bench = Bench(options.quick)
    try:
        print("| work | peer | peer's | ours | ratio | goal | processor time |\n|---|---|---|---|---|---|---|")
        for name in options.rows or ("S1", "S2", "S3", "I1", "I2", "I3", "I4", "U1", "Q3", "B1", "M1", "M2"):
            for row in getattr(bench, name.lower())():
                show(row)
    finally:
        shutil.rmtree(bench.directory)


if __name__ == "__main__":
    main()
