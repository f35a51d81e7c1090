"""Lists in the order of the Danish alphabet, held against ICU's collation for da_DK: a library of the test, not of the program."""

import ctypes
import glob
import random
import unittest

from hub import HubTest, main

FIRST = ("Søren Åse Aase Ærø Aage Åge André Andre Zoë Zoe Jürgen Jyrgen Bjørn Bjorn Björn Ulla Ole Öle Lærke Läerke Müller "
         "Çelik Célia Señor Þór Øjvind Jens-Peter Łukasz Weiß Weiss Ægir AAGE AASE aagaard SØREN søren anne-marie Anne Marie "
         "O'Neil Œuvre Aabenraa Århus Aarhus").split()
LAST = ("Ågård Aagaard Østergaard Ostergaard Nielsen Nielßen Hansen Håkansson Haakansson Æbelø Skov Co. ApS A/S A/s I/S 1. 2 10 "
        "3F (Nord) Dańczak Dvořák Šimek Nørgård Nørgaard Young Ürgen").split()


class Danish:
    """ICU's own order, by way of the C interface; its names end in the library's version."""

    def __init__(self):
        libraries = sorted(glob.glob("/usr/lib/*/libicui18n.so.*"), key=len)
        if not libraries:
            raise unittest.SkipTest("ICU is not there: run tests/install_dependencies.sh")
        self.version = libraries[0].rsplit(".so.", 1)[1].split(".")[0]
        self.library = ctypes.CDLL(libraries[0])
        function = self.function("ucol_open")
        function.restype = ctypes.c_void_p
        error = ctypes.c_int(0)
        self.collator = ctypes.c_void_p(function(b"da_DK", ctypes.byref(error)))
        if error.value > 0:
            raise AssertionError(f"ICU has no Danish: {error.value}")

    def function(self, name):
        return getattr(self.library, f"{name}_{self.version}")

    def key(self, text):
        units = text.encode("utf-16-le")
        buffer = ctypes.create_string_buffer(2000)
        size = self.function("ucol_getSortKey")(self.collator, units, len(units) // 2, buffer, len(buffer))
        return buffer.raw[:size]


def generate_names(count):
    """Names with æøå in every spelling, accents, capitals and signs; always the same."""
    chance = random.Random(1)
    names = set()
    while len(names) < count:
        name = chance.choice(FIRST) + chance.choice((" ", "-", " & ", ", ")) + chance.choice(LAST)
        if chance.random() < 0.5:
            name += " " + chance.choice(LAST)
        case = chance.random()
        names.add(name.upper() if case < 0.1 else name.lower() if case < 0.2 else name)
    return sorted(names, key=lambda name: chance.random())


class Order(HubTest):
    def test_ten_thousand_names(self):
        danish = Danish()
        names = generate_names(10_000)
        rows = "".join(f'{{"name": "{name}", "kind": "business"}}\n' for name in names)
        self.ok("customer", "import", "-", "--from", "jsonl", stdin=rows.encode())
        listed = [row["name"] for row in self.ok("customer", "list", "--sort", "name", "--json").json()]
        self.assertEqual(len(listed), 10_000)
        keys = [danish.key(name) for name in listed]
        wrong = [(listed[i], listed[i + 1]) for i in range(len(keys) - 1) if keys[i] > keys[i + 1]]
        self.assertEqual(wrong, [])
        self.assertEqual([row["name"] for row in self.ok("customer", "list", "--sort", "name", "--reverse", "--json").json()],
                         listed[::-1])

    def test_pages_put_together_are_the_list(self):
        for number, name in enumerate(("Zoo", "Aabenraa", "Bo", "Bo", "Æble", "Århus", "bo", "Øst", "Aarhus"), 1):
            self.add_business("--number", str(number * 7), name=name)
        for order in (("--sort", "name"), ("--sort", "name", "--reverse"), (), ("--reverse",), ("--sort", "created_at")):
            with self.subTest(order=order):
                whole = self.ok("customer", "list", *order, "--format", "ids").out.split()
                self.assertEqual(len(whole), 9)
                pages = self.ok("customer", "list", *order, "--limit", "2", "--format", "ids").out.split()
                while page := self.ok("customer", "list", *order, "--limit", "2", "--after-number", pages[-1], "--format",
                                      "ids").out.split():
                    pages += page
                self.assertEqual(pages, whole)
        self.assertIn("no customer", self.expect(3, self.hub.run("customer", "list", "--sort", "name", "--after-number",
                                                                 "8")).err)


if __name__ == "__main__":
    main()
