"""The rows of queries: Q1 to Q3."""

import sqlite3
import subprocess

from databases import RARE_FINDS, RARE_WORD
from measure import in_turn, must
from table import compare

SEARCH = f"""
  SELECT number, name FROM customer
  WHERE number LIKE '%{RARE_WORD}%' OR name LIKE '%{RARE_WORD}%' OR cvr LIKE '%{RARE_WORD}%'
    OR email LIKE '%{RARE_WORD}%' OR phone LIKE '%{RARE_WORD}%' OR id IN (
      SELECT customer_id FROM contact
      WHERE ifnull(first_name || ' ', '') || ifnull(last_name, '') LIKE '%{RARE_WORD}%' OR email LIKE '%{RARE_WORD}%'
        OR phone LIKE '%{RARE_WORD}%')"""
EXPORT = """
  SELECT number, kind, name, cvr, email, phone, address, zip, city, country, language, website, notes,
    (SELECT group_concat(tag) FROM customer_tag WHERE customer_id = customer.id) AS tags, iif(hub, 'on', 'off') AS hub,
    (SELECT group_concat(key) FROM customer_module JOIN module ON module.id = module_id
     WHERE customer_id = customer.id) AS modules
  FROM customer ORDER BY length(number), number"""


def lines(command, environment):
    """How many the command prints."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment) as process:
        count = sum(piece.count(b"\n") for piece in iter(lambda: process.stdout.read(1 << 16), b""))
    if process.returncode:
        raise RuntimeError(f"exit code {process.returncode}: {command}")
    return count


def list_page(bench, count):
    """A turn of ours for Q1."""
    return bench.kundehub("customer", "list", "--limit", "50", "--db", bench.data.customers(count))


def search(bench, count):
    """A turn of ours for Q2."""
    return bench.kundehub("customer", "search", RARE_WORD, "--db", bench.data.customers(count))


def export_database(bench, count):
    """A copy of the database in which each customer has a module."""
    database = bench.copy(bench.data.customers(count), f"export-{count}.db")
    writer = sqlite3.connect(database)
    with writer:
        writer.execute("INSERT INTO customer_module SELECT id, 1 + id % 4 FROM customer")
    writer.close()
    return database


def q1(bench):
    """`customer list --limit 50`"""
    many = bench.size(1_000_000)
    spent = in_turn(bench.turns(200), list_page(bench, 1000), list_page(bench, many))
    yield compare(f"Q1 `customer list --limit 50`, {many:,} customers", "itself, 1,000 customers", spent, "≤ 1.5")


def q2(bench):
    """`customer search` for a rare word"""
    count = bench.size(1_000_000)
    database = bench.data.customers(count)
    found = (must(bench.hub.run("customer", "search", RARE_WORD, "--format", "count", "--db", str(database))),
             str(lines([bench.sqlite, "-readonly", database, SEARCH], bench.hub.environment)))
    if found != (str(RARE_FINDS),) * 2:
        raise RuntimeError(f"ours and the peer found {' and '.join(found)} customers, not {RARE_FINDS}")
    spent = in_turn(bench.turns(20), bench.sqlite3("-readonly", database, SEARCH), search(bench, count))
    yield compare(f"Q2 `customer search {RARE_WORD}`, {count:,} customers", "`sqlite3`, LIKE over the same columns",
                  spent, "≤ 0.5")


def q3(bench):
    """`customer export`"""
    count = bench.size(1_000_000)
    database = export_database(bench, count)
    for name, modes, goal in (("tsv", ("-tabs", "-header"), "≤ 0.8"), ("jsonl", ("-json",), "≤ 0.5")):
        theirs = ("-readonly", *modes, database, EXPORT)
        ours = ("customer", "export", "--format", name, "--db", database)
        printed = [lines([program, *args], bench.hub.environment)
                   for program, args in ((bench.binary, ours), (bench.sqlite, theirs))]
        if printed[0] != printed[1]:
            raise RuntimeError(f"ours and the peer print {' and '.join(map(str, printed))} lines")
        spent = in_turn(bench.few_turns(), bench.sqlite3(*theirs), bench.kundehub(*ours))
        yield compare(f"Q3 `customer export --format {name}`, {count:,} customers", f"`sqlite3 {modes[0]}`", spent,
                      goal)
