"""The rows of import: I1 to I4, and U1, which takes one back."""

import shutil

from customers import COLUMNS, generate
from databases import expect
from measure import CannotRun, in_turn, run_alone, run_once
from table import compare, show_memory

# The same columns under the same indexes. `.import` knows nothing of NULL, so its indexes hold the empty values too.
TABLE = f"CREATE TABLE customer ({', '.join(f'{name} TEXT' for name in COLUMNS)});\n"
INDEXES = ("CREATE UNIQUE INDEX customer_number ON customer (length(number), number);\n"
           "CREATE INDEX customer_cvr ON customer (cvr) WHERE cvr IS NOT NULL;\n"
           "CREATE INDEX customer_email ON customer (email) WHERE email IS NOT NULL;\n")
UPSERT = ("INSERT INTO customer SELECT * FROM more WHERE true ON CONFLICT (length(number), number) DO UPDATE SET "
          + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:]) + ";\n")
CUSTOMERS = "SELECT count(*) FROM customer"
GIGABYTES = 20  # that an import of ten million rows needs: the list, the staged rows, the database and its journal


def script(bench, text, start_from=None):
    """A turn of the peer: the script on a database of its own."""
    database, file = bench.scratch / "peer.db", bench.scratch / "peer.sql"

    def turn_of(_):
        database.unlink(missing_ok=True)
        if start_from:
            bench.copy(start_from, database.name)
        file.write_text(text)
        return run_once([bench.sqlite, "-bail", database], bench.hub.environment, stdin=file)

    return turn_of


def customer_import(bench, path, *options, start_from=None, run=run_once):
    """A turn of ours, into an empty database or a copy of `start_from`."""
    def turn_of(_):
        database = bench.copy(start_from or bench.data.empty(), "import.db")
        return run([bench.binary, "customer", "import", path, "--db", database, "--quiet", *options],
                   bench.hub.environment)

    return turn_of


def imported(bench, path, name):
    """A database with the list in it, kept under the name."""
    customer_import(bench, path)(0)
    return bench.copy(bench.scratch / "import.db", name)


def whole_import(bench, name, before, goal):
    count = bench.size(1_000_000)
    path = bench.data.customer_list(count)
    text = f"{TABLE}{before}.mode csv\n.import --skip 1 {path} customer\n"
    spent = in_turn(bench.few_turns(), script(bench, text), customer_import(bench, path))
    expect(bench.scratch / "import.db", CUSTOMERS, count)
    peer = "`.import`, the same indexes first" if before else "`.import`, no index"
    yield compare(f"{name} `customer import`, {count:,} customers, random keys", peer, spent, goal)


def i1(bench):
    """`customer import`, against `.import` with indexes"""
    yield from whole_import(bench, "I1", INDEXES, "≤ 0.30")


def i2(bench):
    """`customer import`, against `.import` without"""
    yield from whole_import(bench, "I2", "", "≤ 1.0")


def more_rows(bench, count):
    """A list of a tenth as many rows as `count`; a tenth of them is there already, under other names."""
    path, more = bench.scratch / f"more-{count}.csv", count // 10
    generate("write_csv", path, more, count - more // 10, " & Co")
    return path


def update_import(bench, count):
    """A turn of ours for I3."""
    start_from = imported(bench, bench.data.customer_list(count), f"many-{count}.db")
    return customer_import(bench, more_rows(bench, count), "--on-duplicate", "update", start_from=start_from)


def i3(bench):
    """`customer import --on-duplicate update`"""
    count = bench.size(1_000_000)
    more = count // 10
    script(bench, f"{TABLE}.mode csv\n.import --skip 1 {bench.data.customer_list(count)} customer\n{INDEXES}")(0)
    theirs = bench.copy(bench.scratch / "peer.db", "peer-many.db")
    text = (f"{TABLE.replace('TABLE customer', 'TEMP TABLE more')}.mode csv\n"
            f".import --skip 1 {more_rows(bench, count)} more\nBEGIN;\n{UPSERT}COMMIT;\n")
    spent = in_turn(bench.few_turns(), script(bench, text, theirs), update_import(bench, count))
    for database in ("peer.db", "import.db"):
        expect(bench.scratch / database, CUSTOMERS, count + more - more // 10)
    yield compare(f"I3 {more:,} rows into {count:,}, a tenth of them changes",
                  "`.import` into a temporary table, upsert", spent, "≤ 1.0")


def i4(bench):
    """peak memory of `customer import`"""
    for count in (bench.size(1_000_000, quick=10_000), bench.size(10_000_000, quick=100_000)):
        if count > 1_000_000 and shutil.disk_usage(bench.directory).free < GIGABYTES * 10**9:
            raise CannotRun(f"{count:,} customers need {GIGABYTES} GB in {bench.directory.parent} (TMPDIR)")
        path = bench.data.customer_list(count)
        spent, memory = customer_import(bench, path, run=run_alone)(0)
        if count > 1_000_000:
            path.unlink()
        yield show_memory(f"I4 peak memory of the import of {count:,} customers", spent, memory)


def undo(bench, count):
    """A turn of ours for U1."""
    start_from = imported(bench, bench.data.customer_list(count), f"imported-{count}.db")

    def turn_of(_):
        database = bench.copy(start_from, f"undone-{count}.db")
        return run_once([bench.binary, "undo", "--db", database, "--quiet"], bench.hub.environment)

    return turn_of


def u1(bench):
    """`undo` of an import"""
    count = bench.size(100_000)
    spent = in_turn(bench.few_turns(), customer_import(bench, bench.data.customer_list(count)), undo(bench, count))
    expect(bench.scratch / f"undone-{count}.db", CUSTOMERS, 0)
    yield compare(f"U1 `undo` of an import of {count:,} customers", "the import itself", spent, "seconds")
