"""The row B1: the same commands in one process and in a process each."""

from customers import some_number
from databases import expect
from measure import in_turn, must, run_each, run_once
from table import compare


def batch(bench, database, commands, *options):
    """A turn of ours, in a copy of the database."""
    file = bench.scratch / f"contacts-{database.stem}.batch"
    file.write_text("".join(f'contact add {number} "{person}"\n' for number, person in commands), encoding="utf-8")

    def turn_of(_):
        copy = bench.copy(database, "batch.db")
        spent = run_once([bench.binary, "batch", file, *options, "--db", copy], bench.hub.environment)
        expect(copy, "SELECT count(*) FROM contact WHERE email LIKE 'batch%'", len(commands))
        return spent

    return turn_of


def processes(bench, database, commands):
    """A turn of the peer, in a copy of the database."""
    def turn_of(_):
        copy = bench.copy(database, "processes.db")
        return run_each([[bench.binary, "contact", "add", number, person, "--db", copy] for number, person in commands],
                        bench.hub.environment)

    return turn_of


def some_contacts(customers, count):
    """Commands: so many contacts for customers here and there."""
    return [(some_number(i, customers), f"Bo Bæk <batch{i}@example.dk>") for i in range(count)]


def b1(bench):
    """`batch` of `contact add`"""
    count = bench.size(10_000, quick=300)
    hub = bench.new_hub()
    must(hub.run("customer", "add", "--business", "Firma", "--number", "2000"))
    commands = [(2000, f"Bo Bæk <batch{i}@example.dk>") for i in range(count)]
    by_process, atomic, plain = in_turn(bench.few_turns(), processes(bench, hub.database, commands),
                                        batch(bench, hub.database, commands, "--atomic"),
                                        batch(bench, hub.database, commands))
    peer = f"{count:,} processes"
    yield compare(f"B1 `batch --atomic`, {count:,} `contact add`", peer, (by_process, atomic), "≤ 0.05")
    yield compare(f"B1 `batch`, {count:,} `contact add`", peer, (by_process, plain), "≤ 0.5")
