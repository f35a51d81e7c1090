"""The data that rows share: customer lists and databases, made when first asked for."""

import os
import shutil
import sqlite3

from customers import FIRST_NUMBER, generate
from measure import must

RARE_WORD = "Blåbærgrød"
RARE_FINDS = 3  # customers that have it in their name or a contact's
AN_HOUR = 3600


def copy_database(source, target):
    """With its key, and on the disk when this ends: else the next command's fsync would write the copy too."""
    for suffix in ("", ".key"):
        if os.path.exists(f"{source}{suffix}"):
            shutil.copy(f"{source}{suffix}", f"{target}{suffix}")
            with open(f"{target}{suffix}", "rb") as file:
                os.fsync(file.fileno())
    return target


def read(database, query):
    """The first value of the query's first row."""
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchone()[0]
    finally:
        connection.close()


def expect(database, query, expected):
    found = read(database, query)
    if found != expected:
        raise RuntimeError(f"{found}, not {expected}: {query}")


class Databases:
    """In a directory, made by the program with `hub`'s configuration. They stay as they are: whoever writes takes a
    copy."""

    def __init__(self, directory, hub):
        self.directory, self.hub = directory, hub

    def customer_list(self, count):
        """Businesses without contacts, as CSV."""
        path = self.directory / f"list-{count}.csv"
        if not path.exists():
            generate("write_csv", path, count)
        return path

    def empty(self):
        database = self.directory / "empty.db"
        if not database.exists():
            must(self.hub.run("init", "--no-input", "--db", str(database)))
        return database

    def customers(self, count):
        """Businesses with two contacts each on average, and a few that a search for RARE_WORD finds."""
        database = self.directory / f"hub-{count}.db"
        if not database.exists():
            made = self.make_customers(count)
            for suffix in (".key", ""):
                os.rename(f"{made}{suffix}", f"{database}{suffix}")
        return database

    def make_customers(self, count):
        contacts, database = self.directory / "contacts.csv", copy_database(self.empty(), self.directory / "made.db")
        generate("write_contacts_csv", contacts, count)
        new_business, someone = ("customer", "add", "--business"), "--contact=Åse Ø <aase@groed.example.dk>"
        for command in (("customer", "import", str(contacts), "--quiet"),
                        (*new_business, f"Café {RARE_WORD} ApS", someone),
                        (*new_business, f"{RARE_WORD} & Co ApS", someone),
                        ("contact", "add", str(FIRST_NUMBER + count // 2), f"Bo {RARE_WORD} <bo@groed.example.dk>")):
            must(self.hub.run(*command, "--db", str(database), limit=AN_HOUR))
        contacts.unlink()
        return database
