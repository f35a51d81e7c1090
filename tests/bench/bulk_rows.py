"""The row K1: one command that changes every customer, and its undo. Not against a peer, and once each."""

from databases import expect, read
from measure import run_alone
from table import show_memory

ALL = ("--kind", "business", "--yes", "--format", "count")
CHANGES = (("hub grant --module projects", ("hub", "grant", "--module", "projects", *ALL), "hub = 0"),
           ("customer archive", ("customer", "archive", *ALL), "archived_at IS NULL"))


def k1(bench):
    """bulk changes and their undo"""
    count = bench.size(1_000_000, quick=10_000)
    database = bench.copy(bench.data.customers(count), "bulk.db")
    everyone = read(database, "SELECT count(*) FROM customer")

    def spend(*command):
        return run_alone([bench.binary, *command, "--db", database], bench.hub.environment)

    for name, command, is_unchanged in CHANGES:
        unchanged = f"SELECT count(*) FROM customer WHERE {is_unchanged}"
        changed = spend(*command)
        expect(database, unchanged, 0)
        yield show_memory(f"K1 `{name} --kind business`, {count:,} customers", *changed)
        undone = spend("undo", "--yes")
        expect(database, unchanged, everyone)
        yield show_memory(f"K1 `undo` of that `{' '.join(command[:2])}`", *undone)
