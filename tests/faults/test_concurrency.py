"""Many processes at once: no write is lost, none fails, nobody waits for long, and no mail goes out twice."""

import pathlib
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))

from hub import FULL, HubTest, main
from servers import ScriptedServer

PROCESSES, WRITES = 16, 500 if FULL else 100


class Concurrency(HubTest):
    def at_once(self, work, count):
        """Runs `work(n)` in `count` threads that start together. What one of them throws fails the test."""
        barrier, failures = threading.Barrier(count), []

        def guarded(number):
            barrier.wait()
            try:
                work(number)
            except BaseException as error:  # pylint: disable=broad-except
                failures.append(error)

        threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def test_writers(self):
        firm = self.add_business()
        numbers, waits = [], []

        def write(worker):
            for turn in range(WRITES):
                name = f"{worker}x{turn}"
                start = time.monotonic()
                if worker % 2:
                    result = self.hub.run("contact", "add", firm, f"Bo {name} <{name}@example.dk>", "--format", "ids")
                else:
                    result = self.hub.run("customer", "add", "--business", name, "--format", "ids")
                waits.append(time.monotonic() - start)
                assert result.code == 0, result
                assert "locked" not in result.err and "busy" not in result.err, result
                if not worker % 2:
                    numbers.append(result.out.strip())

        start = time.monotonic()
        self.at_once(write, PROCESSES)
        print(f"{PROCESSES} processes x {WRITES} writes: {time.monotonic() - start:.1f} s, a command took "
              f"{statistics.median(waits) * 1000:.0f} ms (median), {max(waits) * 1000:.0f} ms (worst)", file=sys.stderr)
        half = PROCESSES * WRITES // 2
        self.assertEqual(len(set(numbers)), half, "each customer has a number of its own")
        self.assertEqual({row[0] for row in self.hub.sql("SELECT number FROM customer")}, {*numbers, firm})
        names = {f"{worker}x{turn}@example.dk" for worker in range(1, PROCESSES, 2) for turn in range(WRITES)}
        self.assertEqual({row[0] for row in self.hub.sql("SELECT email FROM contact")}, names)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM operation"), [(2 * half + 1,)])
        self.assertLess(max(waits), 20, "some writer was starved")
        self.assert_sound()

    def test_readers_while_writing(self):
        firm = self.add_business()
        writing = threading.Event()

        def work(worker):
            if worker == 0:
                for turn in range(WRITES):
                    self.ok("contact", "add", firm, f"Bo {turn} <{turn}@example.dk>")
                writing.set()
            while not writing.is_set():
                self.ok("customer", "show", firm)

        self.at_once(work, 4)

    def test_one_deliverer(self):
        """However many runs are started, each mail goes out once."""
        people = [f"p{number}@example.dk" for number in range(40)]
        self.add_business("--hub", "--module", "invoices",
                          *(word for address in people for word in ("--contact", f"Bo Æ <{address}>")))
        server = ScriptedServer(self.hub.directory / "server", "", "--delay", "5")
        self.addCleanup(server.close)
        self.hub.use_transport(server.url)
        self.ok("welcome", "send", "--never-sent", "--queue", "--yes")
        self.at_once(lambda _: self.ok("welcome", "deliver"), 8)
        self.assertEqual(sorted(envelope["to"][0] for envelope, _ in server.mails()), sorted(people))
        self.assertEqual({row["state"] for row in self.ok("welcome", "status", "--json").json()}, {"sent"})

    def test_mails_that_come_in_while_delivering(self):
        """Who finds a delivery running leaves the mail to it, and it is not left behind."""
        server = ScriptedServer(self.hub.directory / "server", "", "--delay", "2")
        self.addCleanup(server.close)
        self.hub.use_transport(server.url)
        firm = self.add_business("--hub", "--module", "invoices")

        def work(worker):
            for turn in range(5):
                address = f"p{worker}x{turn}@example.dk"
                self.ok("contact", "add", firm, f"Bo Æ <{address}>")
                self.ok("welcome", "send", address, "--queue")
                self.ok("welcome", "deliver")

        self.at_once(work, 6)
        self.assertEqual(self.hub.sql("SELECT state, count(*) FROM welcome GROUP BY state"), [("sent", 30)])
        self.assertEqual(len({envelope["to"][0] for envelope, _ in server.mails()}), 30)
        self.assertEqual(len(server.mails()), 30)


if __name__ == "__main__":
    main()
