"""Generates customer lists, the same each time: Danish names, keys in random order. Python's standard library only."""

import random
import subprocess
import sys

FIRST = "Anna Bo Carl Dorte Erik Freja Gitte Hans Ida Jørgen Kåre Lærke Mette Niels Ole Søren Åse".split()
LAST = ("Andersen Berg Christensen Dahl Ek Friis Grøn Holm Iversen Jørgensen Kjær Lund Møller Nygård Østergård "
        "Ågård").split()
TOWNS = [("1000", "København K"), ("8000", "Aarhus C"), ("5000", "Odense C"), ("9000", "Aalborg"),
         ("5970", "Ærøskøbing"), ("4900", "Nakskov")]
COLUMNS = ("number", "kind", "name", "cvr", "email", "phone", "address", "zip", "city", "country", "language",
           "website", "notes")
FIRST_NUMBER = 2_000_000
WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def cvr(i):
    """A number with a right check digit, another one for each i; the last of ten million find none."""
    base = 1_000_000 + i
    if base > 9_999_999:
        return ""
    digits = [int(d) for d in f"{base:07d}"]
    check = -sum(w * d for w, d in zip(WEIGHTS, digits)) % 11
    return f"{base:07d}{check}" if check < 10 else ""  # one in eleven has no CVR number


def scattered(i, count):
    """Another order of 0 … count - 1, far from sorted: 7919 is prime to every count that is used."""
    return i * 7919 % count


def some_number(turn, count):
    """A customer's number in a list of `count`, another one each turn, far from the one before."""
    return str(FIRST_NUMBER + scattered(turn, count))


def rows(count, start=0, change=""):
    """Businesses without contacts, as tuples of COLUMNS; numbers from FIRST_NUMBER + start, in random order."""
    order = list(range(start, start + count))
    random.Random(7).shuffle(order)
    for i in order:
        first, last = FIRST[i % 17], LAST[i // 17 % 16]
        zip_code, city = TOWNS[i % 6]
        far = start + scattered(i - start, count)
        yield (str(FIRST_NUMBER + i), "business", f"{last} & {first}{change} ApS", cvr(far),
               f"post{far}@firma{i % 1000}.example.dk", f"+45 {20_000_000 + i % 79_999_999}",
               f"{last}vej {i % 200}", zip_code, city, "DK", "da", f"www.firma{i}.example.dk", "")


def generate(*args):
    """Calls write_csv or write_contacts_csv in a process of its own: a program that is started by a large process
    counts as large itself, before it has begun."""
    subprocess.run([sys.executable, __file__, *map(str, args)], check=True)


def write_csv(path, count, start=0, change=""):
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        file.writelines(",".join(row) + "\n" for row in rows(count, start, change))


def write_contacts_csv(path, count):
    """`count` customers with two contacts each on average, a row for each contact."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + ",contact_first_name,contact_last_name,contact_email\n")
        for row in rows(count):
            i = int(row[0])
            for k in range(1 + i % 3):
                first, last = FIRST[(i + k) % 17], LAST[(i + k) % 16]
                file.write(",".join(row) + f",{first},{last},p{k}@firma{i}.example.dk\n")


if __name__ == "__main__":
    function, file, *numbers = sys.argv[1:]
    change = numbers.pop() if len(numbers) == 3 else ""
    globals()[function](file, *map(int, numbers), **({"change": change} if change else {}))
