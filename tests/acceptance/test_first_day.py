"""The first day: from init to mails that were read, as an admin's script would do it."""

import html
import email.utils

from hub import HubTest, TOKEN, bodies, main

PERSON = ("Sørine Ågård-Æbelø", "soerine@example.dk")
AASE = ("Åse Ægidius", "aase@smedjen.example.dk")
BO = ("Bo Østergård", "bo@smedjen.example.dk")
EVERYBODY = (PERSON, AASE, BO)


class FirstDay(HubTest):
    ready = False

    def live(self):
        """The day's commands, each with its exit code."""
        self.expect(0, self.hub.init())
        person = self.ok("customer", "add", "--private", PERSON[0], "--email", PERSON[1], "--hub", "--welcome",
                         "--format", "ids")
        self.assertRegex(person.out, r"\A\d+\n\Z")
        self.assertIn("sent", person.err)
        firm = self.add_business("--contact", f"{AASE[0]} <{AASE[1]}>", "--contact", f"{BO[0]} <{BO[1]}>",
                                 name="Smedjen på Ærø ApS")
        self.assertNotEqual(firm, person.out.strip())
        granted = self.ok("hub", "grant", firm, "--module", "timesheets", "--module", "invoices", "--json").json()
        self.assertEqual([contact["access"] for contact in granted], [False, False], "no link is out yet")
        self.assertEqual(list(self.hub.mails()), [PERSON[1]], "granting alone sends nothing")
        self.ok("welcome", "send", firm)
        return firm

    def test_day(self):
        firm = self.live()
        status = self.ok("welcome", "status", "--json").json()
        self.assertEqual({row["email"]: row["state"] for row in status}, {address: "sent" for _, address in EVERYBODY})
        self.assertEqual({row["tries"] for row in status}, {1})
        self.assertEqual([row["access"] for row in self.ok("hub", "status", firm, "--json").json()], [True, True])
        for _, address in EVERYBODY:
            self.ok("hub", "explain", address)
        self.assertEqual(self.expect(0, self.hub.run("welcome", "send", firm)).out, "", "nobody is written to twice")
        mails = self.hub.mails()
        self.assertEqual({address: len(found) for address, found in mails.items()}, {a: 1 for _, a in EVERYBODY})
        tokens = {self.check_mail(mails[address][0], name, address) for name, address in EVERYBODY}
        self.assertEqual(len(tokens), 3, "each person has a link of their own")
        ids = {mails[address][0]["Message-ID"] for _, address in EVERYBODY}
        self.assertEqual(ids, {f"<{row['message_id']}>" for row in status})
        self.assert_sound()

    def check_mail(self, mail, name, address):
        """One mail against DELIVERY's list; returns its link's token."""
        for header in ("Date", "Message-ID", "From", "To", "Subject", "MIME-Version"):
            self.assertEqual(len(mail.get_all(header) or []), 1, header)
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail.get_content_type(), "multipart/alternative")
        self.assertIsNotNone(email.utils.parsedate_to_datetime(mail["Date"]).tzinfo)
        self.assertEqual([part.defects for part in mail.walk()], [[], [], []])
        self.assertEqual([(to.display_name, to.addr_spec) for to in mail["To"].addresses], [(name, address)])
        self.assertEqual(mail["From"].addresses[0].display_name, "Rødgrød")
        self.assertIn("Rødgrød Regnskab ApS", mail["Subject"])
        text, page = bodies(mail)
        tokens = [TOKEN.findall(body) for body in (text, html.unescape(page))]
        self.assertEqual([len(found) for found in tokens], [1, 1], "one link in each body")
        self.assertEqual(tokens[0], tokens[1], "the same link in both")
        self.assertEqual(len(tokens[0][0]), 43)
        self.assertEqual([body.count("http") for body in (text, page)], [1, 1], "nothing else to follow or to load")
        for body in (text, html.unescape(page)):
            for expected in (name, address, "Rødgrød Regnskab ApS", "gælder"):
                self.assertIn(expected, body)
        self.check_nobody_else(mail, text, page, address)
        return tokens[0][0]

    def check_nobody_else(self, mail, text, page, address):
        everything = "\n".join([*(f"{key}: {value}" for key, value in mail.items()), text, html.unescape(page)])
        for other_name, other_address in EVERYBODY:
            if other_address != address:
                self.assertNotIn(other_address, everything)
                for word in other_name.split():
                    self.assertNotRegex(everything, rf"\b{word}\b")

    def test_tokens_stay_in_the_mail(self):
        self.live()
        tokens = [TOKEN.search(bodies(mail[0])[0])[1] for mail in self.hub.mails().values()]
        self.assertEqual(len(tokens), 3)
        everything = "\n".join(self.hub.dump()) + "".join(
            str(self.ok(*command)) for command in (("welcome", "status", "--json", "-v"), ("customer", "list", "--json"),
                                                   ("contact", "list", "--json"), ("welcome", "preview", AASE[1])))
        for token in tokens:
            self.assertNotIn(token, everything)


if __name__ == "__main__":
    main()
