"""The worked example of a portal as HTTP sees it: headers, cookies, foreign forms, broken requests, and its log."""

import io
import re

from hub import main
from portals import TOKEN, AppTest, Client
from texts import TEXTS

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class Headers(AppTest):
    def pages(self):
        """One answer of each kind."""
        yield self.client.ask("GET", f"/welcome?token={TOKEN}")
        yield self.client.ask("GET", "/style.css")
        yield self.client.log_in()
        yield self.home()
        for method, path in (("GET", "/nowhere"), ("PUT", "/"), ("POST", "/welcome"), ("GET", "/welcome?token=")):
            yield self.client.ask(method, path)

    def test_every_answer_is_guarded(self):
        for answer in self.pages():
            self.assertEqual(answer.headers["Content-Security-Policy"], POLICY)
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Content-Length"], str(len(answer.body)))
            self.assertNotRegex(answer.text, "(?i)<script|style=|\\bon[a-z]+=|https?://", "nothing inline or from elsewhere")
            if answer.title:
                self.assertEqual(len(re.findall("<h1", answer.text)), 1)
                self.assertRegex(answer.text, '<html lang="(da|en)">')

    def test_head_is_get_without_a_body(self):
        self.client.log_in()
        for path in ("/", f"/welcome?token={TOKEN}", "/style.css", "/nowhere"):
            get, head = self.client.ask("GET", path), self.client.ask("HEAD", path)
            self.assertEqual((head.status, head.body), (get.status, b""))
            self.assertEqual({**head.headers, "Set-Cookie": 0}, {**get.headers, "Set-Cookie": 0})

    def test_wrong_methods(self):
        for path, allowed in (("/", "GET, HEAD"), ("/welcome", "GET, POST, HEAD"), ("/open", "GET, POST, HEAD"),
                              ("/logout", "POST"), ("/style.css", "GET, HEAD")):
            for method in ("PUT", "DELETE", "OPTIONS", "TRACE", *({"GET", "POST"} - set(allowed.split(", ")))):
                answer = self.client.ask(method, path)
                self.assertEqual((answer.code, answer.headers["Allow"]), (405, allowed), f"{method} {path}")

    def test_languages(self):
        for wanted, language in (("", "da"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("da-DK, en;q=0.9", "da"),
                                 ("nb-NO,nb;q=0.9,en;q=0.8,da;q=0.7", "en"), ("en;q=0.5, da;q=0.6", "da"), ("de,fr", "da"),
                                 ("en;q=0", "da"), ("EN-us", "en"), ("*", "da"), ("en;q=x", "da"), (",;,=" * 999, "da")):
            self.client.language = wanted
            self.assertIn(f'<html lang="{language}">', self.client.ask("GET", "/nowhere").text, wanted)

    def test_both_languages_say_the_same(self):
        self.assertEqual({key: type(text) for key, text in TEXTS["da"].items()},
                         {key: type(text) for key, text in TEXTS["en"].items()})
        for key, text in TEXTS["da"].items():
            places = [sorted(set(re.findall(r"{\w+}", str(texts[key])))) for texts in TEXTS.values()]
            self.assertEqual(places[0], places[1], key)
            if isinstance(text, tuple):
                self.assertEqual(len(text[1]), len(TEXTS["en"][key][1]), key)


class Cookies(AppTest):
    def test_on_loopback(self):
        for answer in (self.client.ask("GET", f"/welcome?token={TOKEN}"), Client(self.application).log_in()):
            self.assertRegex(answer.cookies[0], r"\Ahub_(form|session)=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax\Z")

    def test_two_tabs_share_the_forms_secret(self):
        first, second = (self.client.ask("GET", f"/welcome?token={TOKEN}") for _ in range(2))
        self.assertEqual(self.client.secret(first), self.client.secret(second))
        self.assertEqual(second.cookies, [])

    def test_unusable_cookies(self):
        for value in ("", "x", "Ã¦", '"', "=" * 43, "x" * 5000):
            self.client.cookies = {"hub_form": value, "hub_session": value}
            self.assertEqual(self.home().code, 403)
            answer = self.client.ask("POST", "/welcome", f"form={value[:99]}&token={TOKEN}")
            self.assertEqual(answer.title, "Siden er for gammel")
        self.assertEqual(self.kundehub.redeemed, [])


class CookiesWithTls(AppTest):
    url = "https://hub.example.dk"

    def test_no_other_host_can_set_them(self):
        for answer in (self.client.ask("GET", f"/welcome?token={TOKEN}"), Client(self.application).log_in()):
            self.assertRegex(answer.cookies[0],
                             r"\A__Host-hub_(form|session)=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure\Z")


class ForeignForms(AppTest):
    def refused(self, client, path, body, **environ):
        answer = client.ask("POST", path, body, **environ)
        self.assertEqual((answer.code, answer.title), (403, "Siden er for gammel"))
        self.assertEqual(answer.cookies, [])

    def test_a_strangers_token_logs_nobody_in(self):
        """The foreign page has a secret of its own, and the victim's browser the victim's; Lax keeps that one back, too."""
        stranger, other = Client(self.application), "a" * 43
        foreign = f"form={stranger.secret(stranger.ask('GET', f'/welcome?token={other}'))}&token={other}"
        self.refused(self.client, "/welcome", foreign)
        self.client.ask("GET", f"/welcome?token={TOKEN}")
        for body in (foreign, f"token={other}", f"form=&token={other}", f"form={'æ' * 43}&token={other}"):
            self.refused(self.client, "/welcome", body)
            self.refused(self.client, "/open", body)
        self.assertEqual(self.kundehub.redeemed, [])

    def test_nor_does_it_log_anybody_out(self):
        self.client.log_in()
        self.refused(self.client, "/logout", "form=" + "a" * 43)
        self.assertEqual(self.home().code, 200)


class Bodies(AppTest):
    def test_limits(self):
        form = "form=x&token=x"
        for code, lengths in ((413, ("4097", "9" * 5000)), (411, ("", "-1", "1e3", "²"))):
            for length in lengths:
                self.assertEqual(portal_answer(self.application, form, {"CONTENT_LENGTH": length}), code, length)
        for kind in ("", "application/json", "multipart/form-data; boundary=x"):
            self.assertEqual(portal_answer(self.application, form, {"CONTENT_TYPE": kind}), 415, kind)
        self.assertEqual(self.client.ask("POST", "/welcome", "a=b&" * 11).code, 400)
        self.assertEqual(self.client.ask("POST", "/welcome", "form=x&token=" + "x" * 4000).code, 403)
        self.assertEqual(self.kundehub.redeemed, [])

    def test_defect_is_logged_without_what_was_sent(self):
        self.kundehub.fails = ValueError(f"anna@smedjen.example {TOKEN}")
        answer = self.client.log_in()
        self.assertEqual((answer.code, answer.title), (500, "Prøv igen om lidt"))
        self.assertRegex("\n".join(self.lines), r"ValueError\n(.|\n)*sessions\.py(.|\n)*POST /welcome 500")
        self.assertNotRegex("\n".join(self.lines), f"anna|{TOKEN}")


def portal_answer(application, body, environ):
    """The status of a POST that wsgiref's validator would not let through, as a number."""
    told = []
    base = {"REQUEST_METHOD": "POST", "PATH_INFO": "/welcome", "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(body.encode())}
    application({**base, **environ}, lambda status, headers: told.append(status))
    return int(told[0][:3])


class Addresses(AppTest):
    def address(self, **environ):
        self.client.log_in(f"{len(self.kundehub.redeemed):043}", **environ)
        return self.kundehub.redeemed[-1][1]

    def test_without_a_proxy_nobody_is_believed(self):
        self.assertEqual(self.address(HTTP_X_FORWARDED_FOR="192.0.2.7"), "127.0.0.1")
        self.assertEqual(self.address(REMOTE_ADDR="2001:DB8::7"), "2001:db8::7")


class AddressesBehindAProxy(Addresses):
    trusts_proxy = True

    def test_without_a_proxy_nobody_is_believed(self):
        """The proxy's own word is, and only that."""
        for told, address in (("192.0.2.7", "192.0.2.7"), ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
                              ("x, 2001:db8::7", "2001:db8::7"), ("fe80::1%eth0", "fe80::1"), ("192.0.2.7, --yes", None),
                              ("", None), ("192.0.2.7:1", None)):
            self.assertEqual(self.address(HTTP_X_FORWARDED_FOR=told), address, told)
        self.assertEqual(self.address(), "127.0.0.1")


if __name__ == "__main__":
    main()
