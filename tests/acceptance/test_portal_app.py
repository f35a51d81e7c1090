"""The worked example of a portal against an invented kundehub: who gets in, who stays in, and what they read."""

import html
import threading

from hub import main
from portals import ANNA, TOKEN, AppTest, Client
from kundehub import Unavailable
from sessions import IDLE, LONGEST, LONGEST_VIEW
from texts import TEXTS

HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror='alert(1)'>", "{secret} {0} %s", "&lt;b&gt;",
           "Bo\u202egpj.exe", "</bdi></h1>", "{{link}}"]
REASONS = ["unknown", "used", "expired", "revoked", "rotated", "email_changed", "archived", "not_sent", "no_access"]


class LoggingIn(AppTest):
    def test_day(self):
        answer = self.client.log_in()
        self.assertEqual((answer.code, answer.headers["Location"], answer.body), (303, "/", b""))
        page = self.home()
        self.assertEqual((page.code, page.title), (200, "Hej Anna"))
        for words in ("Anna Berg", "Smedjen ApS", "Projekter", "anna@smedjen.example", '<html lang="da">'):
            self.assertIn(words, page.text)
        self.assertEqual(self.client.ask("POST", "/logout", f"form={self.client.secret(page)}").title, "Du er logget ud")
        self.assertEqual(self.client.cookies, {})
        self.assert_out("not_logged_in")

    def test_a_look_uses_nothing_up(self):
        for _ in range(10):
            for method in ("GET", "HEAD"):
                self.assertEqual(self.client.ask(method, f"/welcome?token={TOKEN}").code, 200)
        self.assertEqual(self.kundehub.redeemed, [])

    def test_double_click_is_one(self):
        page = self.client.ask("GET", f"/welcome?token={TOKEN}")
        form, answers = f"form={self.client.secret(page)}&token={TOKEN}", []

        def press():
            answers.append(self.client.ask("POST", "/welcome", form))

        clicks = [threading.Thread(target=press) for _ in range(8)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join(10)
        self.assertEqual([answer.code for answer in answers], [303] * 8)
        self.assertEqual(len(self.kundehub.redeemed), 1)
        self.assertEqual(self.home().code, 200)
        self.now += 91
        self.assertEqual(self.client.ask("POST", "/welcome", form).title, "Linket er allerede brugt")

    def test_another_browser_gets_no_second_answer(self):
        self.client.log_in()
        other = Client(self.application)
        self.assertEqual(other.log_in().title, "Linket er allerede brugt")
        self.assertNotIn("hub_session", other.cookies)

    def test_nor_the_next_person_at_the_same_one(self):
        self.client.log_in()
        self.client.ask("POST", "/logout", f"form={self.client.secret(self.home())}")
        self.assertEqual(self.client.log_in().title, "Linket er allerede brugt")

    def test_failure_is_not_remembered(self):
        self.kundehub.fails = Unavailable("busy")
        self.assertEqual(self.client.log_in().code, 503)
        self.kundehub.fails, self.kundehub.redeemed = None, []
        self.assertEqual(self.client.log_in().code, 303)

    def test_new_login_ends_the_old_session(self):
        self.client.log_in()
        old = dict(self.client.cookies)
        self.client.log_in(TOKEN[::-1])
        self.assertNotEqual(self.client.cookies["hub_session"], old["hub_session"])
        self.client.cookies = old
        self.assert_out("not_logged_in")

    def test_each_reason_has_its_page(self):
        titles = set()
        for language in TEXTS:
            for reason in REASONS:
                self.kundehub.refusal, self.client.language = reason, language
                answer = self.client.log_in()
                self.assertEqual((answer.code, answer.title), (403, TEXTS[language][reason][0]))
                self.assertIn(f'<html lang="{language}">', answer.text)
                titles.add(answer.title)
        self.assertEqual(len(titles), len(REASONS) * len(TEXTS))

    def test_too_many_attempts_says_how_long(self):
        self.kundehub.refusal = "too_many_attempts"
        answer = self.client.log_in()
        self.assertEqual((answer.code, answer.headers["Retry-After"]), (429, "90"))
        self.assertIn("Vent 2 minutter", answer.text)

    def test_reason_of_tomorrow(self):
        self.kundehub.refusal = "from_the_future"
        self.assertEqual(self.client.log_in().title, "Linket virker ikke")

    def test_used_link_of_somebody_logged_in_leads_on(self):
        self.client.log_in()
        del self.client.cookies["hub_form"]
        self.assertIn('href="/"', self.client.log_in().text)

    def test_mangled_link(self):
        for query in ("", "?token=", "?token=abc", "?token=" + "x" * 201, "?token=%3Cscript%3E" + TOKEN, "?" + "&" * 50,
                      f"?token={TOKEN}%0A", f"?token={TOKEN}%00", "?token=" + "%C3%A6" * 30):
            answer = self.client.ask("GET", "/welcome" + query)
            self.assertIn(answer.code, (400, 403), query)
            self.assertNotIn("<form", answer.text)


class Sessions(AppTest):
    def test_revoke_works_at_once(self):
        self.client.log_in()
        self.assertEqual(self.home().code, 200)
        self.kundehub.open = []
        self.client.language = "en"  # the browser's; the contact's is Danish
        self.assert_out("access_ended")
        self.client.language = "da"
        self.kundehub.open = None
        self.assert_out("not_logged_in")
        self.assertEqual(self.kundehub.checked, ["anna@smedjen.example"] * 2)

    def test_trouble_does_not_log_out(self):
        self.client.log_in()
        self.kundehub.fails = Unavailable("kundehub portal check: exit 75")
        answer = self.home()
        self.assertEqual((answer.code, answer.title, answer.headers["Retry-After"]), (503, "Prøv igen om lidt", "30"))
        self.kundehub.fails = None
        self.assertEqual(self.home().code, 200)

    def test_idle_session_ends(self):
        self.client.log_in()
        for _ in range(3):
            self.now += IDLE - 1
            self.assertEqual(self.home().code, 200)
        self.now += IDLE
        self.assert_out("not_logged_in")

    def test_no_session_is_for_ever(self):
        self.client.log_in()
        for _ in range(LONGEST // 1000):
            self.now += 1000
            self.assertEqual(self.home().code, 200)
        self.now += 1000
        self.assert_out("not_logged_in")

    def test_view_of_an_admin(self):
        self.kundehub.person.update(impersonation=True, email=None, first_name=None, name=None)
        self.kundehub.open = []
        self.assertEqual(self.client.ask("GET", f"/open?token={TOKEN}").title, "Se portalen som kunden")
        self.client.log_in(path="/open")
        page = self.home()
        self.assertIn('role="note"', page.text)
        self.assertIn("Du ser portalen, som <bdi>Smedjen ApS</bdi> ser den", page.text)
        self.assertEqual(self.kundehub.checked, [], "the contact may have no way in of its own")
        self.now += LONGEST_VIEW
        self.assert_out("not_logged_in")

    def test_what_kundehub_says_now_counts(self):
        self.client.log_in()
        self.kundehub.open = [{**ANNA, "contact": "contact:9", "customer_name": "Møllen", "modules": ["new_one"]},
                              {**ANNA, "first_name": "Anne", "language": "en"}]
        page = self.home()
        self.assertEqual(page.title, "Hello Anne")
        for words in ("Møllen", "new_one", "Smedjen ApS", "Projects", '<html lang="en">'):
            self.assertIn(words, page.text)

    def test_hostile_names(self):
        self.client.log_in()
        for name in HOSTILE:
            self.kundehub.open = [{**ANNA, "name": name, "first_name": name, "customer_name": name, "modules": [name]}]
            page = self.home()
            self.assertEqual(page.code, 200)
            self.assertEqual(page.text.count(f"<bdi>{html.escape(name)}</bdi>"), 3, page.text)
            self.assertNotRegex(page.text, "<(script|img|b)[ >]")
            self.assertEqual(page.text.count("<h1>"), 1)


if __name__ == "__main__":
    main()
