"""Hostile values through every way in: each is refused with its exit code and leaves the database as it was, or is taken
literally; and nothing of it reaches the terminal raw, in no format."""

import hashlib

from hostile import BAD_ADDRESSES, BROKEN, GOOD_ADDRESSES, ODD, UNPRINTABLE, raw_characters
from hub import HubTest, main

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")
REFUSED = 65
CUSTOMER_TEXTS = ("name", "phone", "address", "zip", "city", "country", "language", "website", "email", "cvr")
CONTACT_TEXTS = ("first-name", "last-name", "phone", "title", "language", "email")


def doors(customer, contact, value):
    """Every command that takes a text to be stored, as (its name, arguments)."""
    join = (lambda name: name.encode() + b"=" + value) if isinstance(value, bytes) else (lambda name: f"{name}={value}")
    mailbox = (value + b" Evil <evil@example.dk>") if isinstance(value, bytes) else f"{value} Evil <evil@example.dk>"
    yield "customer add --business", ("customer", "add", join("--business"))
    yield "customer add --private", ("customer", "add", join("--private"), "--email", "evil@example.dk")
    yield "customer add --number", ("customer", "add", "--private", "Bo", join("--number"))
    yield "customer add --tag", ("customer", "add", "--private", "Bo", join("--tag"))
    yield "customer add --notes", ("customer", "add", "--private", "Bo", join("--notes"))
    yield "customer add --contact", ("customer", "add", "--business", "Bo", "--contact", mailbox)
    yield "customer edit --add-tag", ("customer", "edit", customer, join("--add-tag"))
    yield "contact add MAILBOX", ("contact", "add", customer, mailbox)
    yield "--actor", ("customer", "edit", customer, "--city", "Aarhus", join("--actor"))
    for field in CUSTOMER_TEXTS:
        yield f"customer edit --{field}", ("customer", "edit", customer, join(f"--{field}"))
    for field in CONTACT_TEXTS:
        yield f"contact edit --{field}", ("contact", "edit", contact, join(f"--{field}"))


class HostileTest(HubTest):
    def setUp(self):
        super().setUp()
        self.customer = self.add_business("--hub", "--contact", "Åse Æg <aase@example.dk>")
        self.contact = self.ok("contact", "list", "--format", "ids").out.strip()

    def fingerprint(self):
        return hashlib.sha256("\n".join(self.hub.dump()).encode()).hexdigest()

    def assert_clean(self, result, what, tabs=False):
        for stream in (result.raw_out, result.raw_err):
            self.assertEqual(raw_characters(stream, tabs), [], f"{what}: raw on the terminal: {stream!r}")
        self.assertNotIn("unexpected", result.err, what)

    def assert_refused(self, what, args, codes=(REFUSED,)):
        before = self.fingerprint()
        for options in ((), ("--json",)):
            result = self.hub.run(*args, *options)
            self.assert_clean(result, what)
            self.assertIn(result.code, codes, f"{what}: {result}")
            self.assertEqual(result.out, "", what)
        self.assertEqual(result.error()["exit"], result.code, what)
        self.assertEqual(self.fingerprint(), before, f"{what}: refused, and the database has changed")


class Refused(HostileTest):
    def check(self, values):
        for name, value in values.items():
            for door, args in doors(self.customer, self.contact, value):
                if door.endswith("--notes") and self.may_be_in_notes(name):
                    continue
                with self.subTest(value=name, door=door):
                    self.assert_refused(f"{name} through {door}", args)

    @staticmethod
    def may_be_in_notes(name):
        return name in ("header", "line feed", "carriage return", "tab")

    def test_unprintable(self):
        self.check(UNPRINTABLE)

    def test_broken_utf8(self):
        self.check(BROKEN)

    def test_actor_from_the_environment(self):
        for name, value in {**UNPRINTABLE, **BROKEN}.items():
            with self.subTest(name):
                before = self.fingerprint()
                result = self.hub.run("customer", "edit", self.customer, "--city", "Aarhus", env={"KUNDEHUB_ACTOR": value})
                self.assert_clean(result, name)
                self.assertEqual(result.code, REFUSED, result)
                self.assertEqual(self.fingerprint(), before)

    def test_selectors_formats_and_words(self):
        """Where a value only names something it is wrong usage, not found, or bad data; it is told without being shown raw."""
        for name, value in {**UNPRINTABLE, **BROKEN}.items():
            raw = value if isinstance(value, bytes) else value.encode()
            for args in (("customer", "show", raw), ("customer", "show", b"email:" + raw), ("customer", "show", b"cvr:" + raw),
                         ("contact", "show", raw), ("contact", "show", raw + b"@example.dk"), ("welcome", "send", raw),
                         ("hub", "grant", self.customer, "--module", raw), ("customer", "list", b"--fields=" + raw),
                         ("customer", "list", b"--format=" + raw), ("customer", "list", b"--welcome=" + raw),
                         ("customer", "list", b"--where=" + raw + b"=1"), ("customer", raw), (raw,), (b"--" + raw,),
                         ("customer", "list", b"--" + raw), ("customer", "list", raw), ("help", raw),
                         ("config", "get", raw), ("config", "set", "hub.company", raw), ("config", "set", raw, "x"),
                         ("customer", "list", b"--db=" + raw), ("customer", "list", b"--config=" + raw)):
                with self.subTest(value=name, args=args):
                    self.assert_refused(f"{name} in {args[:-1]}", args, (2, 3, 4, 65, 66, 77, 78))

    def test_addresses(self):
        for address in BAD_ADDRESSES:
            for args in (("customer", "add", "--private", "Bo", f"--email={address}"),
                         ("customer", "edit", self.customer, f"--email={address}"),
                         ("customer", "add", "--business", "Bo", "--contact", f"Bo Evil <{address}>"),
                         ("contact", "add", self.customer, f"Bo Evil <{address}>"),
                         ("contact", "add", self.customer, "--first-name=B", "--last-name=E", f"--email={address}"),
                         ("contact", "edit", self.contact, f"--email={address}")):
                with self.subTest(address=address, args=args[:2]):
                    # An option without a value is a slip of the command line.
                    self.assert_refused(address, args, (2,) if args[-1].endswith("=") else (REFUSED,))

    def test_doubles(self):
        """The same address in other case, or in two columns, is one address (R12)."""
        self.assert_refused("case double", ("contact", "add", self.customer, "Bo Bo <AASE@Example.DK>"), (4,))
        self.assert_refused("pair", ("customer", "add", "--business", "Bo", "--contact", "A B <a@example.dk>", "--contact",
                                     "C D <A@EXAMPLE.dk>"), (4,))


class Accepted(HostileTest):
    def test_odd_names_are_literal_everywhere(self):
        for name, value in ODD.items():
            with self.subTest(name):
                number = self.ok("customer", "add", f"--business={value}", f"--notes={value}", f"--city={value}",
                                 f"--actor={value}", f"--contact={value} Evil <odd@example.dk>", "--format", "ids").out.strip()
                kept = "\u00c5se" if name == "NFD" else value  # NFC, which looks the same
                shown = self.ok("customer", "show", number, "--json").json()
                shown = shown[0] if isinstance(shown, list) else shown
                self.assertEqual((shown["name"], shown["notes"], shown["city"]), (kept, kept, kept))
                self.assertEqual(shown["operations"][0]["actor"], kept)
                self.check_formats(name, number)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer"), [(1 + len(ODD),)])
        self.assert_sound()

    def check_formats(self, name, number):
        for form in FORMATS:
            for args in (("customer", "show", number), ("customer", "list"), ("contact", "list", number),
                         ("hub", "status", number), ("welcome", "status", number)):
                self.assert_clean(self.ok(*args, "--format", form), f"{name} as {form}", tabs=form == "tsv")

    def test_notes_keep_their_lines(self):
        self.ok("customer", "edit", self.customer, "--notes=first\r\nBcc: evil@example.com\n\tthird")
        for form in FORMATS:
            result = self.ok("customer", "show", self.customer, "--format", form)
            self.assertEqual(raw_characters(result.raw_out, tabs=form in ("tsv", "table", "csv")), [], form)
        lines = self.ok("customer", "show", self.customer, "--format", "tsv", "--no-header").raw_out.splitlines()
        self.assertEqual(len(lines), 1, "one record, one line")
        self.assertIn(b"first\\nBcc: evil@example.com\\n\\tthird", lines[0])

    def test_odd_addresses(self):
        for address in GOOD_ADDRESSES:
            with self.subTest(address):
                number = self.ok("customer", "add", "--private", "Bo", f"--email={address}", "--format", "ids").out.strip()
                shown = self.ok("customer", "show", f"email:{address}", "--format", "ids").out.strip()
                self.assertEqual(shown, number)

    def test_a_value_is_no_option(self):
        """`--name --json` is a slip, `--name=--json` a name."""
        self.assert_refused("swallowed option", ("customer", "edit", self.customer, "--name", "--yes"), (2,))
        self.assert_refused("no value", ("customer", "edit", self.customer, "--name="), (2,))
        for value in ("-rf", "--yes", "-"):
            self.ok("customer", "edit", self.customer, f"--name={value}")
            self.assertEqual(self.hub.sql("SELECT name FROM customer"), [(value,)])


class FromElsewhere(HostileTest):
    """What another program has put into the database reaches a person escaped all the same."""

    def test_stored_by_another_program(self):
        for name, value in UNPRINTABLE.items():
            text = value.replace("'", "''")
            self.hub.change(f"UPDATE customer SET name = '{text}', notes = '{text}', city = '{text}'")
            self.hub.change(f"UPDATE contact SET first_name = '{text}', title = '{text}'")
            for args in (("customer", "show", self.customer), ("customer", "list"), ("contact", "list"),
                         ("contact", "show", self.contact), ("hub", "status"), ("hub", "explain", self.contact)):
                with self.subTest(value=name, args=args):
                    result = self.hub.run(*args)
                    self.assertIn(result.code, (0, 10), result)
                    self.assertEqual(raw_characters(result.raw_out, tabs=True), [], "notes may have tabs")
                    self.assertEqual(raw_characters(result.raw_err), [])


if __name__ == "__main__":
    main()
