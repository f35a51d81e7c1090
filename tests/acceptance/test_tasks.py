"""What comes up in years of change, each as the script in tasks/ that an admin would write, and where it ends."""

import hashlib
import pathlib
import re
import subprocess

from hub import BINARY, LIMIT, HubTest, TOKEN, bodies, main

TASKS = pathlib.Path(__file__).resolve().parent / "tasks"
MONDAY, TUESDAY = "2026-11-16", "2026-11-17"


class Task(HubTest):
    """Each test sets the scene, runs its script and looks at what has become of it."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.assert_every_script_ran)
        programs = self.hub.directory / "bin"
        programs.mkdir()
        (programs / "kundehub").symlink_to(BINARY)
        self.hub.environment["PATH"] = f"{programs}:{self.hub.environment['PATH']}"

    ran = set()

    def assert_every_script_ran(self):
        tests = [name for name in dir(self) if name.startswith("test_")]
        self.assertEqual(len(list(TASKS.glob("*.sh"))), len(tests), "a script without a test")

    def run_task(self, name, **environment):
        """The script under `set -eu`, without a terminal; what it printed."""
        done = subprocess.run(["sh", "-eu", str(TASKS / f"{name}.sh")], cwd=self.hub.directory, stdin=subprocess.DEVNULL,
                              env={**self.hub.environment, **environment}, capture_output=True, text=True, timeout=LIMIT,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def access(self, *customers):
        """Who may log in: {(customer, address): reason, or None}."""
        rows = self.ok("hub", "status", *customers, "--json").json()
        return {(row["customer"], row["email"]): row["reason"] for row in rows}

    def use_link(self, address):
        """As if the person had used the link of the last mail."""
        self.hub.change(f"UPDATE login_link SET used_at = strftime('%s', 'now') WHERE address = '{address}'")

    def tokens_of(self, address):
        """The tokens of the mails to `address`, in no order."""
        return [TOKEN.search(bodies(mail)[0]).group(1) for mail in self.hub.mails()[address]]

    def token_of(self, address):
        """The token of the only mail to `address`."""
        token, = self.tokens_of(address)
        return token

    def works(self, token):
        """Whether a link still lets somebody in, found by the hash that the database keeps."""
        digest = hashlib.sha256(token.encode()).hexdigest()
        rows = self.hub.sql("SELECT used_at, ended_at FROM login_link WHERE hex(token_hash) = upper(?)", digest)
        self.assertEqual(len(rows), 1, "the mail's link is one that the database knows")
        return rows[0] == (None, None)

    def test_colleague_leaves(self):
        for name in ("Nordlys", "Smedjen", "Værkstedet", "Bageren", "Gartneren"):
            self.add_business("--hub", "--module", "projects", "--contact", "Bo Ek <bo@bogholderi.dk>", "--contact",
                              f"Eva Eg <eva@{name.lower().replace('æ', 'ae')}.dk>", "--welcome", name=f"{name} ApS")
        self.use_link("bo@bogholderi.dk")
        self.run_task("colleague_leaves")
        self.assertEqual({number: reason for (number, address), reason in self.access().items()
                          if address == "bo@bogholderi.dk"},
                         {"1001": None, "1002": None, "1003": "contact_hub_off", "1004": None, "1005": None})
        self.assertEqual(self.access("1003")["1003", "eva@vaerkstedet.dk"], None)
        modules = self.ok("customer", "show", "1003", "--json").json()["modules"]
        self.assertEqual(sorted(modules), ["invoices", "projects"])

    def test_address_changes(self):
        self.add_business("--hub", "--module", "projects", "--contact", "Anna Berg <anna@nordlys.dk>", "--welcome")
        old = self.token_of("anna@nordlys.dk")
        self.assertTrue(self.works(old))
        self.run_task("address_changes")
        self.assertFalse(self.works(old))
        self.assertTrue(self.works(self.token_of("anna.berg@nordlys.dk")))
        self.assertEqual({address: len(mails) for address, mails in self.hub.mails().items()},
                         {"anna@nordlys.dk": 1, "anna.berg@nordlys.dk": 1})
        self.assertEqual(self.access(), {("1001", "anna.berg@nordlys.dk"): None})

    def test_bookkeeper(self):
        for number in range(10):
            self.add_business("--hub", "--module", "invoices", "--contact", "Bo Ek <bo@bogholderi.dk>", "--contact",
                              f"Eva Eg <eva@firma{number}.dk>", "--welcome", name=f"Firma {number} ApS")
        self.run_task("bookkeeper")
        people = self.ok("contact", "list", "--json").json()
        self.assertEqual({person["last_name"] for person in people if person["email"] == "bo@bogholderi.dk"},
                         {"Østergaard"})
        access = self.access()
        self.assertEqual({reason for (_, address), reason in access.items() if address == "bo@bogholderi.dk"},
                         {"contact_hub_off"})
        self.assertEqual([reason for (_, address), reason in access.items() if address.startswith("eva")], [None] * 10)
        self.assertEqual(len(access), 20)

    def test_forty_of_three_hundred(self):
        rows = "".join(f"{1001 + i};Firma {i:03} ApS;Anna{i};Berg;anna@firma{i:03}.dk\n" for i in range(300))
        self.ok("customer", "import", "-",
                stdin=("Kundenummer;Firmanavn;Fornavn;Efternavn;Kontakt e-mail\n" + rows).encode())
        chosen = [1001 + i * 7 for i in range(40)]
        (self.hub.directory / "numbers.txt").write_text("".join(f"{number}\n" for number in chosen), encoding="utf-8")
        self.run_task("forty_of_three_hundred")
        allowed = {int(number) for (number, _), reason in self.access().items() if reason is None}
        self.assertEqual(allowed, set(chosen))
        self.assertEqual(len(self.hub.mails()), 40)
        operations = self.hub.sql("SELECT count(*) FROM operation WHERE command LIKE 'hub grant%'")
        self.assertEqual(operations, [(1,)], "one operation")

    def test_becomes_a_firm(self):
        self.ok("customer", "add", "--private", "Carl Lund", "--email", "carl@lund.dk", "--hub", "--module", "projects",
                "--welcome")
        token = self.token_of("carl@lund.dk")
        self.run_task("becomes_a_firm")
        page = self.ok("customer", "show", "1001", "--json").json()
        self.assertEqual((page["kind"], page["name"], page["cvr"]), ("business", "Lund & Co. ApS", "13585628"))
        self.assertEqual([(contact["id"], contact["first_name"], contact["email"]) for contact in page["contacts"]],
                         [("contact:1", "Carl", "carl@lund.dk"), ("contact:2", "Dora", "dora@lund.dk")])
        self.assertTrue(self.works(token), "his link lives on")
        self.assertIsNone(self.access()["1001", "carl@lund.dk"])

    def test_doubles(self):
        self.add_business("--phone", "11111111", "--tag", "vip", "--contact", "Anna Berg <anna@nordlys.dk>", "--hub",
                          "--module", "projects", "--welcome", name="Nordlys ApS")
        self.add_business("--phone", "22222222", "--tag", "ny", "--contact", "Bo Ek <bo@nordlys.dk>", "--hub",
                          "--module", "invoices", "--welcome", name="Nordlys")
        told = self.run_task("doubles").stderr
        self.assertIn('phone: "22222222" at 1002, "11111111" at 1001', told)
        page = self.ok("customer", "show", "1001", "--json").json()
        self.assertEqual((page["phone"], page["tags"], sorted(page["modules"])),
                         ("22222222", ["ny", "vip"], ["invoices", "projects"]))
        self.assertEqual(self.access(), {("1001", "anna@nordlys.dk"): None, ("1001", "bo@nordlys.dk"): None})
        gone = self.expect(3, self.hub.run("customer", "show", "1002"))
        self.assertIn("merged into customer 1001", gone.err)

    def test_wrong_template(self):
        days = {"soendag": "2026-11-15T12:00:00Z", "mandag": f"{MONDAY}T09:00:00Z", "nat": f"{MONDAY}T22:59:59Z",
                "tirsdag": f"{TUESDAY}T09:00:00Z"}
        self.ok("config", "set", "hub.time_zone", "Europe/Copenhagen")
        for name, moment in days.items():
            self.add_business("--hub", "--module", "projects", "--contact", f"Anna Berg <anna@{name}.dk>", "--welcome",
                              name=name)
            self.hub.change(f"UPDATE welcome SET sent_at = unixepoch('{moment}') WHERE address = 'anna@{name}.dk'")
        words = self.ok("template", "show", "welcome.da.txt").out
        (self.hub.directory / "mended.txt").write_text(words.replace("Hej", "Goddag"), encoding="utf-8")
        self.run_task("wrong_template", monday=MONDAY, tuesday=TUESDAY)
        self.assertEqual({address: len(mails) for address, mails in self.hub.mails().items()},
                         {"anna@soendag.dk": 1, "anna@mandag.dk": 2, "anna@nat.dk": 2, "anna@tirsdag.dk": 1})
        texts = [bodies(mail)[0] for mail in self.hub.mails()["anna@mandag.dk"]]
        mended, = (text for text in texts if re.search(r"^Goddag Anna", text, re.MULTILINE))
        self.assertIn("Undskyld.", mended)
        hashes = {row["email"]: row["template"] for row in self.ok("welcome", "status", "--json").json()}
        self.assertEqual(hashes["anna@mandag.dk"], hashes["anna@nat.dk"])
        self.assertNotEqual(hashes["anna@mandag.dk"], hashes["anna@soendag.dk"])

    def test_archived_and_back(self):
        self.add_business("--hub", "--module", "projects", "--contact", "Anna Berg <anna@nordlys.dk>", "--welcome")
        old = self.token_of("anna@nordlys.dk")
        told = self.run_task("archived_and_back")
        self.assertIn("1 login link that had gone out no longer works", told.stderr)
        self.assertFalse(self.works(old), "what was archived does not revive")
        self.assertEqual(sorted(self.works(token) for token in self.tokens_of("anna@nordlys.dk")), [False, True])
        self.assertEqual(self.access(), {("1001", "anna@nordlys.dk"): None})
        self.assertIsNone(self.ok("customer", "show", "1001", "--json").json()["archived_at"])

    def test_first_day(self):
        for file in (self.hub.config, *self.hub.directory.glob("hub.db*")):
            file.unlink()
        (self.hub.directory / "kartotek.csv").write_text(
            "Kundenummer;Firmanavn;By;Fornavn;Efternavn;Kontakt e-mail\n3001;Bageren ApS;Ærøskøbing;Bo;Bager;bo@bageren.dk\n"
            "3001;Bageren ApS;Ærøskøbing;Liv;Bager;liv@bageren.dk\n3002;Gartneren ApS;Odense;Gro;Grøn;gro@gartneren.dk\n"
            "3003;Vognen ApS;Køge;Karl;Kusk;karl@vognen.dk\n", encoding="utf-8")
        self.run_task("first_day", customers="kartotek.csv")
        mails = self.hub.mails()
        self.assertEqual({address: len(found) for address, found in mails.items() if len(found) > 1},
                         {"bo@smedjen.example.dk": 2})
        self.assertEqual(len(mails), 13)
        tokens = {token for address in mails for token in self.tokens_of(address)}
        self.assertEqual(len(tokens), 13, "each person has a link of their own, and the mail sent again had the same")
        told = "\n".join([*self.hub.dump(), str(self.ok("log", "--json")), str(self.ok("welcome", "status", "-v", "--json"))])
        self.assertEqual([token for token in tokens if token in told], [])
        self.assert_sound()


if __name__ == "__main__":
    main()
