"""The benchmark's rows of import: I1 to I4."""

import os
import shutil
import sqlite3

from customers import COLUMNS, generate

# The same columns under the same indexes. `.import` knows nothing of NULL, so its indexes hold the empty values too.
TABLE = f"CREATE TABLE customer ({', '.join(f'{name} TEXT' for name in COLUMNS)});\n"
INDEXES = ("CREATE UNIQUE INDEX customer_number ON customer (length(number), number);\n"
           "CREATE INDEX customer_cvr ON customer (cvr) WHERE cvr IS NOT NULL;\n"
           "CREATE INDEX customer_email ON customer (email) WHERE email IS NOT NULL;\n")
UPSERT = ("INSERT INTO customer SELECT * FROM more WHERE true ON CONFLICT (length(number), number) DO UPDATE SET "
          + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:]) + ";\n")


class ImportRows:
    """For Bench, which brings the rest."""

    def import_list(self, count):
        path = self.directory / f"list-{count}.csv"
        if not path.exists():
            generate("write_csv", path, count)
        return path

    def fresh(self):
        """An empty database for kundehub."""
        empty, database = self.directory / "empty.db", self.directory / "import.db"
        if not empty.exists():
            self.must(self.hub.run("init", "--no-input", "--db", str(empty)))
        for suffix in ("", ".key"):
            shutil.copy(f"{empty}{suffix}", f"{database}{suffix}")
        return database

    def sqlite_script(self, script, start_from=None):
        """A turn of the peer: the script on a database of its own."""
        database, file = self.directory / "peer-import.db", self.directory / "peer.sql"

        def run(_):
            database.unlink(missing_ok=True)
            if start_from:
                shutil.copy(start_from, database)
            file.write_text(script)
            return self.run_once(["/bin/sh", "-c", 'exec "$0" -bail "$1" <"$2"', self.sqlite, str(database), str(file)],
                                 self.hub.environment)
        return run

    def import_turn(self, path, *options, start_from=None):
        def run(_):
            database = self.fresh()
            if start_from:
                shutil.copy(start_from, database)
            return self.run_once([self.binary, "customer", "import", str(path), "--db", str(database), "--quiet", *options],
                                 self.hub.environment)
        return run

    def whole_import(self, name, before, goal):
        count = 100_000 if self.quick else 1_000_000
        path = self.import_list(count)
        script = f"{TABLE}{before}.mode csv\n.import --skip 1 {path} customer\n"
        spent = self.in_turn(1 if self.quick else 3, self.sqlite_script(script), self.import_turn(path))
        yield f"{name}, {count:,} customers, random keys", "`.import`" + (", the same indexes first" if before else ", no index"), spent, goal

    def i1(self):
        yield from self.whole_import("I1 `customer import`", INDEXES, "≤ 0.30")

    def i2(self):
        yield from self.whole_import("I2 `customer import`", "", "≤ 1.0")

    def i3(self):
        """A tenth of the rows is there already, under other names."""
        count = 100_000 if self.quick else 1_000_000
        more = count // 10
        many, more_path = self.import_list(count), self.directory / "more.csv"
        generate("write_csv", more_path, more, count - more // 10, " & Co")
        self.import_turn(many)(0)
        ours = self.directory / "many-ours.db"
        shutil.copy(self.directory / "import.db", ours)
        theirs = self.directory / "many-theirs.db"
        self.sqlite_script(f"{TABLE}.mode csv\n.import --skip 1 {many} customer\n{INDEXES}")(0)
        shutil.copy(self.directory / "peer-import.db", theirs)
        script = (f"{TABLE.replace('TABLE customer', 'TEMP TABLE more')}.mode csv\n.import --skip 1 {more_path} more\n"
                  f"BEGIN;\n{UPSERT}COMMIT;\n")
        spent = self.in_turn(1 if self.quick else 3, self.sqlite_script(script, theirs),
                             self.import_turn(more_path, "--on-duplicate", "update", start_from=ours))
        added = sqlite3.connect(self.directory / "import.db").execute("SELECT count(*) FROM customer").fetchone()[0]
        if added != count + more - more // 10:
            raise SystemExit(f"{added} customers after I3")
        yield f"I3 {more:,} rows into {count:,}, a tenth of them changes", "`.import` into a temporary table, upsert", spent, "≤ 1.0"

    def u1(self):
        """Against the import that is taken back."""
        count = 100_000
        path = self.import_list(count)
        self.import_turn(path)(0)
        imported = self.directory / "imported.db"
        shutil.copy(self.directory / "import.db", imported)

        def undo(_):
            database = self.fresh()
            shutil.copy(imported, database)
            return self.run_once([self.binary, "undo", "--db", str(database), "--quiet"], self.hub.environment)

        spent = self.in_turn(3, self.import_turn(path), undo)
        left = sqlite3.connect(self.directory / "import.db").execute("SELECT count(*) FROM customer").fetchone()[0]
        if left:
            raise SystemExit(f"{left} customers after U1")
        yield f"U1 `undo` of an import of {count:,} customers", "the import itself", spent, "seconds"

    def i4(self):
        """Not against a peer: the most memory that the process had."""
        counts = (100_000, 1_000_000) if self.quick else (1_000_000, 10_000_000)
        for count in counts:
            path = self.import_list(count)
            process = os.posix_spawn(self.binary, [self.binary, "customer", "import", str(path), "--db", str(self.fresh()), "--quiet"],
                                     self.hub.environment, file_actions=self.nowhere)
            _, status, usage = os.wait4(process, 0)
            if status:
                raise SystemExit(f"import of {count} rows failed with status {status}")
            print(f"| I4 peak memory, {count:,} customers | | | {usage.ru_maxrss / 1024:.0f} MiB | | ≤ 64 MiB | |", flush=True)
        yield from ()
