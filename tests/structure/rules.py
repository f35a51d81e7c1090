"""The rules of the source tree: who may include whom, and how large a file may be. Python's standard library only."""

import pathlib
import re

MAX_LINES = 400
TOP_LEVEL = {"CMakeLists.txt", "README.md", "LICENSE", "cli", "core", "data", "man", "tests"}
WRITTEN_BY_HAND = {".cpp", ".hpp", ".py", ".sh", ".sql", ".cmake"}

# Folder: what its files may include of the project, as paths and folders. The longest folder that fits a file counts.
MAY_INCLUDE = {
    "cli": ["cli", "core"],
    "core": ["core"],
    "core/model": ["core/model", "core/text"],
    "core/text": ["core/text", "core/model/error.hpp"],
    "core/store": ["core/store", "core/model"],
    "core/store/sqlite": ["core/store", "core/model", "core/text", "core/embedded.hpp", "core/durable_file.hpp"],
    "core/mail": ["core/mail", "core/model", "core/text/translate.hpp"],
    "core/mail/module": ["core/mail"],
}

# What only some may name: a file or a folder, as it stands in an include: who, as paths and folders.
ONLY_BY = {
    # The concrete store and its library.
    "core/store/sqlite": ["core/store/sqlite", "cli/session.cpp"],
    "sqlite3.h": ["core/store/sqlite"],
    "SQLiteCpp": ["core/store/sqlite"],
    # The mail module's inside, and the libraries that the executable must not load.
    "core/mail/module": ["core/mail/module"],
    "curl": ["core/mail/module"],
    "gmime": ["core/mail/module"],
    "idn2.h": ["core/mail/module"],
    # The questions to the DNS.
    "resolv.h": ["core/mail/dns_texts.cpp"],
    "arpa/nameser.h": ["core/mail/dns_texts.cpp"],
    # The door to the module: the loader, the module itself, and the session that opens it.
    "core/mail/mail_module.hpp": ["core/mail/mail_module.cpp", "core/mail/module/module.cpp", "cli/session.cpp"],
    "dlfcn.h": ["core/mail/mail_module.cpp", "cli/output_table.cpp"],
    # The front end's libraries, and the real streams.
    "CLI": ["cli"],
    "libsmartcols": ["cli/output_table.cpp"],
    "iostream": ["cli/main.cpp"],
    "toml++": ["core/toml.hpp"],
    "core/toml.hpp": ["core/config.cpp", "core/form"],
}

# What core must not do: it prints nothing and exits never.
FORBIDDEN_IN_CORE = re.compile(r"\bstd::(exit|_Exit|quick_exit|cout|cerr|clog)\b|"
                               r"(?<![\w.:>])(exit|_exit|printf|puts|perror)\(")

# nlohmann's first write into a null value makes it an object before there is memory for one: where there is none, its
# destructor reads a null pointer (3.11). A record begins as Record::object().
HALF_MADE = re.compile(r"\bRecord (\w+)(\{\})?;(?:(?!^\}).)*?\b\1(\[|\.push_back)", re.M | re.S)

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"', re.S)


def is_below(path, places):
    return any(path == place or path.startswith(place + "/") for place in places)


def includes(text):
    """The files that `text` includes: (quoted or not, path)."""
    return [(bracket == '"', path) for bracket, path in INCLUDE.findall(text)]


def include_faults(root, file, text):
    folders = [folder for folder in MAY_INCLUDE if is_below(file, [folder])]
    allowed = MAY_INCLUDE[max(folders, key=len)]
    for quoted, path in includes(text):
        if quoted and not is_below(path, allowed):
            yield f"{file}: includes {path}; it may include only {', '.join(allowed)}"
        elif quoted and not (root / path).is_file():
            yield f"{file}: includes {path}, which is not there; paths begin at the top of the tree"
        for place, users in ONLY_BY.items():
            if is_below(path, [place]) and not is_below(file, users):
                yield f"{file}: includes {path}, which only {', '.join(users)} may"


def core_faults(file, text):
    code = COMMENT_OR_TEXT.sub("", text)
    for found in FORBIDDEN_IN_CORE.finditer(code):
        yield f"{file}: has {found[0]}; core prints nothing and exits never"


def record_faults(file, text):
    for found in HALF_MADE.finditer(COMMENT_OR_TEXT.sub("", text)):
        yield f"{file}: {found[0].splitlines()[0]} is to begin as Record::object()"


def sources(root, folder):
    return sorted(path for path in (root / folder).rglob("*.[ch]pp"))


def source_faults(root):
    for folder in ("core", "cli"):
        for path in sources(root, folder):
            file, text = str(path.relative_to(root)), path.read_text(encoding="utf-8")
            yield from include_faults(root, file, text)
            yield from record_faults(file, text)
            if folder == "core":
                yield from core_faults(file, text)


def size_faults(root, files):
    for file in files:
        path = root / file
        if (path.suffix in WRITTEN_BY_HAND or path.name == "CMakeLists.txt") and path.is_file():
            lines = path.read_bytes().count(b"\n")
            if lines > MAX_LINES:
                yield f"{file}: has {lines} lines; {MAX_LINES} are allowed"


def top_level_faults(files):
    for name in sorted({pathlib.PurePath(file).parts[0] for file in files}):
        if name not in TOP_LEVEL and not name.startswith("."):
            yield f"{name}: does not belong at the top level"


def faults(root, files):
    """All that is wrong in the tree at `root`; `files` are the paths in it that are under version control."""
    return [*source_faults(root), *size_faults(root, files), *top_level_faults(files)]
