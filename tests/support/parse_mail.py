#!/usr/bin/env python3
"""Reads the mail in the file FILE with Python's own parser and prints what a reader would see, as JSON.

    parse_mail.py FILE

{"headers": [names in order], "from"/"to"/"reply_to": [[name, address], ...], "subject", "date" (RFC 3339), "message_id",
"auto_submitted", "type", "text", "html", "defects": [...], "to_name"}

"to_name" is the recipient's name again, decoded by RFC 2047, section 6.2: the parser behind "to" keeps the blank between two
encoded-words that only a line's length has parted.
"""

import email
import email.header
import email.policy
import email.utils
import json
import sys


def mailboxes(message, header):
    field = message[header]
    return [[address.display_name, address.addr_spec] for address in field.addresses] if field else []


def recipient_name(raw):
    header = email.message_from_bytes(raw)["To"]
    return str(email.header.make_header(email.header.decode_header(email.utils.parseaddr(header)[0])))


def body(message, subtype):
    part = message.get_body((subtype,))
    return part.get_content().replace("\r\n", "\n") if part else None


def main():
    with open(sys.argv[1], "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    defects = [str(defect) for part in message.walk() for defect in part.defects]
    defects += [f"{name}: {defect}" for name, value in message.items() for defect in value.defects]
    print(json.dumps({
        "headers": message.keys(),
        "from": mailboxes(message, "From"), "to": mailboxes(message, "To"), "reply_to": mailboxes(message, "Reply-To"),
        "subject": message["Subject"], "date": message["Date"].datetime.isoformat(), "message_id": message["Message-ID"],
        "auto_submitted": message["Auto-Submitted"], "type": message.get_content_type(),
        "text": body(message, "plain"), "html": body(message, "html"), "defects": defects,
        "to_name": recipient_name(raw),
    }))


if __name__ == "__main__":
    main()
