"""Every message is in the catalogs, and every catalog says the same as the program; and each fault is found."""

import unittest

import catalog
from catalog import ROOT, Message


class Catalog(unittest.TestCase):
    def test_danish_is_complete(self):
        wanted = catalog.extracted()
        self.assertGreater(len(wanted), 1000, "xgettext has not found the messages")
        self.assertEqual(list(catalog.faults("da")), [], "data/po/update.sh brings the catalog in step")

    def test_no_message_goes_past_the_catalog(self):
        found = [(str(path.relative_to(ROOT)), literal) for folder in ("cli", "core")
                 for path in sorted((ROOT / folder).rglob("*.cpp")) if "core/mail/module" not in str(path)
                 for literal in catalog.untranslated_literals(path.read_text("utf-8"))]
        self.assertEqual(found, [])

    def test_what_descriptions_and_tables_say_is_extracted(self):
        wanted = catalog.extracted()
        for text in ("change a contact", "several times", "private persons and businesses", "leave it off",
                     "the person's or the company's name", "Filters", "{} customer"):
            self.assertTrue(any(key.startswith(text) for key in wanted), text)

    def test_faults_are_found(self):
        def faults(key, *translations, plural=None, is_fuzzy=False):
            return list(catalog.faults_of(Message(key, plural, list(translations), is_fuzzy)))

        self.assertEqual(faults("{} has no {}", "{1} mangler for {0}"), [])
        self.assertEqual(faults("{} day", "{} dag", "{} dage", plural="{} days"), [])
        self.assertEqual(faults("write {{{{link}}}}", "skriv {{{{link}}}}"), [])
        self.assertTrue(faults("a", ""))
        self.assertTrue(faults("a", "b", is_fuzzy=True))
        self.assertTrue(faults("{} day", "{} dag", "", plural="{} days"))
        self.assertTrue(faults("{} of {}", "{} af"))
        self.assertTrue(faults("{} of {}", "{0} af {0}"))
        self.assertTrue(faults("{} of {}", "{} af {1}"))
        self.assertTrue(faults("a ", "b"))
        self.assertTrue(faults("use --yes", "brug --ja"))

    def test_a_message_past_the_catalog_is_found(self):
        def found(code):
            return list(catalog.untranslated_literals(code))

        self.assertTrue(found('throw Error(ErrorKind::usage, "no such thing", hint);'))
        self.assertTrue(found('throw Error(ErrorKind::usage, fmt::format("no {} there", x));'))
        self.assertTrue(found('session.note("all is done");'))
        self.assertFalse(found('session.note(tr("all is done"), "kundehub log");'))


if __name__ == "__main__":
    unittest.main()
