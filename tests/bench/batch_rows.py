"""The benchmark's row B1: the same commands in one process and in a process each."""


class BatchRows:
    """Part of Bench."""

    def b1(self):
        """`contact add` so many times to one business. The database is put back before each turn."""
        commands = 500 if self.quick else 10_000
        lines = [f'contact add 2000 "Bo Bæk <n{number}@example.dk>"' for number in range(commands)]
        file = self.directory / "contacts.batch"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.must(self.hub.run("customer", "add", "--business", "Firma", "--number", "2000"))
        empty = self.hub.database.read_bytes()

        def from_empty(work):
            def turn(_):
                self.hub.database.write_bytes(empty)
                return work()

            return turn

        def processes():
            spent = [self.run_once([self.binary, "contact", "add", "2000", f"Bo Bæk <n{number}@example.dk>"],
                                   self.hub.environment) for number in range(commands)]
            return tuple(map(sum, zip(*spent)))

        def batch(*options):
            spent = self.run_once([self.binary, "batch", str(file), *options], self.hub.environment)
            if self.hub.sql("SELECT count(*) FROM contact") != [(commands,)]:
                raise SystemExit("not every contact was added")
            return spent

        turns = 3
        by_process, atomic, plain = self.in_turn(turns, from_empty(processes), from_empty(lambda: batch("--atomic")),
                                                 from_empty(batch))
        peer = f"{commands:,} processes"
        yield f"B1 `batch --atomic`, {commands:,} `contact add`", peer, (by_process, atomic), "≤ 0.05"
        yield f"B1 `batch`, {commands:,} `contact add`", peer, (by_process, plain), "≤ 0.5"
