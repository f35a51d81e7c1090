"""Customer lists as they come out of other programs: what is imported, what is refused, and that nothing is mangled."""

import json
import os
import pathlib
import random
import tempfile
import unittest

from hub import Hub

HEADINGS = ["Firmanavn", "Kundenummer", "CVR nummer", "Adresse", "Postnummer", "By", "Land", "Faktureringsmail", "Telefon",
            "Webside", "Noter"]
ROWS = [["Rødgrød ApS", "1001", "12345674", "Ågade 1", "8000", "Aarhus C", "Danmark", "bogholderi@roedgroed.dk",
         "12 34 56 78", "www.roedgroed.dk", 'Første linje\r\nAnden "linje"; sidste'],
        ["Anna Berg", "1002", "", "Ærøvej 2", "5970", "Ærøskøbing", "", "anna@berg.dk", "0045 12345678", "", ""],
        ["Størk A/S", "1003", "DK 88 14 63 28", "", "", "", "Sverige", "", "", "", "Prisaftale: 250 €"]]


def cell(text):
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ';"\r\n') else text


def excel(rows):
    """As Excel saves it with Danish settings."""
    return "".join(";".join(map(cell, row)) + "\r\n" for row in rows)


class ImportCase(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.hub = Hub(self.directory)
        self.hub.init()

    def file(self, content, name="customers.csv"):
        path = self.directory / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def succeed(self, *args, **options):
        result = self.hub.run(*args, **options)
        self.assertEqual(result.code, 0, result)
        return result

    def export(self, *args):
        return self.succeed("customer", "export", "--with-contacts", "--all", *args).raw_out

    def empty(self):
        """The next commands have an empty database."""
        for file in self.directory.glob("hub.db*"):
            file.unlink()
        self.succeed("init", "--no-input")


class DanishExcel(ImportCase):
    def test_an_excel_file_needs_no_option_in_any_encoding(self):
        text = excel([HEADINGS, *ROWS])
        exports = []
        for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
            self.empty()
            summary = self.succeed("customer", "import", self.file(text.encode(encoding)), "--json").json()
            self.assertEqual((summary["new"], summary["rejected"]), (3, 0))
            exports.append(self.export("--format", "jsonl"))
        self.assertEqual(len(set(exports)), 1)
        first, second, third = (json.loads(line) for line in exports[0].splitlines())
        self.assertEqual((first["kind"], first["cvr"], first["country"], first["notes"]),
                         ("business", "12345674", "DK", 'Første linje\nAnden "linje"; sidste'))
        self.assertEqual((second["kind"], second["phone"], second["email"]), ("private", "+45 12345678", "anna@berg.dk"))
        self.assertEqual((third["kind"], third["cvr"], third["country"], third["notes"]),
                         ("business", "88146328", "SE", "Prisaftale: 250 €"))

    def test_rows_and_lines_are_named_behind_a_quoted_line_break(self):
        rows = [HEADINGS, ROWS[0], ["Bo", "1004", "12345678"] + [""] * 8]
        result = self.hub.run("customer", "import", self.file(excel(rows)))
        self.assertEqual(result.code, 65)
        self.assertIn('row 3 (line 4): CVR nummer: CVR number "12345678" is mistyped', result.err)

    def test_standard_input_and_a_fifo(self):
        text = excel([HEADINGS, *ROWS]).encode("cp1252")
        self.assertEqual(self.succeed("customer", "import", "-", "--format", "ids", stdin=text).out, "op:1\n")
        fifo = self.directory / "fifo"
        os.mkfifo(fifo)
        process = self.hub.start("customer", "import", str(fifo), "--on-duplicate", "skip", "--json")
        fifo.write_bytes(text)
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, json.loads(out)["duplicates"]), (0, 3), err)


class Hostile(ImportCase):
    """Each ends in a clear message and its exit code, and leaves the database as it was."""

    def refused(self, content, code, message, *args):
        before = self.hub.database.read_bytes()
        path = content if isinstance(content, pathlib.Path) else self.file(content)
        result = self.hub.run("customer", "import", str(path), *args)
        self.assertEqual(result.code, code, result)
        self.assertIn(message, result.err)
        self.assertEqual(result.out, "")
        self.assertEqual(self.hub.database.read_bytes(), before)
        return result

    def test_encodings(self):
        self.refused("navn\nSøren\n".encode() + b"J\xf8rgen\n", 65, "line 3 is not UTF-8, and line 2 is")
        self.refused(b"navn\nJ\xf8rgen\n" + "Søren\n".encode(), 65, "mixes two encodings")
        self.refused(b"navn\nA\xc0\x80\n", 65, "line 2 has a malformed character")
        self.refused(b"navn\nA\xed\xa0\x80\n", 65, "line 2 has a malformed character")
        self.refused("navn\nSøren\n".encode() + b"A\xc0\x80\n", 65, "row 3 (line 3): navn: name", "--encoding", "utf-8")
        self.refused(b"navn\nA\0B\n", 65, "line 2 has a NUL byte")
        self.refused("navn\nA".encode("utf-16")[:-1], 65, "line 2 has bytes that are no utf-16")

    def test_tables(self):
        self.refused('navn\n"Bo\nAnna\n', 65, "the quote that opens in row 2 (line 2) is never closed")
        self.refused('navn,by\nBo "B",x\n', 65, "row 2 (line 2): has a quote inside a cell that is not quoted")
        self.refused('navn,by\n"Bo"x,y\n', 65, "row 2 (line 2): has text behind a closing quote")
        self.refused("navn;by\nBo;x\nAnna", 65, "row 3 (line 3): has 1 cells, and there are 2 columns: the file was cut off")
        self.refused("navn;by\nBo\nAnna;y\n", 65, "is a line break in a cell not quoted?")
        self.refused("navn;by\nBo;x;y\n", 65, "is a delimiter in a cell not quoted?")
        self.refused("navn;by;navn\nBo;x;y\n", 65, 'the column "navn" stands twice')
        self.refused("navn;firmanavn\nBo;x\n", 65, 'the columns "navn" and "firmanavn" are both taken for name')
        result = self.refused("by;land\nOdense;DK\n", 65, "no column holds the customers' names")
        self.assertIn('the columns are "by", "land"', result.err)
        self.refused("navn," + "," .join(f"c{i}" for i in range(10_000)) + "\n", 65, "has more than 1000 cells")
        self.refused("navn,noter\nBo," + "x" * 10_000_000 + "\n", 65, "row 2 (line 2) has more than 1 MiB")
        self.refused("navn,noter\nBo," + "x" * 100_000 + "\n", 65, "has 100000 characters, and 20000 are allowed")

    def test_files(self):
        self.refused("", 65, "the file is empty")
        self.refused(b"PK\x03\x04" + os.urandom(100), 65, "save it as \"CSV UTF-8\"")
        self.refused('[{"name": "Bo"}]', 65, "jq -c '.[]'")
        self.refused(self.directory, 66, "it is a folder")
        self.refused(pathlib.Path("/dev/zero"), 66, "it is a device or a socket")
        self.refused(self.directory / "none.csv", 66, "No such file or directory")
        fifo = self.directory / "fifo"
        os.mkfifo(fifo)
        self.refused(fifo, 66, "nobody writes into this FIFO")

    def test_standard_input_without_end(self):
        with open("/dev/zero", "rb") as zeros:
            process = self.hub.start("customer", "import", "-", stdin=zeros)
            _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 65)
        self.assertIn(b"line 1 has a NUL byte", err)

    def test_what_excel_has_mangled(self):
        for column, value in (("kundenr", "4,5E+07"), ("cvr", "1.23457E+11"), ("telefon", "4,5E+07"), ("postnr", "#N/A"),
                              ("telefon", "########"), ("adresse", "#VÆRDI!")):
            result = self.refused(f"navn;{column}\nBo;{value}\n", 65, f'row 2 (line 2): {column}: "{value}" is ')
            self.assertIn("spreadsheet", result.err)
        self.succeed("customer", "import", self.file("navn;postnr\nBo;800\n"))
        self.assertIn('postal code "800" is a digit short',
                      self.succeed("customer", "import", self.file("navn;postnr\nBo;800\n"), "-n").err)

    def test_names(self):
        for name in ("A\x1b]52;c;x\x07", "A\u202eB", "A\u2028B", "A\x85B", "A\u200bB", "e" + "\u0301" * 1000):
            self.refused(f"navn,by\n{name},x\n".encode(), 65, "row 2 (line 2): navn: name")
        self.refused('navn,by\n"A\r\nBcc: x@y.dk",x\n', 65, "contains a line break")
        for email in ("a@b@c.dk", "a@x>", "jørgen@rødgrød.dk", "a@[127.0.0.1]", "a@b.dk.", '"a b"@c.dk'):
            self.refused(excel([["navn", "email"], ["Bo", email]]), 65, "row 2 (line 2): email: e-mail address")

    def test_odd_names_come_in_as_they_are(self):
        names = ["{{link}} %s ${HOME}", "<script>alert(1)</script>", "'; DROP TABLE customer; --", "-rf", "=HYPERLINK(1)",
                 "+SUM(1)", "@a", "Åse", "A\u030ase"]
        self.succeed("customer", "import", self.file(excel([["navn", "nr"]] + [[n, str(i)] for i, n in enumerate(names, 1)])))
        stored = [json.loads(line)["name"] for line in self.export("--format", "jsonl").splitlines()]
        self.assertEqual(stored, names[:-1] + ["Åse"])  # NFC

    def test_cr_only_and_semicolons_and_tabs_and_bars(self):
        for delimiter in ",;\t|":
            self.empty()
            text = delimiter.join(["Navn", "Kunde-nr.", "BY"]) + "\r" + delimiter.join(['"Bo ""B"""', "7", "Odense"]) + "\r"
            self.succeed("customer", "import", self.file(text))
            self.assertEqual(self.hub.sql("SELECT number, name, city FROM customer"), [("7", 'Bo "B"', "Odense")])


class Partial(ImportCase):
    TEXT = ("Firmanavn;Kundenr;CVR;Fornavn;Efternavn;E-mail\r\n"
            "Nordlys ApS;1;12345674;Anna;Berg;anna@nordlys.dk\r\n"
            "Nordlys ApS;1;12345674;Bo;Ek;bo@nordlys\r\n"
            "Sydlys ApS;2;;Carl;Lund;carl@sydlys.dk\r\n"
            "Østlys ApS;3;123;Dorte;Møller;dorte@oestlys.dk\r\n"
            "Sydlys ApS;2;;Erik;Friis;erik@sydlys.dk\r\n")

    def test_rejects_are_mended_and_imported_and_nothing_twice(self):
        rejects = self.directory / "rejects.csv"
        result = self.hub.run("customer", "import", self.file(self.TEXT.encode("cp1252")), "--partial", "--rejects", str(rejects),
                              "--json")
        self.assertEqual(result.code, 5, result)
        summary = result.json()
        self.assertEqual((summary["rows"], summary["new"], summary["contacts"], summary["rejected"]), (5, 1, 2, 3))
        lines = rejects.read_text(encoding="utf-8-sig").splitlines()
        self.assertEqual(lines[0], "Firmanavn;Kundenr;CVR;Fornavn;Efternavn;E-mail;reason")
        # A customer enters whole or not at all: so Nordlys waits for its second row.
        self.assertEqual([line.split(";")[3] for line in lines[1:]], ["Anna", "Bo", "Dorte"])
        self.assertIn("goes with row 3, which is rejected", lines[1])
        mended = rejects.read_text(encoding="utf-8-sig").replace("bo@nordlys;", "bo@nordlys.dk;").replace(";123;", ";;")
        again = self.succeed("customer", "import", self.file(mended, "mended.csv"), "--json").json()
        self.assertEqual((again["new"], again["contacts"], again["rejected"]), (2, 3, 0))
        numbers = self.hub.sql("SELECT number, (SELECT count(*) FROM contact WHERE customer_id = customer.id) FROM customer "
                               "ORDER BY number")
        self.assertEqual(numbers, [("1", 2), ("2", 2), ("3", 1)])
        whole = self.hub.run("customer", "import", self.file(mended, "mended.csv"))
        self.assertEqual(whole.code, 4, whole)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer"), [(3,)])

    def test_atomic_names_every_bad_row_and_changes_nothing(self):
        result = self.hub.run("customer", "import", self.file(self.TEXT), "--json")
        self.assertEqual((result.code, result.out), (65, ""))
        error = result.error()
        self.assertEqual((error["kind"], error["exit"], len(error["refused"])), ("bad_data", 65, 2))
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer"), [(0,)])

    def test_too_many_errors_end_it(self):
        result = self.hub.run("customer", "import", self.file(self.TEXT), "--partial", "--max-errors", "1")
        self.assertEqual(result.code, 65, result)
        self.assertEqual(self.hub.sql("SELECT count(*) FROM customer"), [(0,)])

    def test_an_update_keeps_what_it_replaces(self):
        text = self.TEXT.replace("bo@nordlys\r", "bo@nordlys.dk\r").replace(";123;", ";;")
        self.succeed("customer", "import", self.file(text), "--hub", "--module", "projects")
        before = {number: was for number, was in self.hub.sql("SELECT number, name FROM customer")}
        changed = text.replace("Sydlys ApS", "Sydlys A/S").replace("Carl;Lund", "Karl;Lund") + \
            "Østlys ApS;3;;Gitte;Holm;gitte@oestlys.dk\r\n"
        plan = self.hub.run("customer", "import", self.file(changed), "--on-duplicate", "update", "-n", "--json").json()
        self.assertEqual([(d["row"], d["field"], d["before"], d["after"]) for d in plan["differences"][:2]],
                         [(4, "name", "Sydlys ApS", "Sydlys A/S"), (4, "contact_first_name", "Carl", "Karl")])
        done = self.succeed("customer", "import", self.file(changed), "--on-duplicate", "update", "--json").json()
        self.assertEqual((done["changed"], done["unchanged"], done["contacts"], done["contacts_changed"]), (2, 1, 1, 1))
        kept = self.hub.sql("SELECT entity, json_extract(was, '$.name'), json_extract(was, '$.first_name') FROM operation_before "
                            "JOIN operation ON operation.id = operation_id WHERE operation.id = 2 ORDER BY entity")
        self.assertEqual(kept, [("contact", None, "Carl"), ("customer", before["2"], None)])
        created = self.hub.sql("SELECT first_id FROM operation_created WHERE operation_id = 2 AND entity = 'contact'")
        self.assertEqual(created, self.hub.sql("SELECT id FROM contact WHERE email = 'gitte@oestlys.dk'"))


class RoundTrip(ImportCase):
    CUSTOMERS = 10_000
    ODD = ["=1+1", "+45 12345678", "'=1", "-x", "@y", '"q"', "a;b", "a,b", "a|b", " x", "Ærø", "日本", "e\u0301", "a\u200dm", "x" * 190,
           "1E5", "007", "'", "''-1", "NULL", "true", "\\n", "%s {{x}}"]

    def fill(self):
        """Every field, with odd text in it."""
        rng = random.Random(5)
        lines = []
        for i in range(self.CUSTOMERS):
            odd = lambda: rng.choice(self.ODD) + str(rng.randrange(10))
            customer = {"number": f"K-{i}" if i % 3 else str(i + 1), "kind": "private" if i % 4 == 0 else "business", "name": odd(),
                        "address": odd(), "zip": "0800", "city": odd(), "country": rng.choice(["DK", "SE"]),
                        "language": rng.choice(["da", "en"]), "website": odd(), "notes": f"{odd()}\n\n\t{odd()}\n{odd()}",
                        "phone": rng.choice(["+45 12 34 56 78", "12345678", None]), "email": f"post{i}@example.dk",
                        "tags": sorted({rng.choice(["a b", "=x", "vip"]) for _ in range(2)}), "hub": rng.choice(["on", "off"]),
                        "modules": sorted({rng.choice(["invoices", "projects"]) for _ in range(2)})}
            if customer["kind"] == "business":
                customer["cvr"] = "12345674"
                customer["contacts"] = [
                    {"first_name": odd(), "last_name": odd(), "email": f"p{k}@example.dk", "title": odd(), "phone": "87654321",
                     "language": rng.choice(["da", "en", None]), "hub": rng.choice(["on", "off"]), "primary": k == 1}
                    for k in range(rng.randrange(4))]
                if len(customer["contacts"]) == 1:
                    customer["contacts"][0]["primary"] = True
            lines.append(json.dumps(customer, ensure_ascii=False))
        self.succeed("customer", "import", self.file("\n".join(lines) + "\n", "all.jsonl"))

    def test_what_is_exported_comes_back_to_the_byte(self):
        self.fill()
        for format in ("csv", "tsv", "jsonl"):
            first = self.export("--format", format)
            self.assertGreater(len(first), self.CUSTOMERS * 100)
            database = self.directory / f"{format}.db"
            self.succeed("init", "--no-input", "--db", str(database))
            self.succeed("customer", "import", self.file(first, f"first.{format}"), "--db", str(database))
            self.assertEqual(self.export("--format", format, "--db", str(database)), first)
        excel_file = self.export("--excel")
        database = self.directory / "excel.db"
        self.succeed("init", "--no-input", "--db", str(database))
        self.succeed("customer", "import", self.file(excel_file, "excel.csv"), "--db", str(database))
        self.assertEqual(self.export("--excel", "--db", str(database)), excel_file)


if __name__ == "__main__":
    unittest.main()
