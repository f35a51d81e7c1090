"""The rows in which a start counts most: S1 to S3, each one short command."""

from customers import some_number
from databases import read
from measure import in_turn, run_once
from table import compare

# BETWEEN finds the number's place in the index on (length(number), number). With `=` SQLite 3.40 puts the constant into
# length(number) too, no longer sees the index's first column, and reads the whole table.
NUMBER = "length(number) = 7 AND number BETWEEN '{number}' AND '{number}'"
ITS_ID = f"(SELECT id FROM customer WHERE {NUMBER})"
PLAIN = f"SELECT * FROM customer WHERE {NUMBER}; SELECT * FROM contact WHERE customer_id = {ITS_ID}"

# What the page of a customer shows.
CUSTOMER = f"""
  SELECT customer.*, (SELECT group_concat(tag) FROM customer_tag WHERE customer_id = customer.id),
    (SELECT group_concat(key) FROM customer_module JOIN module ON module.id = module_id WHERE customer_id = customer.id)
  FROM customer WHERE {NUMBER};"""
CONTACTS = f"""
  SELECT contact.*,
    CASE WHEN welcome.state IN ('sent', 'uncertain') AND EXISTS (
           SELECT 1 FROM login_link AS used WHERE used.contact_id = contact.id AND used.generation = welcome.generation
             AND used_at IS NOT NULL) THEN 'used'
         WHEN welcome.state = 'sent' AND welcome.link_out_until <= unixepoch() THEN 'expired'
         ELSE ifnull(welcome.state, 'none') END,
    (SELECT max(used_at) FROM login_link AS used
     WHERE used.contact_id = contact.id AND used.email_key = contact.email_key),
    (SELECT max(CASE WHEN carrier.phase = 2 THEN max(ifnull(carrier.link_out_until, 0), carrier.link_expires_at)
                ELSE carrier.link_out_until END)
     FROM welcome AS carrier WHERE carrier.contact_id = link.contact_id AND carrier.generation = link.generation
       AND carrier.state <> 'bounced')
  FROM contact
  LEFT JOIN login_link AS link ON link.contact_id = contact.id AND link.used_at IS NULL AND link.ended_at IS NULL
    AND link.email_key = contact.email_key
  LEFT JOIN welcome ON welcome.id = (SELECT max(id) FROM welcome AS one WHERE one.contact_id = contact.id
    AND one.email_key = contact.email_key)
  WHERE customer_id = {ITS_ID};"""
OPERATIONS = f"""
  SELECT id, at, actor, host, command, undoes FROM operation WHERE id IN (
    WITH RECURSIVE told (id) AS (
      SELECT {ITS_ID} UNION SELECT merged_customer.id FROM merged_customer JOIN told ON into_id = told.id)
    SELECT operation_id FROM operation_before WHERE customer_id IN told
    UNION ALL SELECT operation_id FROM operation_created WHERE customer_id IN told
    UNION ALL SELECT operation_id FROM open_link WHERE customer_id IN told
    UNION ALL SELECT (SELECT iif(last_id >= told.id, operation_id, NULL) FROM operation_created
                  WHERE entity = 'customer' AND first_id <= told.id ORDER BY first_id DESC LIMIT 1) FROM told)
  ORDER BY id DESC LIMIT 5;"""
LOGINS = f"""
  SELECT login.at, login.method, login.ip, contact.first_name, contact.last_name
  FROM login JOIN contact ON contact.id = login.contact_id
  WHERE login.contact_id IN (SELECT id FROM contact WHERE customer_id = {ITS_ID})
  ORDER BY login.at DESC, login.id DESC LIMIT 5;"""
PAGE = CUSTOMER + CONTACTS + OPERATIONS + LOGINS

SAME_PRAGMAS = "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; "
INSERT = SAME_PRAGMAS + (
    "BEGIN IMMEDIATE; INSERT INTO contact (customer_id, first_name, last_name, email, email_key, email_changed_at, "
    "hub, hub_changed_at, is_primary, created_at, updated_at) VALUES ({customer}, 'Bo', 'Bo', 'n{turn}@example.dk', "
    "'n{turn}@example.dk', 1, 1, 1, 0, 1, 1); COMMIT;")


def show(bench, count):
    """A turn of ours for S1, each with another number."""
    return bench.kundehub("customer", "show", "{number}", "--db", bench.data.customers(count), count=count)


def contact_add(bench, count):
    """A turn of ours for S3, each at another customer, in a copy of its own."""
    database = bench.copy(bench.data.customers(count), f"add-{count}.db")
    return bench.kundehub("contact", "add", "{number}", "Bo Bo <n{turn}@example.dk>", "--db", database, count=count)


def insert(bench, count):
    """A turn of the peer for S3."""
    database = bench.copy(bench.data.customers(count), f"insert-{count}.db")

    def turn_of(turn):
        customer = read(database, f"SELECT id FROM customer WHERE {NUMBER}".format(number=some_number(turn, count)))
        return run_once([bench.sqlite, database, INSERT.format(customer=customer, turn=turn)], bench.hub.environment)

    return turn_of


def s1(bench):
    """`customer show NUMBER`"""
    count = bench.size(1_000_000)
    database = bench.data.customers(count)
    plain, page, ours = in_turn(bench.turns(400), bench.sqlite3("-readonly", database, PLAIN, count=count),
                                bench.sqlite3("-readonly", database, PAGE, count=count), show(bench, count))
    work = f"S1 `customer show`, {count:,} customers"
    yield compare(work, "`sqlite3 db 'select …'`: customer and contacts", (plain, ours), "≤ 1.0")
    yield compare(work, "`sqlite3 db 'select …'`: all that the page shows", (page, ours), "≤ 1.0")


def s2(bench):
    """`--version` and `--help`"""
    theirs, version, help_text = in_turn(bench.turns(1000), bench.sqlite3("--version"), bench.kundehub("--version"),
                                         bench.kundehub("--help"))
    yield compare("S2 `--version`", "`sqlite3 --version`", (theirs, version), "≤ 1.0")
    yield compare("S2 `--help`", "`sqlite3 --version`", (theirs, help_text), "≤ 1.5")


def s3(bench):
    """`contact add`, durable"""
    count = bench.size(1_000_000)
    spent = in_turn(bench.turns(400), insert(bench, count), contact_add(bench, count))
    yield compare(f"S3 `contact add`, {count:,} customers", "`sqlite3 db 'insert …'`, same pragmas", spent, "≤ 1.1")
