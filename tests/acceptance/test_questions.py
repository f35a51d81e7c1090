"""Rules R8 and R9: on a terminal, and only there, a new person is offered the welcome mail."""

import os

from hub import HubTest, main
from terminal import type_at

QUESTION = "[y/N]"
PRIVATE = ("customer", "add", "--private", "Søren Ærø", "--email", "soren@example.dk", "--hub")


class Questions(HubTest):
    def setUp(self):
        super().setUp()
        firm = self.add_business("--hub", "--module", "invoices")
        self.add_contact = ("contact", "add", firm, "Åse Æg <aase@example.dk>")

    def type(self, args, *answers, code=0, **options):
        typed = type_at(self.hub, args, [(QUESTION, answer) for answer in answers], **options)
        self.assertEqual(typed.code, code, typed)
        self.assertEqual(len(typed.asked), len(answers), f"questions: {typed}")
        self.assertEqual(typed.screen.count(QUESTION), len(answers), typed)
        return typed

    def assert_mails(self, *addresses):
        self.assertEqual(sorted(self.hub.mails()), sorted(addresses))
        self.assertEqual(self.hub.sql("SELECT count(*) FROM welcome"), [(len(addresses),)])

    def assert_people(self, *addresses):
        self.assertEqual([row[0] for row in self.hub.sql("SELECT email FROM contact ORDER BY id")], list(addresses))

    def test_contact_yes_and_no(self):
        typed = self.type(self.add_contact, "y")
        self.assertIn("aase@example.dk", typed.screen[:typed.screen.index(QUESTION)], "the question names the address")
        self.assert_mails("aase@example.dk")
        self.type((*self.add_contact[:3], "Bo Bo <bo@example.dk>"), "n")
        self.assert_mails("aase@example.dk")
        self.assert_people("aase@example.dk", "bo@example.dk")

    def test_private_customer_yes_and_no(self):
        self.type(PRIVATE, "y")
        self.assert_mails("soren@example.dk")
        self.type(("customer", "add", "--private", "Bo Bo", "--email", "bo@example.dk", "--hub"), "n")
        self.assert_mails("soren@example.dk")
        self.assert_people("soren@example.dk", "bo@example.dk")

    def test_other_answers(self):
        for number, (answer, sent) in enumerate([("", 0), ("Y", 1), ("yes", 1), ("N", 0), ("no", 0), ("nonsense", 0)]):
            before = self.hub.sql("SELECT count(*) FROM welcome")[0][0]
            self.type((*self.add_contact[:3], f"Bo Nr{number} <nr{number}@example.dk>"), answer)
            self.assertEqual(self.hub.sql("SELECT count(*) FROM welcome")[0][0], before + sent, answer)

    def test_end_of_input_is_no(self):
        """Ctrl-D at the question: the contact is made, no mail goes out."""
        typed = type_at(self.hub, self.add_contact, [(QUESTION, "\x04")])
        self.assertEqual((typed.code, typed.asked), (0, [QUESTION]), typed)
        self.assert_people("aase@example.dk")
        self.assert_mails()

    def test_options_answer_beforehand(self):
        for number, option in enumerate(("--no-input", "--yes", "-y", "--no-welcome", "--no-hub", "--dry-run")):
            self.type((*self.add_contact[:3], f"Bo Nr{number} <nr{number}@example.dk>", option))
            self.type(("customer", "add", "--private", "Bo", "--email", f"p{number}@example.dk", "--hub", option)
                      if option != "--no-hub" else ("customer", "add", "--private", "Bo", "--email", "p@example.dk"))
        self.assert_mails()
        self.type((*self.add_contact, "--welcome"))
        self.type((*PRIVATE, "--welcome"))
        self.assert_mails("aase@example.dk", "soren@example.dk")

    def test_nobody_to_write_to_no_question(self):
        closed = self.add_business()
        self.type(("contact", "add", closed, "Åse Æg <aase@example.dk>"))
        self.type(("customer", "add", "--private", "Bo", "--email", "bo@example.dk"))
        self.type(("customer", "add", "--private", "Bo uden adresse", "--hub"))
        self.type(("customer", "add", "--business", "Tom", "--hub"))
        self.assert_mails()

    def test_without_a_terminal_no_question(self):
        for args in (self.add_contact, PRIVATE):
            result = self.ok(*args)
            self.assertNotIn(QUESTION, result.err + result.out)
        self.assert_mails()

    def test_stdin_alone_decides(self):
        """In a pipe the question still shows, on stderr; with input from elsewhere a terminal for output asks nothing."""
        read, write = os.pipe()
        self.type(self.add_contact, "y", stdout=write)
        os.close(write)
        with os.fdopen(read) as out:
            self.assertNotIn(QUESTION, out.read())
        self.assert_mails("aase@example.dk")

    def test_business_with_contacts(self):
        self.type(("customer", "add", "--business", "To", "--hub", "--contact", "A B <a@example.dk>", "--contact",
                   "C D <c@example.dk>"), "y")
        self.assert_mails("a@example.dk", "c@example.dk")

    def test_mail_not_set_up(self):
        """There is nothing to offer yet, and the customer can be made all the same."""
        lines = self.hub.config.read_text().splitlines(keepends=True)
        self.hub.config.write_text("".join(line for line in lines if not line.startswith("transport")))
        self.type(PRIVATE)
        self.assert_people("soren@example.dk")


if __name__ == "__main__":
    main()
