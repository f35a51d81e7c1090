"""A large import: in little memory and linear time, killed at any moment without a trace, and in nobody's way."""

import json
import os
import pathlib
import random
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bench"))

from customers import cvr, generate
from hub import BINARY, FULL, HubTest, main

CUSTOMERS = 1_000_000 if FULL else 30_000
KILLS = 40 if FULL else 12
MEMORY = 64 * 1024  # KiB
SEED = int(os.environ.get("KUNDEHUB_TEST_SEED", random.SystemRandom().randrange(1 << 30)))


class LargeImport(HubTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.list = self.hub.directory / "list.csv"

    def say(self, text):
        print(f"{text} (KUNDEHUB_TEST_SEED={SEED})", file=sys.stderr)

    def measure(self, *args):
        """Runs the command; returns its seconds of processor time and the most memory it had, in KiB."""
        with open(os.devnull, "wb") as nowhere:
            actions = [(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1)]
            process = os.posix_spawn(BINARY, [BINARY, *args], self.hub.environment, file_actions=actions)
            _, status, usage = os.wait4(process, 0)
        self.assertEqual(status, 0, args)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss

    def new_database(self):
        for file in self.hub.directory.glob("hub.db*"):
            file.unlink()
        self.ok("init", "--no-input")

    def count(self):
        return self.hub.sql("SELECT count(*) FROM customer")[0][0]

    def test_memory_is_bounded_and_time_is_linear(self):
        spent = []
        for count in (CUSTOMERS // 10, CUSTOMERS):
            self.new_database()
            generate("write_csv", self.list, count)
            seconds, memory = self.measure("customer", "import", str(self.list), "--quiet")
            self.assertEqual(self.count(), count)
            self.assertLess(memory, MEMORY)
            spent.append(seconds)
            self.say(f"{count} rows: {seconds:.2f} s of processor time, {memory} KiB")
        self.assertLess(spent[1] / spent[0], 20, "ten times the rows")
        self.assert_sound()

    def test_doubles_without_a_number_are_found_in_linear_time(self):
        spent = []
        for count in (CUSTOMERS // 30, CUSTOMERS // 3):
            self.new_database()
            rows = [f"Firma {i} ApS,{cvr(i)},Bo,Ek,p{k}@f{i}.dk\n" for k in range(2) for i in range(count) if cvr(i)]
            self.list.write_text("navn,cvr,fornavn,efternavn,contact_email\n" + "".join(rows))
            spent.append(self.measure("customer", "import", str(self.list), "--quiet")[0])
            self.assertEqual(self.count(), len(rows) // 2)
        self.say(f"{CUSTOMERS // 30} and {CUSTOMERS // 3} businesses in two places: {spent[0]:.2f} and {spent[1]:.2f} s")
        self.assertLess(spent[1] / spent[0], 25, "ten times the rows")

    def test_contacts_updates_and_rejects_are_bounded_too(self):
        count = CUSTOMERS // 5
        generate("write_contacts_csv", self.list, count)
        for more in ((), ("--on-duplicate", "update"), ("--on-duplicate", "skip")):
            seconds, memory = self.measure("customer", "import", str(self.list), "--quiet", *more)
            self.say(f"{count} customers with contacts {more}: {seconds:.2f} s, {memory} KiB")
            self.assertLess(memory, MEMORY)
        rejects = self.hub.directory / "rejects.csv"
        self.expect(4, self.hub.run("customer", "import", str(self.list), "--quiet", "--partial", "--rejects", str(rejects), limit=600))
        self.assertEqual(self.count(), count)
        self.assert_sound()

    def test_killed_at_any_moment_it_leaves_nothing_or_all(self):
        generate("write_csv", self.list, CUSTOMERS)
        self.ok("customer", "add", "--business", "Firma", "--number", "1")
        start = time.monotonic()
        self.ok("customer", "import", str(self.list), "-n", "--quiet", limit=600)
        duration = time.monotonic() - start
        killed = 0
        for _ in range(KILLS):
            process = self.hub.start("customer", "import", str(self.list), "--quiet")
            time.sleep(self.random.uniform(0, duration * 1.1))
            process.kill()
            process.communicate()
            killed += process.returncode == -9
            count = self.count()
            self.assertIn(count, (1, CUSTOMERS + 1))
            if count > 1:
                self.assertEqual(self.hub.sql("SELECT last_id - first_id + 1 FROM operation_created WHERE entity = 'customer' "
                                              "ORDER BY operation_id DESC LIMIT 1"), [(CUSTOMERS,)])
                break
        self.say(f"killed {killed} times")
        if self.count() == 1:
            self.ok("customer", "import", str(self.list), "--quiet", limit=600)
        self.assertEqual(self.count(), CUSTOMERS + 1)
        self.assert_sound()
        left = [path.name for path in self.hub.directory.iterdir() if "journal" in path.name or "rejects" in path.name]
        self.assertEqual(left, [])

    def test_readers_and_writers_beside_it_never_fail(self):
        generate("write_csv", self.list, CUSTOMERS)
        self.ok("customer", "add", "--business", "Firma", "--number", "1")
        waits, failures, ended = [], [], threading.Event()

        def poll(*args):
            while not ended.is_set():
                start = time.monotonic()
                result = self.hub.run(*args, limit=600)
                waits.append(time.monotonic() - start)
                if result.code:
                    failures.append(str(result))

        pollers = [threading.Thread(target=poll, args=("customer", "show", "1", "--format", "ids")),
                   threading.Thread(target=poll, args=("customer", "edit", "1", "--city", "Odense", "--quiet"))]
        for thread in pollers:
            thread.start()
        start = time.monotonic()
        _, memory = self.measure("customer", "import", str(self.list), "--quiet")
        duration = time.monotonic() - start
        ended.set()
        for thread in pollers:
            thread.join()
        self.assertEqual(failures, [])
        long = [wait for wait in waits if wait > 0.25]
        self.say(f"import {duration:.1f} s; {len(waits)} commands beside it, {len(long)} of them over 0.25 s, "
                 f"the longest {max(waits):.2f} s; {memory} KiB")
        self.assertLess(memory, MEMORY)
        self.assertLess(max(waits), max(2.0, duration * 0.6), "they wait for the final write only")


if __name__ == "__main__":
    main()
