"""The messages of the sources, and what a catalog of data/po/ has for them. Needs GNU gettext's programs."""

import collections
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# What a message is filled in with, as fmt reads it: {}, {0}, {:02}.
PLACEHOLDER = re.compile(r"\{(\d*)(:[^{}]*)?\}")

Message = collections.namedtuple("Message", "key plural translations is_fuzzy")


def _text(lines):
    unescape = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: unescape.get(found[1], found[0]), "".join(line[1:-1] for line in lines))


def _message(entry):
    parts, current = {}, None
    for line in entry.splitlines():
        found = re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")$', line)
        if found:
            current = parts.setdefault(found[1], [])
            current.append(found[2])
        elif line.startswith('"') and current is not None:
            current.append(line)
    if not parts:
        return None
    translations = [_text(lines) for name, lines in parts.items() if name.startswith("msgstr")]
    plural = _text(parts["msgid_plural"]) if "msgid_plural" in parts else None
    return Message(_text(parts["msgid"]), plural, translations, re.search(r"^#,.*fuzzy", entry, re.M) is not None)


def messages(text):
    """Those of a PO file's text, without its header."""
    found = (_message(entry) for entry in text.split("\n\n"))
    return {message.key: message for message in found if message and message.key}


def extracted():
    """Those that the sources have, by data/po/extract.sh."""
    done = subprocess.run([ROOT / "data/po/extract.sh"], capture_output=True, text=True, check=True)
    if done.stderr:
        raise AssertionError(f"xgettext: {done.stderr}")
    return messages(done.stdout)


def of_catalog(language):
    return messages((ROOT / f"data/po/{language}.po").read_text("utf-8"))


def _ends(text):
    return [len(text) - len(text.lstrip(" ")), text.startswith("\n"), text.endswith("\n"), text.endswith(" ")]


def _fills_in(text):
    """How often each value is used, by its place."""
    places = PLACEHOLDER.findall(text.replace("{{", "").replace("}}", ""))
    return sorted(int(place or at) for at, (place, _) in enumerate(places))


def faults_of(message):
    """What is wrong with the translations of one message."""
    key = message.key
    if message.is_fuzzy:
        yield f"fuzzy: {key}"
    originals = [key] if message.plural is None else [key, message.plural]
    for original, translation in zip(originals, message.translations):
        if not translation:
            yield f"not translated: {key}"
        elif _fills_in(original) != _fills_in(translation):
            yield f"filled in otherwise: {key} -> {translation}"
        elif len({bool(place) for place, _ in PLACEHOLDER.findall(translation)}) > 1:
            yield f"has both {{}} and {{0}}: {translation}"
        elif _ends(original) != _ends(translation):
            yield f"begins or ends with other blanks or lines: {key} -> {translation}"
        elif re.findall(r"--[a-z][a-z-]+", original) != re.findall(r"--[a-z][a-z-]+", translation) and \
                sorted(re.findall(r"--[a-z][a-z-]+", original)) != sorted(re.findall(r"--[a-z][a-z-]+", translation)):
            yield f"names other options: {key} -> {translation}"


def faults(language):
    wanted, there = extracted(), of_catalog(language)
    yield from (f"missing: {key}" for key in wanted if key not in there)
    yield from (f"said no longer: {key}" for key in there if key not in wanted)
    for message in there.values():
        yield from faults_of(message)


# Calls whose text is for people: a literal in them that no tr() is around would stay English.
FOR_PEOPLE = re.compile(r"\b(?:Error\((?:ErrorKind::\w+|error\.kind\(\)), |(?:session|m_session)\.(?:note|warn|confirm|ask|ask_yes)\()"
                        r'(?:fmt::format\()?("(?:[^"\\\n]|\\.)*")')


def untranslated_literals(text):
    """Messages in C++ that go to people past the catalog; a command line is the same in every language."""
    for literal in FOR_PEOPLE.findall(text):
        if re.search(r"[a-z]{2}.* |  *[a-z]{2}", literal) and not re.match(r'"kundehub [a-z]+ ', literal):
            yield literal
