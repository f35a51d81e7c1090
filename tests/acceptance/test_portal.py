"""The contract of kundehub-portal(7), from outside: who may log in is answered alike by hub explain, portal check and the
views; what the views are; who may read the database; and a portal that asks while the database is worked on."""

import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

from hub import BINARY, FULL, SOURCE, TOKEN, HubTest, bodies, main, require_strace

NOW = int(time.time())
DAY = 24 * 3600

# What may be known of a contact's login links, as the rows that a sent mail leaves are altered; and whether it is a way in.
WAYS_IN = {
    "none": (("DELETE FROM welcome WHERE contact_id = {0}", "DELETE FROM login_link WHERE contact_id = {0}"), False),
    "queued": (("UPDATE welcome SET state = 'queued', link_out_until = NULL, sent_at = NULL WHERE contact_id = {0}",), False),
    "sent": ((), True),
    "expired": ((f"UPDATE welcome SET link_out_until = {NOW - 1} WHERE contact_id = {{0}}",), False),
    "used": ((f"UPDATE login_link SET used_at = {NOW} WHERE contact_id = {{0}}",), True),
    "used long ago": ((f"UPDATE login_link SET used_at = 1 WHERE contact_id = {{0}}",
                       f"UPDATE welcome SET link_out_until = {NOW - DAY} WHERE contact_id = {{0}}"), True),
    "revoked": (("UPDATE login_link SET ended_at = 1, ended_by = 'revoked' WHERE contact_id = {0}",), False),
    "bounced": (("UPDATE welcome SET state = 'bounced' WHERE contact_id = {0}",), False),
    "to an earlier address": (("UPDATE login_link SET email_key = 'old@example.dk' WHERE contact_id = {0}",), False),
    "used under an earlier address": (("UPDATE login_link SET email_key = 'old@example.dk', used_at = 1 "
                                       "WHERE contact_id = {0}",), False),
    "uncertain": (("UPDATE welcome SET state = 'uncertain', sent_at = NULL WHERE contact_id = {0}",), True),
    "being sent": ((f"UPDATE welcome SET state = 'sending', phase = 2, link_out_until = NULL, "
                    f"link_expires_at = {NOW + DAY} WHERE contact_id = {{0}}",), True),
}

VIEWS = {
    "hub_login_v1": ["contact_id", "customer_number", "customer_name", "customer_kind", "first_name", "last_name", "name",
                     "email", "email_key", "language", "has_used_link"],
    "hub_module_v1": ["contact_id", "customer_number", "module", "title_da", "title_en"],
    "hub_contact_v1": ["contact_id", "customer_number", "customer_name", "customer_kind", "first_name", "last_name", "name",
                       "email", "email_key", "phone", "title", "language", "is_primary", "is_archived"],
}


def ask(sql, database, *values):
    """As a portal does that may only read."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


class Truth(HubTest):
    """R5: every combination, and the same answer from all who are asked."""

    def add_people(self, count):
        rows = "".join(f"Firma {n},Anna,Berg {n},p{n}@example.dk\n" for n in range(count))
        self.ok("customer", "import", "-", "--hub", "--module", "projects", "--welcome",
                stdin=("Firmanavn,Fornavn,Efternavn,E-mail\n" + rows).encode())
        return {email: (contact, customer) for contact, customer, email in
                self.hub.sql("SELECT id, customer_id, email FROM contact")}

    def tokens(self):
        """Of each mail that went out, by its address."""
        return {email: TOKEN.search(bodies(mails[-1])[0])[1] for email, mails in self.hub.mails().items()}

    def redeems(self, token):
        """Would the link let somebody in? It is not used up by the question."""
        result = self.hub.run("portal", "redeem", "--token-stdin", "--dry-run", stdin=token.encode())
        self.assertIn(result.code, (0, 10), result)
        return result.code == 0

    def alter(self, statements):
        connection = sqlite3.connect(self.hub.database)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    def answers(self, contact, email, *module):
        """Of hub explain, portal check and the views."""
        explain = self.hub.run("hub", "explain", f"contact:{contact}", *(word for key in module for word in ("--module", key)))
        check = self.hub.run("portal", "check", email, *(word for key in module for word in ("--module", key)))
        view = ask("SELECT count(*) FROM hub_login_v1 WHERE contact_id = ?" +
                   "".join(" AND EXISTS (SELECT 1 FROM hub_module_v1 AS own WHERE own.contact_id = hub_login_v1.contact_id "
                           f"AND module = '{key}')" for key in module), self.hub.database, contact)[0][0]
        self.assertIn((explain.code, check.code), ((0, 0), (10, 10)), f"{explain}\n{check}")
        return explain.code == 0, check.code == 0, view == 1

    def test_every_combination(self):
        cases = list(itertools.product((False, True), (True, False), (True, False), (True, False), WAYS_IN))
        people, expected, changes = self.add_people(len(cases)), {}, []
        for (email, (contact, customer)), case in zip(sorted(people.items()), cases):
            archived, customer_hub, contact_hub, has_email, way = case
            expected[email] = (contact, case,
                               not archived and customer_hub and contact_hub and has_email and WAYS_IN[way][1])
            changes += [statement.format(contact) for statement in WAYS_IN[way][0]]
            changes += [f"UPDATE customer SET archived_at = 1 WHERE id = {customer}"] * archived
            changes += [f"UPDATE customer SET hub = 0 WHERE id = {customer}"] * (not customer_hub)
            changes += [f"UPDATE contact SET hub = 0 WHERE id = {contact}"] * (not contact_hub)
            changes += [f"UPDATE contact SET email = NULL, email_key = NULL WHERE id = {contact}"] * (not has_email)
        self.alter(changes)
        tokens = self.tokens()
        for email, (contact, case, may) in expected.items():
            with self.subTest(archived=case[0], customer_hub=case[1], contact_hub=case[2], email=case[3], way_in=case[4]):
                self.assertEqual(self.answers(contact, email), (may, may, may))
                self.assertEqual(self.redeems(tokens[email]), may and not case[4].startswith("used"))
        admitted = sum(may for _, _, may in expected.values())
        self.assertEqual(self.hub.sql("SELECT count(*) FROM hub_login_v1"), [(admitted,)])
        print(f"{len(cases)} combinations, {admitted} may log in", file=sys.stderr)

    def test_every_combination_of_modules(self):
        cases = list(itertools.product((True, False), (True, False), ("all", "this one", "another one")))
        people = self.add_people(len(cases))
        for (email, (contact, customer)), (may_log_in, has_module, limit) in zip(sorted(people.items()), cases):
            with self.subTest(may_log_in=may_log_in, has_module=has_module, limit=limit):
                key = {"all": (), "this one": ("--only-module", "projects"), "another one": ("--only-module", "invoices")}
                if limit != "all":
                    self.ok("contact", "edit", f"contact:{contact}", *key[limit])
                if not has_module:
                    self.ok("hub", "revoke", f"id:{customer}", "--module", "projects")
                if not may_log_in:
                    self.ok("hub", "revoke", f"id:{customer}")
                may = may_log_in and has_module and limit != "another one"
                self.assertEqual(self.answers(contact, email, "projects"), (may, may, may))

    def test_private_customers(self):
        self.ok("customer", "add", "--private", "Ida Holm", "--email", "ida@holm.example", "--hub", "--module", "projects",
                "--welcome")
        self.assertEqual(self.answers(1, "ida@holm.example"), (True, True, True))
        self.assertEqual(ask("SELECT name, customer_kind, language FROM hub_login_v1", self.hub.database),
                         [("Ida Holm", "private", "da")])
        self.ok("customer", "edit", "1001", "--no-hub")
        self.assertEqual(self.answers(1, "ida@holm.example"), (False, False, False))


class Views(HubTest):
    def test_columns(self):
        """They are promised for good: a column more is for a second version, or the end of the row."""
        for view, columns in VIEWS.items():
            self.assertEqual([row[1] for row in self.hub.sql(f"PRAGMA table_info({view})")], columns)

    def test_manual_names_each_column(self):
        manual = (SOURCE / "man" / "kundehub-portal.7").read_text()
        for view, columns in VIEWS.items():
            entry = manual[manual.index(f".It Cm {view}"):]
            entry = entry[:entry.index(".It Cm", 5)] if ".It Cm" in entry[5:] else entry[:entry.index(".El")]
            words = re.findall(r"[a-z_]+", " ".join(line for line in entry.splitlines() if line.startswith(".Cm")))
            self.assertEqual([word for word in columns if word not in words], [], view)

    def test_rows(self):
        self.add_business("--hub", "--module", "projects", "--module", "invoices", "--language", "en", "--welcome",
                          "--contact", "Anna Æ <ANNA@example.dk>", "--contact", "Bo Ø <bo@example.dk>")
        self.ok("contact", "edit", "bo@example.dk", "--only-module", "invoices", "--title", "Chef", "--phone", "12345678")
        self.assertEqual(self.hub.sql("SELECT * FROM hub_login_v1 ORDER BY contact_id"), [
            (1, "1001", "Smedjen ApS", "business", "Anna", "Æ", "Anna Æ", "ANNA@example.dk", "anna@example.dk", "en", 0),
            (2, "1001", "Smedjen ApS", "business", "Bo", "Ø", "Bo Ø", "bo@example.dk", "bo@example.dk", "en", 0)])
        self.assertEqual(self.hub.sql("SELECT * FROM hub_module_v1 ORDER BY contact_id, module"), [
            (1, "1001", "invoices", "Fakturaer", "Invoices"), (1, "1001", "projects", "Projekter", "Projects"),
            (2, "1001", "invoices", "Fakturaer", "Invoices")])
        self.ok("customer", "archive", "1001")
        self.assertEqual(self.hub.sql("SELECT email_key, phone, title, is_primary, is_archived FROM hub_contact_v1"),
                         [("anna@example.dk", None, None, 1, 1), ("bo@example.dk", "12345678", "Chef", 0, 1)])
        self.assertEqual(self.hub.sql("SELECT * FROM hub_login_v1"), [])

    def test_address_is_looked_up(self):
        """And not searched for: a portal asks with every request."""
        plan = str(self.hub.sql("EXPLAIN QUERY PLAN SELECT * FROM hub_login_v1 WHERE email_key = lower(?)", "a@b.dk"))
        self.assertIn("SEARCH contact USING INDEX contact_email (email_key=?)", plan)
        self.assertNotIn("SCAN", plan)


class Link(HubTest):
    """A link whose way leads through files: backup, restore, two processes at once."""

    def setUp(self):
        super().setUp()
        self.add_business("--hub", "--module", "projects", "--contact", "Anna Æ <anna@example.dk>", "--welcome")
        mail = self.hub.mails()["anna@example.dk"][0].get_body(("plain",)).get_content()
        self.token = re.search(r"welcome\?token=([\w-]{43})", mail)[1]

    def redeem(self, token=None):
        return self.hub.run("portal", "redeem", "--token-stdin", "--json", stdin=(token or self.token).encode() + b"\n")

    def reason(self, token=None):
        return self.redeem(token).json()["reason"]

    def test_from_the_mail(self):
        self.assertEqual(self.expect(0, self.redeem()).json()["email"], "anna@example.dk")
        self.assertEqual(self.expect(10, self.redeem()).json()["reason"], "used")

    def test_restored_backup_revives_none(self):
        backup = self.hub.directory / "backup.db"
        opened = re.search(r"token=([\w-]{43})", self.ok("hub", "open", "1001").out)[1]
        self.ok("db", "backup", str(backup))
        before = pathlib.Path(f"{self.hub.database}.key").read_bytes()
        self.expect(0, self.redeem())
        self.ok("db", "restore", str(backup), "--yes")
        self.assertEqual((self.reason(), self.reason(opened)), ("unknown", "unknown"), "the key's epoch is another")
        self.assertEqual(self.hub.sql("SELECT count(*) FROM login_link WHERE ended_at IS NULL "
                                      "UNION ALL SELECT count(*) FROM open_link WHERE ended_at IS NULL"), [(0,), (0,)])
        # By hand, behind the program's back: the key's epoch has gone on.
        shutil.copy(backup, self.hub.database)
        self.assertEqual((self.reason(), self.reason(opened)), ("unknown", "unknown"))
        self.assertNotEqual(pathlib.Path(f"{self.hub.database}.key").read_bytes(), before)

    def test_one_of_many_at_once(self):
        """Sixteen browsers press the button in the same moment."""
        start = threading.Barrier(16)
        codes = []

        def press():
            start.wait()
            codes.append(self.redeem().code)

        threads = [threading.Thread(target=press) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(codes), [0] + [10] * 15)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM login"), [(1,)])

    def test_token_is_nowhere_but_in_the_mail(self):
        self.redeem()
        for file in self.hub.directory.glob("hub.db*"):
            self.assertNotIn(self.token.encode(), file.read_bytes(), file.name)


@unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
class Reader(HubTest):
    """A portal's user, who is in the group and may read, and nothing more."""

    USER, GROUP = 65534, 65534  # nobody, nogroup

    def setUp(self):
        super().setUp()
        self.ok("config", "set", "database.group", "nogroup")
        self.ok("init")
        self.add_business("--hub", "--module", "projects", "--contact", "Anna Æ <anna@example.dk>", "--welcome")

    def ask_as_reader(self):
        """The addresses of who may log in, or the name of SQLite's error."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(self.GROUP)
                os.setuid(self.USER)
                answer = [row[0] for row in ask("SELECT email FROM hub_login_v1", self.hub.database)]
            except sqlite3.Error as error:
                answer = error.sqlite_errorname
            os.write(writing, json.dumps(answer).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            told = json.load(answer)
        os.waitpid(child, 0)
        return told

    def mode(self, suffix=""):
        info = os.stat(f"{self.hub.database}{suffix}")
        return info.st_gid, info.st_mode & 0o777

    def test_may_read_and_not_write(self):
        self.assertEqual(self.mode(), (self.GROUP, 0o640))
        self.assertEqual(self.mode(".key")[1], 0o600)
        self.assertEqual(self.ask_as_reader(), ["anna@example.dk"])
        self.ok("customer", "edit", "1001", "--city", "Odense")
        self.ok("db", "backup", str(self.hub.directory / "b.db"))
        self.ok("db", "restore", str(self.hub.directory / "b.db"), "--yes")
        self.assertEqual(self.mode(), (self.GROUP, 0o640))

    def test_restore_of_a_damaged_one_keeps_the_group(self):
        self.ok("db", "backup", str(self.hub.directory / "b.db"))
        with open(self.hub.database, "r+b") as file:
            file.truncate(8192)
        self.ok("db", "restore", str(self.hub.directory / "b.db"), "--yes")
        self.assertEqual(self.mode(), (self.GROUP, 0o640))
        self.assertEqual(self.ask_as_reader(), [], "its links have ended")

    def test_unknown_group(self):
        self.ok("config", "set", "database.group", "no-such-group")
        self.assertIn("there is no group", self.expect(78, self.hub.run("init")).err)

    def test_hot_journal(self):
        """A writer was killed behind the first page that it wrote: the reader is told nothing wrong, and any command of
        the owner mends it."""
        require_strace()
        state = None
        for call in range(1, 60):
            process = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-P", str(self.hub.database), "-e",
                                      f"inject=pwrite64:signal=KILL:when={call}", BINARY, "hub", "revoke", "1001"],
                                     env=self.hub.environment, capture_output=True, check=False, timeout=60)
            if process.returncode == -signal.SIGKILL and pathlib.Path(f"{self.hub.database}-journal").exists():
                state = self.ask_as_reader()
                break
        self.assertIn(state, ("SQLITE_READONLY_ROLLBACK", "SQLITE_CANTOPEN"), "as the manual says")
        self.assertEqual(self.mode("-journal"), (self.GROUP, 0o640))
        self.ok("db", "status")
        self.assertEqual(self.ask_as_reader(), ["anna@example.dk"])
        print(f"a reader at a hot journal: {state}", file=sys.stderr)


class Load(HubTest):
    """A hundred questions a second while a hundred thousand customers come in."""

    RATE, ASKERS = 100, 8

    def test_checks_during_an_import(self):
        self.add_business("--hub", "--module", "projects", "--contact", "Anna Æ <anna@example.dk>", "--welcome")
        rows = 100_000 if FULL else 30_000
        imported = self.hub.directory / "list.csv"
        with open(imported, "w", encoding="utf-8") as file:
            file.write("Kundenummer,Firmanavn,Fornavn,Efternavn,E-mail\n")
            file.writelines(f"{500_000 + n},Firma {n},Ib,Å{n},ib{n}@example.dk\n" for n in range(rows))
        waits, failures, done = [], [], threading.Event()

        def ask_on(number):
            due = time.monotonic() + number / self.RATE
            while not done.is_set():
                time.sleep(max(0, due - time.monotonic()))
                begun = time.monotonic()
                email, code = ("anna@example.dk", 0) if number % 2 else ("nobody@example.dk", 10)
                result = self.hub.run("portal", "check", email)
                waits.append(time.monotonic() - begun)
                if result.code != code:
                    failures.append(result)
                due += self.ASKERS / self.RATE

        askers = [threading.Thread(target=ask_on, args=(number,)) for number in range(self.ASKERS)]
        begun = time.monotonic()
        for asker in askers:
            asker.start()
        try:
            self.ok("customer", "import", str(imported), limit=600)
            took = time.monotonic() - begun
            time.sleep(max(0.0, 3 - took))
        finally:
            done.set()
            for asker in askers:
                asker.join()
        rate = len(waits) / (time.monotonic() - begun)
        waits.sort()
        print(f"{len(waits)} checks, {rate:.0f} a second, beside an import of {rows} rows in {took:.1f} s: median "
              f"{waits[len(waits) // 2] * 1000:.0f} ms, worst {waits[-1] * 1000:.0f} ms", file=sys.stderr)
        self.assertEqual(failures, [])
        self.assertLess(waits[-1], 2)
        self.assertGreater(rate, self.RATE * (0.9 if FULL else 0.5), "was it asked that often?")


if __name__ == "__main__":
    main()
