"""The row G1: how the work on a record grows with the customers that are there. A small database's figures are mostly
the start's, so what takes a row's share is not measured below 10,000 rows."""

import math

import batch_rows
import import_rows
import mail_rows
import query_rows
import start_rows
from customers import FIRST_NUMBER
from databases import read
from measure import in_turn, must
from table import compare, duration

NOISE = 13 / 12  # a share that grows by log 1,000,000 / log 100,000 = 1.2 is met up to 1.3


def allowed(small, large):
    """How much longer a record may take: by the logarithm."""
    return math.log(large) / math.log(small)


def single(bench, command, make):
    """One short command at three sizes."""
    small, middle, large = 1000, bench.size(100_000), bench.size(1_000_000)
    spent = in_turn(bench.turns(100), *(make(bench, count) for count in (small, middle, large)))
    yield compare(f"G1 `{command}`, {large:,} customers ({middle:,}: {duration(spent[1].seconds)})",
                  f"itself, {small:,}", (spent[0], spent[2]), f"≤ {allowed(small, large):.2f}")


def shared(bench, work, counts, make, share=1.0):
    """What takes all of `count` rows, or that share of them: the part of each row, at two sizes."""
    def row_of(count):
        whole = make(bench, count)
        return lambda turn: whole(turn).each_of(count * share)

    small, large = map(bench.size, counts)
    spent = in_turn(bench.few_turns(5), row_of(small), row_of(large))
    goal = allowed(small, large)
    yield compare(f"G1 {work.format(large)}", f"itself, {small:,}", spent,
                  f"≤ {goal:.2f}, with noise ≤ {goal * NOISE:.2f}", per=" a row")


def queued(bench, hub, count, customers):
    """A database of `count` customers with mails in its queue for so many of them, and how many mails."""
    database = bench.copy(bench.data.customers(count), f"queued-{count}.db")
    numbers = bench.scratch / "numbers"
    numbers.write_text("".join(f"{FIRST_NUMBER + i}\n" for i in range(customers)))
    for command in (("hub", "grant", "--module", "projects", "--no-welcome"), ("welcome", "send", "--queue")):
        must(hub.run(*command, "--ids-from", str(numbers), "--yes", "--quiet", "--db", str(database)))
    return database, read(database, "SELECT count(*) FROM welcome WHERE state = 'queued'")


def within(bench, work, counts, make, per=""):
    """The same work in a small database and in a large one."""
    spent = in_turn(bench.few_turns(), *(make(count) for count in counts))
    small, large = counts
    yield compare(f"G1 {work}, {large:,} customers", f"itself, {small:,}", spent, f"≤ {allowed(small, large):.2f}",
                  per)


def deliver(bench):
    """Mails of five hundred customers with two contacts on average."""
    counts, customers = (1000, bench.size(1_000_000)), bench.size(500)
    hub = bench.new_hub()
    with mail_rows.sink_server(bench) as port:
        hub.use_transport(f"smtp://127.0.0.1:{port}")
        queues = {count: queued(bench, hub, count, customers) for count in counts}
        mails, = {mails for _, mails in queues.values()}
        yield from within(bench, f"`welcome deliver` of {mails:,} mails", counts,
                          lambda count: mail_rows.deliver(bench, hub, *queues[count]), per=" a mail")


def batch(bench):
    """New contacts of customers here and there."""
    counts, contacts = (1000, bench.size(1_000_000)), bench.size(1000)
    yield from within(bench, f"`batch --atomic` of {contacts:,} `contact add`", counts,
                      lambda count: batch_rows.batch(bench, bench.data.customers(count),
                                                     batch_rows.some_contacts(count, contacts), "--atomic"))


def whole_import(bench, count):
    return import_rows.customer_import(bench, bench.data.customer_list(count))


def export(bench, count):
    return bench.kundehub("customer", "export", "--format", "tsv", "--db", query_rows.export_database(bench, count))


def g1(bench):
    """growth from 1,000 to 1,000,000 customers"""
    bulk = (100_000, 1_000_000)
    yield from single(bench, "customer show", start_rows.show)
    yield from single(bench, "contact add", start_rows.contact_add)
    yield from single(bench, "customer list --limit 50", query_rows.list_page)
    yield from shared(bench, "`customer import` of {:,} rows", bulk, whole_import)
    yield from shared(bench, "`customer import --on-duplicate update` of a tenth more into {:,} rows", bulk,
                      import_rows.update_import, share=0.1)
    yield from shared(bench, "`customer search`, {:,} customers", bulk, query_rows.search)
    yield from shared(bench, "`customer export --format tsv`, {:,} customers", bulk, export)
    yield from shared(bench, "`undo` of an import of {:,} rows", (10_000, 100_000), import_rows.undo)
    yield from deliver(bench)
    yield from batch(bench)
