"""Days of cron runs with a simulated clock: the waits between the tries, giving up, uncertain mails, quiet hours, links
that expire in the queue, and clocks that jump."""

import datetime
import glob
import hashlib
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import FULL, HubTest, TOKEN, main
from servers import ScriptedServer, free_port

MINUTE, HOUR, DAY = 60, 3600, 86400
START = int(datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.timezone.utc).timestamp())
WAITS = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR]  # and 4 hours from then on
GIVE_UP = 72 * HOUR
CRON = 5 * MINUTE
DELIVER = ("welcome", "deliver")


def faketime_library():
    return next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)


class ClockTest(HubTest):
    """`now` is the program's time. Nothing goes by but what `now` is moved, and what a run takes."""

    def setUp(self):
        super().setUp()
        library = faketime_library()
        if not library:
            raise unittest.SkipTest("libfaketime is not there: run tests/install_dependencies.sh")
        self.hub.environment.update({"LD_PRELOAD": library, "DONT_FAKE_MONOTONIC": "1"})
        self.now, self.runs, self.cron = START, 0, CRON
        self.server = None
        self.set_clock(START)

    def set_clock(self, now):
        """The program's clock begins there and then runs on."""
        self.now = now
        at = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
        self.hub.environment["FAKETIME"] = at.strftime("@%Y-%m-%d %H:%M:%S")

    def set_setting(self, key, value):
        self.ok("config", "set", key, value)

    def server_down(self):
        self.hub.use_transport(f"smtp://127.0.0.1:{free_port()}")

    def server_up(self, script=""):
        if not self.server:
            self.server = ScriptedServer(self.hub.directory / "server", script)
            self.addCleanup(self.server.close)
        self.server.obey(script)
        self.hub.use_transport(self.server.url)

    def people(self, count):
        people = [f"p{number}@example.dk" for number in range(count)]
        self.add_business("--hub", "--module", "invoices",
                          *(word for address in people for word in ("--contact", f"Bo Æ <{address}>")))
        return people

    def queue(self, count=1):
        people = self.people(count)
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")
        return people

    def deliver(self):
        self.runs += 1
        return self.hub.run(*DELIVER)

    def cron_until(self, end, every=False):
        """Cron's runs from `now` to `end`, without those that come before anything is due, unless `every`."""
        while self.now < end:
            self.deliver()
            moment = (self.now // self.cron + 1) * self.cron
            if not every:
                ((due,),) = self.hub.sql("SELECT min(due_at) FROM welcome WHERE due_at IS NOT NULL")
                moment = end if due is None else max(moment, -(-due // self.cron) * self.cron)
            self.set_clock(min(moment, end))

    def states(self):
        return [state for (state,) in self.hub.sql("SELECT state FROM welcome ORDER BY id")]

    def tries(self, address):
        """When each try of the address's mails was."""
        return [at for (at,) in self.hub.sql("SELECT at FROM welcome_try JOIN welcome ON welcome.id = welcome_id "
                                             "WHERE address = ? ORDER BY welcome_id, number", address)]

    def received(self):
        """(address, Message-ID, tokens) of each mail at the server."""
        found = []
        for envelope, raw in self.server.mails() if self.server else []:
            text = raw.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode("ascii")
            message_id = next(line for line in text.split("\r\n") if line.lower().startswith("message-id:"))
            found.append((envelope["to"][0], message_id, sorted(set(TOKEN.findall(text)))))
        return found

    def say(self, text):
        print(f"{text}; {self.runs} runs", file=sys.stderr)


class Backoff(ClockTest):
    def follow(self, address):
        """Takes every try of a mail whose server is down. Returns (when, how long the wait was set to)."""
        waits = []
        while True:
            result = self.deliver()
            self.assertIn(result.code, (0, 75, 69), result)
            (state, due), = self.hub.sql("SELECT state, due_at FROM welcome WHERE address = ?", address)
            at = self.tries(address)[-1]
            waits.append((at, due and due - at))
            if due is None:
                self.assertEqual(state, "failed")
                return waits
            self.assertEqual(state, "deferred")
            self.set_clock(due - 2)  # nothing is tried before its time
            self.deliver()
            self.assertEqual(len(self.tries(address)), len(waits), "tried too early")
            self.set_clock(-(-due // CRON) * CRON)

    def test_waits_and_giving_up(self):
        self.server_down()
        (address,) = self.queue()
        waits = self.follow(address)
        for number, (_, wait) in enumerate(waits[:-1]):
            usual = WAITS[number] if number < len(WAITS) else 4 * HOUR
            self.assertGreaterEqual(wait, 0.8 * usual - 1, (number, waits))
            self.assertLessEqual(wait, 1.2 * usual + 1, (number, waits))
        given_up = waits[-1][0] - START
        self.assertGreaterEqual(given_up, GIVE_UP)
        self.assertLess(given_up, GIVE_UP + 1.2 * 4 * HOUR + CRON)
        self.assertLess(waits[-2][0] - START, GIVE_UP)
        self.assertGreater(len({wait for _, wait in waits[5:-1]}), 2, "the waits vary")
        self.server_up()
        self.set_clock(START + 3 * DAY + 6 * HOUR)
        self.cron_until(START + 5 * DAY, every=FULL)
        self.assertEqual((self.states(), self.received()), (["failed"], []), "given up for good")
        self.assertIn("given up after", self.hub.sql("SELECT reply FROM welcome")[0][0])
        self.say(f"down for five days: {len(waits)} tries, given up after {given_up / HOUR:.1f} h")

    def test_many_mails_in_five_days(self):
        """Ten mails, and a run that ends after three failures: each gets its tries, and none more than it should."""
        self.server_down()
        people = self.queue(10)
        self.cron_until(START + 5 * DAY, every=FULL)
        self.assertEqual(self.states(), ["failed"] * 10)
        counts = sorted(len(self.tries(address)) for address in people)
        self.assertLessEqual(counts[-1], len(WAITS) + 2 + GIVE_UP / (0.8 * 4 * HOUR))
        self.assertGreaterEqual(counts[0], len(WAITS) + 1)
        for address in people:
            tries = self.tries(address)
            self.assertGreaterEqual(tries[-1] - START, GIVE_UP)
            for number, (earlier, later) in enumerate(zip(tries, tries[1:])):
                usual = WAITS[number] if number < len(WAITS) else 4 * HOUR
                self.assertGreaterEqual(later - earlier, 0.8 * usual - 1)
        self.say(f"ten mails, five days: {counts[0]} to {counts[-1]} tries each")

    def test_server_is_back(self):
        self.server_down()
        people = self.queue(10)
        self.cron_until(START + 2 * DAY)
        self.server_up()
        self.cron_until(START + 2 * DAY + 5 * HOUR)
        self.assertEqual(self.states(), ["sent"] * 10)
        self.assertEqual(sorted(address for address, _, _ in self.received()), sorted(people))


class Uncertain(ClockTest):
    def test_again_after_half_an_hour(self):
        self.server_up("dot=store-drop")
        self.queue()
        self.deliver()
        self.assertEqual(self.states(), ["uncertain"])
        self.server_up()
        for minutes in (5, 10, 15, 20, 25, 29):
            self.set_clock(START + minutes * MINUTE)
            self.expect(0, self.deliver())
            self.assertEqual(self.states(), ["uncertain"], f"after {minutes} minutes")
        self.set_clock(START + 31 * MINUTE)
        self.expect(0, self.deliver())
        self.assertEqual(self.states(), ["sent"])
        first, second = self.received()
        self.assertEqual(first, second, "the same Message-ID and the same link")
        self.assertEqual(len(first[2]), 1)

    def test_never_an_answer(self):
        """A server that takes each mail and drops each answer: half an hour between the copies, none after three days."""
        self.server_up("dot=store-drop")
        (address,) = self.queue()
        self.cron_until(START + 5 * DAY)
        tries = self.tries(address)
        self.assertEqual(self.hub.sql("SELECT state, due_at FROM welcome"), [("uncertain", None)])
        self.assertGreaterEqual(min(later - earlier for earlier, later in zip(tries, tries[1:])), 30 * MINUTE - 1)
        self.assertLessEqual(tries[-1] - START, GIVE_UP + 31 * MINUTE + CRON)
        self.assertEqual(len({message_id for _, message_id, _ in self.received()}), 1)
        self.say(f"a server that drops each answer: {len(tries)} copies with one Message-ID in three days")


class Jumps(ClockTest):
    def after_first_try(self, count=3):
        self.server_down()
        people = self.queue(count)
        self.deliver()
        self.assertEqual(self.states(), ["deferred"] * count)
        return people

    def check_sent_once(self, people, until):
        self.server_up()
        self.cron_until(until)
        self.assertEqual(set(self.states()), {"sent"}, self.hub.sql("SELECT address, state, due_at FROM welcome"))
        self.assertEqual(sorted(address for address, _, _ in self.received()), sorted(people))

    def test_back_a_day_and_forth(self):
        people = self.after_first_try()
        self.set_clock(START - DAY)
        self.cron_until(START - DAY + 2 * HOUR, every=True)
        back = max(len(self.tries(address)) for address in people)
        self.set_clock(START + 10 * MINUTE)
        self.cron_until(START + 2 * HOUR, every=True)
        most = max(len(self.tries(address)) for address in people)
        self.assertLessEqual(back, 1 + 4, "as many as four waits have room for in two hours")
        self.assertLessEqual(most - back, 4 + 1)
        self.say(f"a day back for two hours: {back - 1} tries then, {most} in all")
        self.check_sent_once(people, START + 8 * HOUR)

    def test_forth_a_day_and_back(self):
        people = self.after_first_try()
        self.set_clock(START + DAY)
        self.cron_until(START + DAY + HOUR, every=True)
        self.assertLessEqual(max(len(self.tries(address)) for address in people), 1 + 4)
        tried = {address: len(self.tries(address)) for address in people}
        self.set_clock(START + HOUR)
        self.cron_until(START + 2 * HOUR, every=True)
        for address in people:
            self.assertLessEqual(len(self.tries(address)) - tried[address], 2, "flooded")
        self.check_sent_once(people, START + 2 * DAY)

    def test_new_mail_while_back(self):
        """What is queued on the wrong day leaves on it, and again nothing leaves twice when the clock is put right."""
        people = self.after_first_try()
        self.set_clock(START - DAY)
        self.server_up()
        self.ok("customer", "add", "--private", "Søren", "--email", "soren@example.dk", "--hub", "--welcome")
        self.assertEqual([address for address, _, _ in self.received()], ["soren@example.dk"])
        self.set_clock(START + HOUR)
        self.check_sent_once([*people, "soren@example.dk"], START + 2 * HOUR)

    def test_killed_in_the_future(self):
        """A mail in the hands of a run that died while the clock was a day ahead is taken up at once."""
        self.server_up()
        people = self.queue(2)
        self.hub.change(f"UPDATE welcome SET state = 'sending', phase = id % 2 + 1, due_at = NULL, changed_at = {START + DAY}, "
                        f"tries = 1, link_expires_at = {START + 8 * DAY}")
        self.expect(0, self.deliver())
        self.assertEqual(sorted(self.states()), ["sent", "uncertain"])
        self.set_clock(START + 31 * MINUTE)
        self.check_sent_once(people, START + HOUR)


class Quiet(ClockTest):
    def clock_at(self, text):
        """The clock at this moment in Copenhagen, given with its distance from UTC."""
        self.set_clock(int(datetime.datetime.fromisoformat(text).timestamp()))

    def sent_within(self, moments):
        """Delivers at each moment with one mail more. Tells in which ones it left."""
        left = []
        for number, moment in enumerate(moments):
            self.clock_at(moment)
            self.ok("customer", "add", "--private", "Søren", "--email", f"s{number}@example.dk", "--hub", "--no-welcome")
            self.ok("welcome", "send", f"s{number}@example.dk", "--queue")
            result = self.expect(0, self.deliver())
            waits = self.states().count("queued")
            if waits == 0:
                left.append(moment)
            else:
                self.assertIn("quiet hours until 07:00", result.err)
        return left

    def check_day(self, quiet, loud):
        self.set_setting("hub.time_zone", "Europe/Copenhagen")
        self.set_setting("welcome.quiet", "20:00-07:00")
        self.server_up()
        self.assertEqual(self.sent_within(sorted(quiet + loud)), loud)
        self.assertEqual(len(self.received()), len(quiet + loud))

    def test_night(self):
        self.check_day(["2026-03-02T20:00:30+01:00", "2026-03-02T23:59:00+01:00", "2026-03-03T00:05:00+01:00",
                        "2026-03-03T06:59:30+01:00"],
                       ["2026-03-02T19:59:30+01:00", "2026-03-03T07:00:05+01:00", "2026-03-03T12:00:00+01:00"])

    def test_night_when_summer_time_begins(self):
        self.check_day(["2026-03-28T20:00:30+01:00", "2026-03-29T06:59:30+02:00"],
                       ["2026-03-28T19:59:30+01:00", "2026-03-29T07:00:05+02:00"])

    def test_tries_wait_for_the_morning(self):
        """No try is counted at night, and a mail that gives up does so after a try."""
        self.set_setting("hub.time_zone", "UTC")
        self.set_setting("welcome.quiet", "13:00-06:00")
        self.server_down()
        (address,) = self.queue()
        self.cron = CRON if FULL else HOUR
        self.cron_until(START + 5 * DAY, every=FULL)
        self.assertEqual(self.states(), ["failed"])
        hours = {at % DAY // HOUR for at in self.tries(address)}
        self.assertLessEqual(hours, set(range(6, 13)))
        self.say(f"quiet from 13 to 6: {len(self.tries(address))} tries in three days")


class Link(ClockTest):
    def live_link(self):
        ((link,),) = self.hub.sql("SELECT token_hash FROM login_link WHERE used_at IS NULL AND ended_at IS NULL")
        return link

    def test_expires_in_the_queue(self):
        """A second mail with the same link, and a server that is down until that link has expired."""
        self.set_setting("hub.link_ttl", "1d")
        self.server_up()
        (address,) = self.people(1)
        self.ok("welcome", "send", address)
        old = self.live_link()
        self.set_clock(START + 20 * HOUR)
        self.server_down()
        self.hub.run("welcome", "resend", address)
        self.assertEqual(self.live_link(), old, "kept, as long as it works")
        self.cron_until(START + 30 * HOUR)
        self.server_up()
        self.cron_until(START + 36 * HOUR)
        self.assertEqual(self.states(), ["sent", "sent"])
        tokens = [tokens for _, _, tokens in self.received()]
        self.assertEqual([len(found) for found in tokens], [1, 1])
        hashes = [hashlib.sha256(token.encode()).digest() for (token,) in tokens]
        self.assertEqual((hashes[0], hashes[1]), (old, self.live_link()))
        self.assertNotEqual(hashes[0], hashes[1], "an expired link is not sent again")
        self.assertEqual(self.hub.sql("SELECT ended_by FROM login_link WHERE ended_at IS NOT NULL"), [("expired",)])
        ((expires, sent),) = self.hub.sql("SELECT link_expires_at, sent_at FROM welcome WHERE id = 2")
        self.assertLess(abs(expires - sent - DAY), 5)

    def test_still_works(self):
        """The link of a mail that leaves in time is kept, and lives on from then."""
        self.set_setting("hub.link_ttl", "1d")
        self.server_up()
        (address,) = self.people(1)
        self.ok("welcome", "send", address)
        self.set_clock(START + 20 * HOUR)
        self.server_down()
        self.hub.run("welcome", "resend", address)
        self.server_up()
        self.cron_until(START + 21 * HOUR)
        first, second = (tokens for _, _, tokens in self.received())
        self.assertEqual(first, second)
        self.set_clock(START + 40 * HOUR)
        self.expect(0, self.hub.run("hub", "explain", address))
        self.set_clock(START + 46 * HOUR)
        self.expect(10, self.hub.run("hub", "explain", address))


if __name__ == "__main__":
    main()
