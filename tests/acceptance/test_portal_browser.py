"""From the customer to the page they see: kundehub, the mail, and the worked example of a portal in a browser.

Pictures of each page, light, dark and narrow, are kept in the folder that KUNDEHUB_SCREENSHOTS names.
"""

import os
import pathlib
import tempfile
import urllib.parse
import urllib.request

from browser import DESKTOP, NARROW, Browser, require_browser
from hub import BINARY, HubTest, bodies, main
from portals import PortalServer

ANNA, BEN = "anna@smedjen.example", "ben@smedjen.example"  # of one business; she reads Danish, he English
LOOKS = {"light": ("light", DESKTOP), "dark": ("dark", DESKTOP), "narrow": ("light", NARROW), "narrow-dark": ("dark", NARROW)}


class BrowserTest(HubTest):
    @classmethod
    def setUpClass(cls):
        require_browser()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        kept = os.environ.get("KUNDEHUB_SCREENSHOTS")
        folder = kept or cls.enterClassContext(tempfile.TemporaryDirectory(prefix="kundehub-screenshots-"))
        cls.screenshots = pathlib.Path(folder)
        cls.screenshots.mkdir(parents=True, exist_ok=True)

    def setUp(self):
        super().setUp()
        self.ok("config", "set", "hub.support", "hub@rødgrød.dk")
        self.portal = PortalServer(self.hub)
        self.addCleanup(self.portal.close)
        self.firm = self.add_business("--contact", f"Anna Berg <{ANNA}>", "--contact", f"Ben Hall <{BEN}>")
        self.ok("contact", "edit", BEN, "--language", "en")
        self.ok("hub", "grant", self.firm, "--module", "projects", "--module", "invoices", "--no-welcome")
        self.browser.forget()

    def links(self, *options):
        """The link in each person's mail, which is sent now."""
        self.ok("welcome", "send", self.firm, *options)
        return {address: self.portal.link.search(bodies(mail)[0])[0] for address, (mail,) in self.hub.mails().items()}

    def log_in(self, link):
        self.browser.open(link)
        self.browser.click("button")

    def logins(self):
        return self.ok("hub", "logins", "--json").json()

    def look_at(self, name):
        """Pictures of the page, and what can be measured of how it looks."""
        for look, (scheme, size) in LOOKS.items():
            self.browser.show(scheme, size)
            self.browser.screenshot(self.screenshots / f"{name}-{look}.png")
            self.assertEqual(self.browser.overflow(), 0, f"{name} {look} is wider than the window")
            self.assertEqual(self.browser.faint_texts(), [], f"{name} {look}")
        self.assertEqual(self.browser.run("return document.querySelectorAll('h1').length"), 1)
        self.assertIn(self.browser.run("return document.documentElement.lang"), ("da", "en"))
        self.browser.show()

    def assert_page(self, title, *texts):
        self.assertEqual(self.browser.text("h1"), title)
        for text in texts:
            self.assertIn(text, self.browser.text())


class Portal(BrowserTest):
    def test_from_mail_to_page(self):
        link = self.links()[ANNA]
        for _ in range(10):  # a mail scanner
            self.assertEqual(urllib.request.urlopen(link, timeout=10).status, 200)
        self.browser.open(link)
        self.assert_page("Velkommen", "Rødgrød Regnskab ApS", "hub@rødgrød.dk")
        self.look_at("landing")
        self.assertEqual(self.logins(), [])
        self.browser.click("button")
        self.assertEqual(self.browser.url, self.portal.url + "/")
        self.assert_page("Hej Anna", "Anna Berg", "Smedjen ApS", "Projekter", "Fakturaer")
        self.look_at("home")
        cookie = self.browser.cookies()["hub_session"]
        self.assertEqual((cookie["httpOnly"], cookie["sameSite"], cookie["path"]), (True, "Lax", "/"))
        login, = self.logins()
        self.assertEqual((login["email"], login["method"], login["ip"]), (ANNA, "link", "127.0.0.1"))
        self.browser.click("button")
        self.assert_page("Du er logget ud", "bed Rødgrød Regnskab ApS om en ny mail")
        self.browser.open(self.portal.url)
        self.assert_page("Du er ikke logget ind")
        self.assertNotIn(urllib.parse.urlsplit(link).query[6:], self.portal.log())

    def test_second_use(self):
        link = self.links()[ANNA]
        self.log_in(link)
        self.browser.forget()
        self.log_in(link)
        self.assert_page("Linket er allerede brugt", "bed Rødgrød Regnskab ApS om en ny mail", "hub@rødgrød.dk")
        self.look_at("refused")
        self.assertNotIn("hub_session", self.browser.cookies())
        self.browser.show(language="en")
        self.log_in(link)
        self.assert_page("The link has been used already", "ask Rødgrød Regnskab ApS for a new mail")

    def test_double_click(self):
        """The browser drops the first answer, and with it the cookie, when it sends the form again."""
        slow = self.hub.directory / "slow-kundehub"
        slow.write_text(f"#!/bin/sh\ncase $* in *redeem*) sleep 1 ;; esac\nexec '{BINARY}' \"$@\"\n")
        slow.chmod(0o755)
        self.portal = PortalServer(self.hub, program=slow)
        self.addCleanup(self.portal.close)
        self.browser.open(self.links()[ANNA])
        self.browser.double_click("button")
        self.assert_page("Hej Anna")
        self.assertEqual(self.portal.log().count("POST /welcome 303"), 2)
        self.assertEqual(len(self.logins()), 1)

    def test_keyboard(self):
        self.browser.open(self.links()[ANNA])
        self.browser.press("\ue004")  # Tab
        self.assertEqual(self.browser.run("return document.activeElement.tagName"), "BUTTON")
        self.assertEqual(self.browser.run("return getComputedStyle(document.activeElement).outlineStyle"), "solid")
        with self.browser.next_page():
            self.browser.press("\ue007")  # Enter
        self.assert_page("Hej Anna")

    def test_revoke_while_logged_in(self):
        self.log_in(self.links()[ANNA])
        self.ok("hub", "revoke", self.firm, "--module", "invoices")
        self.browser.open(self.portal.url)
        self.assertNotIn("Fakturaer", self.browser.text())
        self.ok("hub", "revoke", self.firm)
        self.browser.open(self.portal.url)
        self.assert_page("Du har ikke længere adgang")
        self.look_at("access-ended")
        self.ok("hub", "grant", self.firm)
        self.browser.open(self.portal.url)
        self.assert_page("Du er ikke logget ind")

    def test_link_of_a_revoked_contact(self):
        link = self.links()[ANNA]
        self.ok("hub", "revoke", self.firm)
        self.log_in(link)
        self.assert_page("Linket gælder ikke mere", "tal med Rødgrød Regnskab ApS")

    def test_new_address(self):
        link = self.links()[ANNA]
        self.ok("contact", "edit", ANNA, "--email", "anna.berg@smedjen.example")
        self.log_in(link)
        self.assert_page("Din e-mailadresse er ændret", "Se efter en mail på din nye adresse")

    def test_newer_link(self):
        link = self.links()[ANNA]
        self.ok("welcome", "resend", ANNA, "--link", "rotate")
        self.log_in(link)
        self.assert_page("Der er kommet et nyere link", "Find den nyeste mail")

    def test_english(self):
        link = self.links()[BEN]
        self.browser.open(link)
        self.assert_page("Velkommen")
        self.browser.show(language="en-GB,en")
        self.browser.open(link)
        self.assert_page("Welcome")
        self.browser.show(language="da")
        self.browser.click("button")
        self.assert_page("Hello Ben", "Projects", "Invoices", "Log out")
        self.assertEqual(self.browser.run("return document.documentElement.lang"), "en")

    def test_see_as_the_customer(self):
        for target, name in ((self.firm, "Anna"), (BEN, "Ben")):
            link = self.portal.link.search(self.ok("hub", "open", target).out)[0]
            self.browser.open(link)
            self.assert_page("Se portalen som kunden")
            self.browser.click("button")
            self.assertIn(name, self.browser.text("h1"))
            self.assertIn(name, self.browser.text("[role=note]"))
        self.look_at("impersonation")
        self.browser.click("button")
        self.assert_page("The view has ended")

    def test_foreign_page(self):
        """A foreign page that knows a token, its own, cannot log this browser in with it."""
        token = urllib.parse.urlsplit(self.links()[ANNA]).query[6:]
        for known in (False, True):  # a person who has never been here, and one who has
            if known:
                self.browser.open(f"{self.portal.url}/welcome?token={token}")
            form = f'<form method=post action="{self.portal.url}/welcome"><input name=token value="{token}"><button></form>'
            self.browser.open("data:text/html," + urllib.parse.quote(form))
            self.browser.click("button")
            self.assert_page("Siden er for gammel")
            self.assertNotIn("hub_session", self.browser.cookies())
        self.assertEqual(self.logins(), [])

    def test_long_names(self):
        name, address = "Æ" * 100, "x" * 60 + "@" + "y" * 60 + ".example"
        self.firm = self.add_business("--contact", f"{name} Berg <{address}>", "--hub", "--module", "projects", name=name)
        self.ok("module", "edit", "projects", "--da", "Projektstyringsværktøjsoversigtsside" * 2)
        self.log_in(self.links()[address])
        self.look_at("long-names")


class Mail(BrowserTest):
    def test_looks(self):
        self.links("--message", "Tak for mødet i går.\nVi glæder os til at vise jer portalen.")
        for address, (mail,) in self.hub.mails().items():
            page = self.hub.directory / "mail.html"
            page.write_text(bodies(mail)[1], "utf-8")
            self.browser.open(page.as_uri())
            self.look_at(f"mail-{address.partition('@')[0]}")


if __name__ == "__main__":
    main()
