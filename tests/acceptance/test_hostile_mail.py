"""Odd names in the mail: they arrive literally, HTML-escaped where that is due, and command neither the mail's headers nor
the mail server."""

import email
import email.header
import email.policy
import html.parser
import re

from hostile import GOOD_ADDRESSES, ODD
from hub import HubTest, TOKEN, bodies, main
from servers import ScriptedServer

HEADERS = {"Date", "Message-Id", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"}
TAGS = {"html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "h1", "a", "strong", "br", "p", "tbody",
        "span"}


class Page(html.parser.HTMLParser):
    """The tags, links and visible text of an HTML page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.links, self.handlers, self.text = set(), [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for key, value in attrs if key in ("href", "src", "background")]
        self.handlers += [key for key, _ in attrs if key.startswith("on")]

    def handle_data(self, data):
        self.text += data


class HostileMail(HubTest):
    def setUp(self):
        super().setUp()
        self.server = ScriptedServer(self.hub.directory / "server")
        self.addCleanup(self.server.close)
        self.hub.use_transport(self.server.url)

    def send(self, name, address):
        """The customer, and their only contact, of this name; the mail that came."""
        before = len(self.server.mails())
        self.ok("customer", "add", f"--business={name}", "--hub", "--module", "invoices", f"--contact={name} Æ <{address}>",
                "--welcome")
        mails = self.server.mails()
        self.assertEqual(len(mails), before + 1)
        envelope, raw = mails[-1]
        self.assertFalse(envelope["bare_newlines"])
        return envelope, raw, email.message_from_bytes(raw, policy=email.policy.default)

    def check_commands(self, *addresses):
        """The whole conversation, and no command that a name has smuggled in."""
        known = re.compile(r"(EHLO|MAIL FROM:<hub@example\.dk>|RCPT TO:<|DATA|QUIT)")
        for line in self.server.commands():
            self.assertRegex(line, known)
        recipients = [line for line in self.server.commands() if line.startswith("RCPT")]
        self.assertEqual(len(recipients), len(addresses), recipients)

    def check_structure(self, raw, mail):
        self.assertLessEqual(set(mail.keys()), HEADERS)
        self.assertEqual(len(mail.keys()), len(set(mail.keys())), "no header twice")
        self.assertEqual([part.get_content_type() for part in mail.walk()],
                         ["multipart/alternative", "text/plain", "text/html"])
        self.assertEqual([defect for part in mail.walk() for defect in part.defects], [])
        self.assertEqual(len(mail["To"].addresses), 1)
        self.assertTrue(raw.isascii())

    def test_odd_names(self):
        for number, (label, name) in enumerate(ODD.items()):
            with self.subTest(label):
                address = f"odd{number}@example.dk"
                envelope, raw, mail = self.send(name, address)
                kept = "\u00c5se" if label == "NFD" else name
                self.check_structure(raw, mail)
                self.assertEqual(envelope["to"], [address])
                self.assertEqual(self.recipient(mail), (f"{kept} Æ", address))
                text, page = bodies(mail)
                self.assertIn(f"{kept} Æ", text)
                self.check_page(page, kept)
                self.assertEqual([len(TOKEN.findall(body)) for body in (text, page)], [1, 1])
        self.check_commands(*ODD)

    def recipient(self, mail):
        """The To header by RFC 5322 and RFC 2047 alone. Python's parser goes further than they do: it decodes what stands in
        quotes too (section 5), and keeps the blank between two encoded-words (section 6.2)."""
        raw = dict(mail.raw_items())["To"].replace("\r\n", "").replace("\n", "").replace("\t", " ").strip()
        name, was_encoded = "", False
        *words, address = re.findall(r'"(?:[^"\\]|\\.)*"|[^ ]+', raw)
        for word in words:
            encoded = re.fullmatch(r"=\?[^? ]+\?[bqBQ]\?[^? ]*\?=", word)
            if encoded:
                self.assertLessEqual(len(word), 75, "RFC 2047, section 2")
            name += "" if not name or (encoded and was_encoded) else " "
            name += self.decoded(word) if encoded else re.sub(r"\\(.)", r"\1", word[1:-1]) if word[0] == '"' else word
            was_encoded = encoded
        return name, address[1:-1]

    @staticmethod
    def decoded(word):
        return str(email.header.make_header(email.header.decode_header(word)))

    def check_page(self, page, name):
        parsed = Page(page)
        self.assertLessEqual(parsed.tags, TAGS)
        self.assertEqual(parsed.handlers, [])
        self.assertEqual(len(parsed.links), 1, parsed.links)
        self.assertRegex(parsed.links[0], TOKEN)
        self.assertIn(name, parsed.text)
        self.assertNotIn("<script", page)
        self.assertNotIn("<img", page)

    def test_odd_addresses(self):
        for address in GOOD_ADDRESSES:
            with self.subTest(address):
                envelope, raw, mail = self.send("Bo", address)
                ascii_address = address.replace("rødgrød", "xn--rdgrd-vuad")
                self.assertEqual(envelope["to"], [ascii_address])
                self.check_structure(raw, mail)
        self.check_commands(*GOOD_ADDRESSES)

    def test_company_and_sender(self):
        """The settings that reach a mail are the admin's own, and have the same rules."""
        for key, value in (("hub.company", "Rød\r\nBcc: evil@example.com"), ("mail.from", "Rød\r\nX: y <hub@example.dk>"),
                           ("mail.from", "a@b.dk>\r\nRCPT TO:<c@d.dk"), ("hub.support", "x\r\ny"),
                           ("hub.url", "https://hub.example.dk/\r\nX: y"), ("hub.url", "javascript:alert(1)"),
                           ("mail.reply_to", "evil\x1b[31m <x@y.dk>")):
            with self.subTest(key=key, value=value):
                before = self.hub.config.read_bytes()
                self.expect(65, self.hub.run("config", "set", key, value))
                self.assertEqual(self.hub.config.read_bytes(), before)
        self.ok("config", "set", "hub.company", "{{link}} <b>& Søn</b>")
        _, raw, mail = self.send("Bo", "bo@example.dk")
        self.check_structure(raw, mail)
        self.assertIn("{{link}} <b>& Søn</b>", mail["Subject"])
        self.assertIn("{{link}} <b>& Søn</b>", bodies(mail)[0])
        self.assertNotIn("<b>&", bodies(mail)[1])


if __name__ == "__main__":
    main()
