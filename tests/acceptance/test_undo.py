"""Every kind of change is taken back by `undo`, and so is every undo: what the database holds is what it held before.

Operations, links, mails and times of change are no part of the comparison: they tell what has happened, which no undo
makes unhappen."""

import os
import random
import sys

from hub import FULL, HubTest, main

SEQUENCES, LENGTH = (120, 30) if FULL else (12, 20)

TABLES = {
    "customer": "id, number, kind, name, cvr, email, email_key, phone, address, zip, city, country, language, website, "
                "notes, hub, created_at, archived_at",
    "customer_tag": "customer_id, tag",
    "customer_module": "customer_id, module_id",
    "contact": "id, customer_id, first_name, last_name, email, email_key, phone, title, language, hub, is_primary, "
               "created_at, is_limited",
    "contact_module": "contact_id, module_id",
    "module": "id, key, title_da, title_en",
    "merged_customer": "id, number, into_id",
    "login": "id, contact_id, at, method, ip",
}

# From where each command starts.
SCENE = """\
customer add --business "Nordlys ApS" --cvr 12345674 --contact "Anna Berg <anna@nordlys.dk>" \
--contact "Bo Ek <bo@nordlys.dk>" --hub --module projects --tag vip
customer add --private "Carl Lund" --email carl@lund.dk --hub --module invoices
customer add --business "Havnens Bageri" --contact "Anna Berg <anna@nordlys.dk>" --phone 11112222
customer add --business "Tom Mark"
contact add 1003 "Dorte Friis <dorte@havn.dk>" --no-hub --title Ejer
contact edit contact:2 --only-module projects
portal login contact:1
portal login contact:4
customer merge 1004 1003 --yes
module add vault --da Boks --en Vault
"""

COMMANDS = [
    ["customer add --private 'Ny Person' --email ny@person.dk --hub --module projects --tag a --tag b"],
    ["customer add --business 'Ny ApS' --contact 'A B <a@b.dk>' --contact 'C D <c@d.dk>' --hub --welcome"],
    ["customer edit 1001 --name 'Nordlys A/S' --unset cvr --add-tag x --remove-tag vip --phone 99998888"],
    ["customer edit 1002 --name 'Carl L. Lund' --email carl@ny.dk --language en --hub"],
    ["customer edit 1001 --no-hub"],
    ["customer archive 1001 1002"],
    ["customer archive 1001", "customer unarchive 1001"],
    ["customer delete 1001 --yes"],
    ["customer delete 1002 --yes"],
    ["customer delete 1003 --yes"],
    ["customer convert 1002 --to business --name 'Lund ApS'"],
    ["contact delete contact:2 --yes", "customer convert 1001 --to private"],
    ["customer merge 1003 1001 --prefer from --yes"],
    ["customer merge 1001 1003 --prefer into --yes"],
    ["customer convert 1002 --to business", "customer merge 1002 1001 --yes --prefer into"],
    ["customer merge 1002 1003 --yes --prefer into"],
    ["contact add 1001 'Eva Dam <eva@nordlys.dk>' --title Chef --primary"],
    ["contact edit contact:1 --first-name Anne --email anne@nordlys.dk --phone 12341234 --no-hub"],
    ["contact edit contact:2 --primary --all-modules"],
    ["contact edit contact:3 --first-name Karl"],
    ["contact delete contact:1 --yes"],
    ["contact delete contact:4 --yes"],
    ["person edit anna@nordlys.dk --email anna@berg.dk"],
    ["person revoke anna@nordlys.dk"],
    ["module add boards --da Tavler --en Boards"],
    ["module edit projects --da Opgaver --en Tasks"],
    ["module delete projects --yes"],
    ["hub grant 1003 --all-contacts --module projects --module vault"],
    ["hub revoke 1001"],
    ["hub revoke 1001 --contact contact:2", "hub revoke 1001 --module projects"],
    ["welcome send contact:1"],
    ["welcome send 1001 --queue", "welcome cancel 1001"],
    ["hub revoke 1001", "hub grant 1001", "contact edit contact:1 --email a@a.dk", "customer delete 1001 --yes"],
]

NAMES = ["Åse Øst", "Bo Ek", "Carl Lund", "Dina O'Hara"]
ADDRESSES = ["a@x.dk", "B@x.dk", "c@x.dk", "anna@nordlys.dk", "bo@nordlys.dk"]


class Undo(HubTest):
    def setUp(self):
        super().setUp()
        self.ok("batch", stdin=SCENE.encode())

    def state(self):
        """A set of lines, so that a difference can be read."""
        return {f"{table}: {row}" for table, columns in TABLES.items()
                for row in self.hub.sql(f"SELECT {columns} FROM {table}")}

    def run_line(self, line):
        """Runs it as a script would, and returns the operation that it was; None if it was refused or changed nothing."""
        before = self.newest()
        result = self.hub.run("batch", stdin=line.encode())
        self.assertIn(result.code, (0, 2, 3, 4, 5, 65), f"{line}\n{result}")
        return self.newest() if self.newest() != before else None

    def newest(self):
        return self.hub.sql("SELECT max(id) FROM operation")[0][0]

    def undo(self, operation, *options):
        return self.ok("undo", f"op:{operation}", "--format", "ids", *options).out.strip()[3:]

    def assert_same(self, before, after, what):
        self.assertEqual((sorted(before - after), sorted(after - before)), ([], []), what)

    def test_each_command(self):
        for commands in COMMANDS:
            with self.subTest(commands=commands):
                start = self.state()
                operations, states = [], []
                for line in commands:
                    states.append(self.state())
                    operations.append(self.run_line(line))
                    self.assertIsNotNone(operations[-1], f"{line} has done nothing")
                end = self.state()
                for operation, state in zip(reversed(operations), reversed(states)):
                    self.undo(operation)
                    self.assert_same(state, self.state(), f"undo of {commands}")
                self.assert_same(start, self.state(), commands)
                self.assertEqual(self.ok("db", "check").out, "", commands)
                if len(commands) == 1:
                    self.redo(operations[0], end, commands)
                    self.assert_same(start, self.state(), commands)
        print(f"{len(COMMANDS)} kinds of change taken back, and the undo of each", file=sys.stderr)

    def redo(self, operation, end, commands):
        """The undo of the undo, and that undone."""
        undo = self.newest()
        self.undo(undo)
        logins = {line for line in end | self.state() if line.startswith("login:")}  # they stay with whom they came to
        self.assert_same(end - logins, self.state() - logins, f"redo of {commands}")
        self.assertEqual(self.ok("db", "check").out, "", commands)
        self.undo(self.newest())
        self.assertEqual(self.hub.sql("SELECT undoes FROM operation WHERE id = ?", undo), [(operation,)])

    def test_import(self):
        file = self.hub.directory / "in.csv"
        file.write_text("Kundenummer,Firmanavn,Telefon,Kontaktperson,E-mail\n1001,Nordlys ApS,55555555,Eva Dam,eva@n.dk\n"
                        "2001,Ny ApS,66666666,Ib Bo,ib@bo.dk\n2001,Ny ApS,66666666,Åse Bo,aase@bo.dk\n", "utf-8")
        start = self.state()
        self.ok("customer", "import", str(file), "--match", "number", "--on-duplicate", "update", "--tag", "new",
                "--hub", "--module", "vault")
        end = self.state()
        self.assertNotEqual(start, end)
        imported = self.newest()
        self.undo(imported)
        self.assert_same(start, self.state(), "undo of an import")
        self.undo(self.newest())
        self.assert_same(end, self.state(), "redo of an import")
        self.ok("undo", f"op:{self.newest()}")
        self.assert_same(start, self.state(), "undo of the redo")

    def test_atomic_batch(self):
        """Records of one operation that exchange what is unique among them."""
        start = self.state()
        lines = ("contact edit contact:1 --email x@nordlys.dk\ncontact edit contact:2 --email anna@nordlys.dk\n"
                 "contact edit contact:1 --email bo@nordlys.dk\nmodule delete vault --yes\nmodule add vault --en Safe\n"
                 "customer delete 1002 --yes\ncustomer add --business Nyt --number 1002\n"
                 "customer add --business Mere --number 5000\ncustomer merge 1003 5000 --yes\n")
        self.ok("batch", "--atomic", stdin=lines.encode())
        end = self.state()
        self.undo(self.newest())
        self.assert_same(start, self.state(), "undo of a batch")
        self.undo(self.newest())
        self.assert_same({line for line in end if not line.startswith("login")},
                         {line for line in self.state() if not line.startswith("login")}, "redo of a batch")

    def random_line(self, random_source):
        choice = random_source.choice
        customers = [row[0] for row in self.hub.sql("SELECT number FROM customer")] or ["1001"]
        contacts = [f"contact:{row[0]}" for row in self.hub.sql("SELECT id FROM contact")] or ["contact:1"]
        modules = [row[0] for row in self.hub.sql("SELECT key FROM module")] or ["projects"]
        return choice([
            lambda: f"customer add --private \"{choice(NAMES)}\" --email {choice(ADDRESSES)} --tag {choice('abc')}",
            lambda: f"customer add --business Firma --contact \"{choice(NAMES)} <{choice(ADDRESSES)}>\" --hub "
                    f"--module {choice(modules)}",
            lambda: f"customer edit {choice(customers)} --phone {random_source.randrange(10**7, 10**8)} "
                    f"--add-tag {choice('abc')} --remove-tag {choice('def')}",
            lambda: f"customer edit {choice(customers)} --name \"{choice(NAMES)}\"",
            lambda: f"customer archive {choice(customers)}",
            lambda: f"customer unarchive {choice(customers)}",
            lambda: f"customer delete {choice(customers)} --yes",
            lambda: f"customer convert {choice(customers)} --to business",
            lambda: f"customer convert {choice(customers)} --to private",
            lambda: f"customer merge {choice(customers)} {choice(customers)} --prefer {choice(['from', 'into'])} --yes",
            lambda: f"contact add {choice(customers)} \"{choice(NAMES)} <{choice(ADDRESSES)}>\" {choice(['', '--primary'])}",
            lambda: f"contact edit {choice(contacts)} --email {choice(ADDRESSES)}",
            lambda: f"contact edit {choice(contacts)} --primary",
            lambda: f"contact edit {choice(contacts)} --only-module {choice(modules)}",
            lambda: f"contact edit {choice(contacts)} {choice(['--hub', '--no-hub', '--all-modules'])}",
            lambda: f"contact delete {choice(contacts)} --yes",
            lambda: f"person edit {choice(ADDRESSES)} --phone {random_source.randrange(10**7, 10**8)}",
            lambda: f"module add {choice('klm')}odul",
            lambda: f"module delete {choice(modules)} --yes",
            lambda: f"hub grant {choice(customers)} --all-contacts --module {choice(modules)}",
            lambda: f"hub revoke {choice(customers)}",
            lambda: f"welcome send {choice(customers)} --queue",
            lambda: f"welcome cancel {choice(customers)}",
            lambda: f"portal login {choice(contacts)}",
        ])()

    def test_random_sequences(self):
        """Undone in the order from the last to the first, any sequence of commands leaves what there was."""
        undone, rules = 0, 0
        start_seed = int(os.environ.get("KUNDEHUB_SEED", random.randrange(10**6)))  # a failure names its own
        for sequence in range(SEQUENCES):
            seed = start_seed + sequence
            source = random.Random(seed)
            steps = []
            for _ in range(LENGTH):
                before, line = self.state(), self.random_line(source)
                operation = self.run_line(line)
                if operation:
                    steps.append((operation, before, line))
            for operation, before, line in reversed(steps):
                with self.subTest(seed=seed, line=line):
                    self.undo(operation, "--force")  # mails and logins that came of it would go too
                    logins = {entry for entry in before | self.state() if entry.startswith("login")}
                    self.assert_same(before - logins, self.state() - logins, f"seed {seed}: {line}")
                undone += 1
            findings = self.ok("db", "check", "--json").json()
            self.assertEqual(findings, [], f"seed {seed}")
            rules += 1
        print(f"{SEQUENCES} random sequences from seed {start_seed}, {undone} operations undone in reverse order, "
              f"the database checked {rules} times", file=sys.stderr)

    def test_an_undo_out_of_order_keeps_what_came_later(self):
        edit = self.run_line("customer edit 1001 --name Nord --phone 11111111")
        self.run_line("customer edit 1001 --city Aarhus --phone 22222222")
        result = self.hub.run("undo", f"op:{edit}", "--json")
        self.expect(4, result)
        self.assertIn('phone was none before', result.err)
        self.assertEqual(len(result.error()["refused"]), 1)
        self.undo(edit, "--force")
        customer = self.ok("customer", "show", "1001", "--json").json()
        self.assertEqual((customer["name"], customer["phone"], customer["city"]), ("Nordlys ApS", None, "Aarhus"))


if __name__ == "__main__":
    main()
