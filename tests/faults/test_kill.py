"""kill -9 at random moments: a change is made as a whole or not at all, no mail is lost, and none is doubled where the
transport can tell."""

import collections
import os
import pathlib
import random
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import FULL, HubTest, TOKEN, bodies, main
from servers import ScriptedServer

KILLS = 400 if FULL else 40
SEED = int(os.environ.get("KUNDEHUB_TEST_SEED", random.SystemRandom().randrange(1 << 30)))


class KillTest(HubTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def say(self, text):
        print(f"{text} (KUNDEHUB_TEST_SEED={SEED})", file=sys.stderr)

    def kill_within(self, seconds, *args):
        """Starts the command and kills it at a moment within `seconds`. True if it was still running."""
        process = self.hub.start(*args)
        time.sleep(self.random.uniform(0, seconds))
        process.kill()
        process.communicate()
        return process.returncode == -9

    def duration(self, *args):
        start = time.monotonic()
        self.ok(*args)
        return time.monotonic() - start

    def deliver_all(self):
        """What cron does in the hours after: what was under way when the power went is tried again."""
        for _ in range(5):
            self.hub.run("welcome", "deliver")
            if self.hub.sql("SELECT 1 FROM welcome WHERE state <> 'sent'") == []:
                return
            self.hub.change("UPDATE welcome SET due_at = 1 WHERE due_at IS NOT NULL")
        self.fail(f"not delivered: {self.hub.sql('SELECT * FROM welcome')}")


class Change(KillTest):
    ADD = ("--hub", "--module", "invoices", "--tag", "vip", "--welcome")

    def add(self, number):
        return ("customer", "add", "--business", f"Firma {number}", f"--contact=Bo Æ{number} <bo{number}@example.dk>",
                *self.ADD)

    def test_all_or_nothing(self):
        killed = []
        for number in range(KILLS):
            if number % 10 == 0:  # again and again, for the machine may have other work as well
                usual = max(self.duration(*self.add(KILLS + 10 * number + turn)) for turn in range(2))
            if self.kill_within(1.1 * usual, *self.add(number)):
                killed.append(number)
        self.assertGreater(len(killed), KILLS // 3, "most had ended before they were killed")
        states = collections.Counter(self.check_whole(number) for number in range(KILLS))
        self.say(f"{len(killed)} of {KILLS} runs killed within {usual * 1000:.0f} ms: {dict(states)}")
        self.assertGreater(states["nothing"], 0, "no kill came before the commit")
        self.assertGreater(len(states), 1, "no kill came after the commit")
        self.assert_sound()
        self.deliver_all()
        self.check_mails()
        self.assert_sound()

    def check_whole(self, number):
        """Nothing of the customer, or all: with contact, tag, module, operation and mail. Tells the mail's state."""
        customers = self.hub.sql("SELECT id FROM customer WHERE name = ?", f"Firma {number}")
        contacts = self.hub.sql("SELECT id, customer_id FROM contact WHERE email = ?", f"bo{number}@example.dk")
        operations = self.hub.sql("SELECT id FROM operation WHERE command LIKE ?", f"%'Firma {number}'%")
        mails = self.hub.sql("SELECT contact_id, state, operation_id FROM welcome WHERE address = ?", f"bo{number}@example.dk")
        found = (len(customers), len(contacts), len(operations), len(mails))
        self.assertIn(found, ((0, 0, 0, 0), (1, 1, 1, 1)), f"Firma {number}: customer, contact, operation, mail")
        if not customers:
            return "nothing"
        ((customer,),), ((contact, owner),) = customers, contacts
        self.assertEqual((owner, mails[0][0], mails[0][2]), (customer, contact, operations[0][0]))
        for table in ("customer_tag", "customer_module"):
            self.assertEqual(self.hub.sql(f"SELECT count(*) FROM {table} WHERE customer_id = ?", customer), [(1,)])
        self.assertEqual(self.hub.sql("SELECT count(*) FROM login_link WHERE contact_id = ?", contact), [(1,)])
        return mails[0][1]

    def check_mails(self):
        mails = self.hub.mails()
        rows = dict(self.hub.sql("SELECT address, message_id FROM welcome"))
        self.assertEqual(set(mails), set(rows), "each person who was created has a mail, and nobody else")
        self.assertEqual({address: len(found) for address, found in mails.items()}, dict.fromkeys(rows, 1), "exactly one")
        for address, (mail,) in mails.items():
            self.assertEqual(mail["Message-ID"], f"<{rows[address]}>")
            for body in bodies(mail):
                self.assertEqual(len(TOKEN.findall(body)), 1)
        self.assertEqual(list((self.hub.maildir / "tmp").iterdir()), [], "a torso is left")


class Delivery(KillTest):
    def queue(self, count):
        people = [f"p{number}@example.dk" for number in range(count)]
        self.add_business("--hub", "--module", "invoices",
                          *(word for address in people for word in ("--contact", f"Bo Æ <{address}>")))
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")
        return people

    def kill_deliveries(self, seconds):
        """Kills one run after the other. Returns how many, and the addresses whose last dot may have been out at a kill."""
        kills, uncertain = 0, set()
        for _ in range(KILLS):
            kills += self.kill_within(seconds, "welcome", "deliver")
            uncertain |= {row[0] for row in self.hub.sql("SELECT address FROM welcome WHERE phase = 2")}
        return kills, uncertain

    def test_maildir_never_doubles(self):
        people = self.queue(10 * KILLS)
        kills, _ = self.kill_deliveries(0.08)
        self.deliver_all()
        mails = self.hub.mails()
        self.assertEqual({address: len(found) for address, found in mails.items()}, dict.fromkeys(people, 1))
        self.say(f"{kills} deliveries to a Maildir killed, {len(people)} mails, each there once")

    def test_smtp_doubles_only_what_was_uncertain(self):
        """RFC 1047: where the connection died after the last dot. Then it is the same Message-ID and the same link."""
        server = ScriptedServer(self.hub.directory / "server", "", "--delay", "2")
        self.addCleanup(server.close)
        self.hub.use_transport(server.url)
        people = self.queue(5 * KILLS)
        kills, uncertain = self.kill_deliveries(0.25)
        self.deliver_all()
        received = collections.defaultdict(list)
        for envelope, raw in server.mails():
            received[envelope["to"][0]].append(raw)
        self.assertEqual(set(received), set(people), "none is lost")
        doubled = {address: mails for address, mails in received.items() if len(mails) > 1}
        self.say(f"{kills} deliveries over SMTP killed, {len(people)} mails, {len(uncertain)} uncertain, {len(doubled)} doubled")
        self.assertLessEqual(set(doubled), uncertain)
        self.assertLessEqual({len(mails) for mails in doubled.values()}, {2})
        for mails in doubled.values():
            for pattern in (rb"(?im)^message-id: .*$", rb"(?s)token=3D(?:[^<\" ]*?)(?=\r\n\r\n)"):
                self.assertEqual(len({re.search(pattern, mail)[0] for mail in mails}), 1)


if __name__ == "__main__":
    main()
