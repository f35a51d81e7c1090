"""The row of completion: C1, what the shell asks while somebody waits for a tab."""

import sqlite3

from customers import some_number
from measure import in_turn, must
from table import Row, duration, is_met, quotient

GOAL = "≤ 30 ms"  # of which nobody sees anything; machines differ, so the ratio to a bare start stands beside it
TAGS = 300  # a tenth of the customers has one, another tenth the same one


def tagged_database(bench, count):
    """A copy of the database with tags, one of them at very many customers."""
    database = bench.copy(bench.data.customers(count), f"tags-{count}.db")
    writer = sqlite3.connect(database)
    with writer:
        writer.execute("INSERT INTO customer_tag SELECT id, 'tag ' || (id / 10 % ?) FROM customer WHERE id % 10 = 0",
                       [TAGS])
        writer.execute("INSERT INTO customer_tag SELECT id, 'tagged' FROM customer WHERE id % 10 = 1")
    writer.close()
    return database


def complete(bench, database, *words):
    return bench.kundehub("__complete", "--db", database, *words)


def c1(bench):
    """`kundehub __complete`"""
    count = bench.size(1_000_000)
    database = tagged_database(bench, count)
    wanted = {"a number": ("customer", "show", some_number(7, count)[:4]), "any number": ("customer", "show", ""),
              "an address": ("contact", "show", "p1@firma20"), "any address": ("contact", "show", ""),
              "`contact:1`": ("contact", "show", "contact:1"), "a tag": ("customer", "list", "--tag", "tag"),
              "a module": ("hub", "grant", "1", "--module", ""), "an operation": ("undo", ""),
              "a command": ("customer", "")}
    for what, words in wanted.items():
        if len(must(bench.hub.run("__complete", "--db", str(database), *words)).splitlines()) < 2:
            raise RuntimeError(f"nothing is offered for {what}")
        bare, ours = in_turn(bench.turns(200), bench.kundehub("--version"), complete(bench, database, *words))
        yield Row(f"C1 completion of {what}, {count:,} customers", "`kundehub --version`", duration(bare.seconds),
                  duration(ours.seconds), f"{quotient(ours.seconds / bare.seconds)}", GOAL,
                  is_met(GOAL, ours.seconds * 1e3), quotient(ours.processor / bare.processor))
