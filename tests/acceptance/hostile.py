"""Values that are meant to do harm, and the check that nothing of them reaches a terminal."""

import re

# What a terminal would obey, or show other than it is. Each stands inside an otherwise harmless value.
UNPRINTABLE = {
    "header": "Bo\r\nBcc: evil@example.com",
    "line feed": "Bo\nEvil",
    "carriage return": "Bo\rEvil",
    "tab": "Bo\tEvil",
    "bell": "Bo\aEvil",
    "backspace": "Bo\b\b\bEvil",
    "delete": "Bo\x7fEvil",
    "colour": "Bo\x1b[31mEvil",
    "link": "\x1b]8;;https://evil.example.com\x07Bo\x1b]8;;\x07",
    "clipboard": "\x1b]52;c;RXZpbA==\x07Bo",
    "C1 CSI": "Bo\u009b31mEvil",
    "C1 OSC": "Bo\u009d0;Evil\u009c",
    "next line": "Bo\u0085Evil",
    "line separator": "Bo\u2028Evil",
    "paragraph separator": "Bo\u2029Evil",
    "override": "Bo\u202egpj.exe",
    "isolate": "Bo\u2066Evil\u2069",
    "right-to-left mark": "Bo\u200fEvil",
    "Arabic letter mark": "Bo\u061cEvil",
    "zero-width space": "Bo\u200bEvil",
    "byte order mark": "Bo\ufeffEvil",
    "soft hyphen": "Bo\u00adEvil",
    "Hangul filler": "Bo\u3164Evil",
    "tag characters": "Bo\U000e0041\U000e0042",
    "marks": "Bo" + "\u0301" * 1000,
}

# Bytes that are no UTF-8.
BROKEN = {
    "Latin-1": b"S\xf8ren",
    "overlong": b"Bo\xc0\xafEvil",
    "overlong NUL": b"Bo\xc0\x80",
    "surrogate": b"Bo\xed\xa0\x80Evil",
    "beyond Unicode": b"Bo\xf4\x90\x80\x80",
    "cut short": b"Bo\xe2\x82",
    "lone continuation": b"Bo\x9b31m",
}

# Odd, and somebody's name all the same: taken as it is, and never understood as anything else.
ODD = {
    "mustache": "{{link}} {{{name}}} {{#x}}",
    "printf": "%s%n%d 100 %",
    "shell": "${HOME} $(id) `id`",
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror='alert(1)'>",
    "entity": "&lt;Bo&amp;&#x41;",
    "formula": "=HYPERLINK(\"https://evil.example.com\",\"x\")",
    "plus": "+45 12 34 56 78",
    "at": "@SUM(A1)",
    "SQL": "'; DROP TABLE customer; --",
    "option": "-rf",
    "long option": "--yes",
    "encoded word": "=?UTF-8?B?RXZpbA==?=",
    "mailbox": "Bo, evil@example.com; \"x\"",
    "backslash": "C:\\new\\table",
    "NFD": "A\u030ase",
    "other scripts": "Дмитрий 山田太郎 علي Ağaoğlu",
    "emoji": "Bo 👩‍👩‍👧‍👦",
    "long": "Æ" * 100,
}

BAD_ADDRESSES = [
    '"quoted local"@example.dk', "a@b@example.dk", "a@example.dk,b@example.dk", "a@example.dk b@example.dk", "a@x>",
    "<a@x.dk>",     "jørgen@rødgrød.dk", "x" * 65 + "@example.dk",
    "x" * 64 + "@" + ".".join(["y" * 62, "y" * 62, "y" * 61, "dk"]),
    "a@[127.0.0.1]", "a@127.0.0.1", "a@example.dk.", "a@.example.dk", "a@example..dk", ".a@example.dk", "a.@example.dk",
    "a..b@example.dk",
    "a@-example.dk", "a@example", "@example.dk", "a@", "a", "", " ", "a b@example.dk", "a@exa mple.dk",
    "a@example.dk\r\nRCPT TO:<b@c.dk>",
    "a@example.dk\n", "a\x1b[31m@example.dk", "a@exam\u202eple.dk", "a@example.dk\u2028", "a\u200b@example.dk",
    "a;b@example.dk",
    "a(comment)@example.dk", "a@example.dk(comment)", "a\\@example.dk", "a@exa_mple.dk", "a@" + "x" * 64 + ".dk",
]

GOOD_ADDRESSES = ["{{link}}@example.dk", "%s@example.dk", "-rf@example.dk", "'drop--@example.dk", "=cmd|x@example.dk",
                  "bo+tag@rødgrød.dk", "bo@xn--rdgrd-vuad.dk", "$HOME@example.dk",
                  "x" * 64 + "@" + ".".join(["y" * 62, "y" * 61, "y" * 61, "dk"])]

_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
                  "\U000e0000-\U000e0fff]")


def raw_characters(stream, tabs=False):
    """What in the bytes `stream` a terminal must not see: offending characters, or the place of broken UTF-8."""
    try:
        text = stream.decode("utf-8")
    except UnicodeDecodeError as error:
        return [str(error)]
    found = [hex(ord(character)) for character in _RAW.findall(text)]
    return found + ([] if tabs else ["0x9"] * text.count("\t"))
