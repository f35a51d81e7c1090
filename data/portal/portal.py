#!/usr/bin/env python3
"""A customer portal that asks kundehub who may log in: the worked example of kundehub-portal(7).

    python3 portal.py --kundehub /usr/local/bin/kundehub --port 8000

Python's standard library only. It listens on loopback; a web server with TLS stands before it (--trust-proxy). This file
reads from top to bottom; beside it are kundehub.py (the questions), sessions.py, web.py (HTTP), pages.py and texts.py.

What a portal has to get right:

  - Mail scanners follow every link. So the link shows a page with a button, and only the button, a POST, uses the link.
  - The token is a password: it stands in no log, in no Referer header and on no command line. The web server before this
    one has to be told so: what nginx logs as $request holds the token, $uri does not.
  - At each request kundehub is asked whether the person may still come in. So a revoke works at once. (An admin's view lives
    on the answer to its link, for 15 minutes at most.)
  - A link works once. Whoever is to come back without a new mail needs a way in of the portal's own, such as a password or
    a passkey that is set up after the first login. Such a login asks `portal check`, and tells `portal login`.
"""

import argparse
import hmac
import pathlib
import re
import sys
import time
import traceback
import urllib.parse

from kundehub import Kundehub, Unavailable
from pages import Pages
from sessions import Redeemer, Sessions, new_secret
from web import HEADERS, Refusal, Request, Response, Server, log

TOKEN = re.compile("[A-Za-z0-9_-]{20,200}")
SECRET = re.compile("[A-Za-z0-9_-]{43}")  # as new_secret() makes it
STYLE = pathlib.Path(__file__).with_name("style.css").read_bytes()
# Why a link does not let in: the reasons of `portal redeem` that have a page of their own.
REASONS = {"unknown", "used", "expired", "revoked", "rotated", "email_changed", "archived", "not_sent", "no_access"}


class Portal:
    """The WSGI application. `url` is kundehub's hub.url."""

    def __init__(self, kundehub, pages, url, trusts_proxy=False, clock=time.monotonic):
        self.kundehub, self.pages, self.trusts_proxy = kundehub, pages, trusts_proxy
        self.sessions, self.redeemer = Sessions(clock), Redeemer(kundehub, clock)
        # With TLS, the browser itself sees to it that no other host and no plain HTTP sets or reads a cookie. Without TLS, on
        # one machine for trying out, not every browser takes such a cookie.
        self.has_tls = url.startswith("https://")
        prefix = "__Host-" if self.has_tls else ""
        self.session_cookie, self.form_cookie = f"{prefix}hub_session", f"{prefix}hub_form"
        self.routes = {
            "/": {"GET": self.home},
            "/welcome": {"GET": self.landing, "POST": self.redeem},
            "/open": {"GET": self.landing, "POST": self.redeem},
            "/logout": {"POST": self.logout},
            "/style.css": {"GET": self.style},
        }

    def __call__(self, environ, start_response):
        request = Request(environ, self.trusts_proxy)
        try:
            response = self.route(request)
        except Refusal as refusal:
            response = self.refusal_page(request, refusal)
        except Unavailable as error:
            log(error)
            response = self.refusal_page(request, Refusal("503 Service Unavailable", "unavailable", ("Retry-After", "30")))
        except Exception as error:  # its message may hold what the person sent, so only its kind and place are logged
            log(f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}")
            response = self.refusal_page(request, Refusal("500 Internal Server Error", "unavailable"))
        log(f"{request.method} {request.path} {response.status}" if self.is_known(request) else f"other {response.status}")
        start_response(response.status, [*HEADERS, *response.headers, ("Content-Type", response.content_type),
                                         ("Content-Length", str(len(response.body)))])
        return [] if request.method == "HEAD" else [response.body]

    def route(self, request):
        methods = self.routes.get(request.path)
        if methods is None:
            raise Refusal("404 Not Found", "not_found")
        handler = methods.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            allowed = ", ".join([*methods, *(["HEAD"] if "GET" in methods else [])])
            raise Refusal("405 Method Not Allowed", "bad_request", ("Allow", allowed))
        return handler(request)

    def is_known(self, request):
        return request.method in ("GET", "HEAD", "POST") and request.path in self.routes

    # Logging in

    def landing(self, request):
        """The page behind a link. It uses nothing up, however often it is asked for."""
        token = request.query().get("token", "")
        if not TOKEN.fullmatch(token):
            raise Refusal("403 Forbidden", "unknown")
        secret, headers = self.form_secret(request)
        return Response(self.pages.landing(self.language(request), request.path[1:], token, secret), headers=headers)

    def redeem(self, request):
        """The button: uses the link, and lets the person in."""
        form = request.form()
        browser, token = self.check_form(request, form), form.get("token", "")
        if not TOKEN.fullmatch(token):
            raise Refusal("403 Forbidden", "unknown")
        answer = self.redeemer.redeem(token, browser, request.address())
        if answer["redeemed"] is not True:
            raise self.link_refusal(request, answer)
        self.sessions.end(request.cookies[self.session_cookie])
        cookie = self.cookie(self.session_cookie, self.sessions.start(answer))
        return Response(b"", "303 See Other", (("Location", "/"), cookie))

    def link_refusal(self, request, answer):
        """The page about a link that does not let in. A reason that kundehub learns after this was written is `unknown`."""
        reason = answer["reason"]
        if reason == "too_many_attempts":
            seconds = answer["retry_after"]
            return Refusal("429 Too Many Requests", reason, ("Retry-After", str(seconds)), seconds=seconds)
        return Refusal("403 Forbidden", reason if reason in REASONS else "unknown",
                       logged_in=self.session(request) is not None)

    # Logged in

    def session(self, request):
        return self.sessions.find(request.cookies[self.session_cookie])

    def language(self, request):
        """The contact's, of somebody logged in; otherwise the browser's."""
        session = self.session(request)
        return session.person["language"] if session else request.language()

    def home(self, request):
        session = self.session(request)
        if session is None:
            raise Refusal("403 Forbidden", "not_logged_in")
        person, places = session.person, self.places(session)
        if not places:
            self.sessions.end(request.cookies[self.session_cookie])
            raise Refusal("403 Forbidden", "access_ended", self.no_cookie(self.session_cookie), language=person["language"])
        # What kundehub says now counts, not what it said at the login: names, languages and modules change.
        here = next((place for place in places if place["contact"] == person["contact"]), places[0])
        titles = self.kundehub.module_titles(here["language"])
        secret, headers = self.form_secret(request)
        return Response(self.pages.home({**person, **here}, places, titles, secret), headers=headers)

    def places(self, session):
        """As which contacts the person may be here now. An admin's view is of a contact that may have no way in itself."""
        if session.person["impersonation"]:
            return [session.person]
        return self.kundehub.places(session.person["email"])

    def logout(self, request):
        session, language, key = self.session(request), self.language(request), "logged_out"
        if session is not None:
            self.check_form(request, request.form())
            self.sessions.end(request.cookies[self.session_cookie])
            key = "view_ended" if session.person["impersonation"] else key
        # Without the form's secret nobody after this person can repeat the login of a moment ago as a double click.
        return Response(self.pages.message(language, key),
                        headers=(self.no_cookie(self.session_cookie), self.no_cookie(self.form_cookie)))

    def style(self, _):
        return Response(STYLE, content_type="text/css; charset=utf-8")

    def refusal_page(self, request, refusal):
        details = {"language": self.language(request), **refusal.details}
        return Response(self.pages.message(key=refusal.key, **details), refusal.status, refusal.headers)

    # Cookies and forms

    def cookie(self, name, value, *attributes):
        """A cookie that no script reads and no foreign form brings along.

        With Strict, a link in a web mail would not bring it along either: who is logged in would seem not to be.
        """
        attributes = ["Path=/", "HttpOnly", "SameSite=Lax", *(["Secure"] if self.has_tls else []), *attributes]
        return "Set-Cookie", "; ".join([f"{name}={value}", *attributes])

    def no_cookie(self, name):
        return self.cookie(name, "", "Max-Age=0")

    def form_secret(self, request):
        """What a form on the page has to send back, and the headers that give it to the browser as a cookie."""
        secret = request.cookies[self.form_cookie]
        if SECRET.fullmatch(secret):
            return secret, ()  # a page in another tab has it too
        secret = new_secret()
        return secret, (self.cookie(self.form_cookie, secret),)

    def check_form(self, request, form):
        """The form's secret, if the form stood on a page that this browser got from here.

        Or else a foreign page could send its own token from here, and the person would work on in a stranger's account. The
        header Origin does not tell: with no-referrer a browser says "null", as it does for a foreign page that wants it so.
        """
        secret = request.cookies[self.form_cookie]
        if not SECRET.fullmatch(secret) or not hmac.compare_digest(secret.encode(), form.get("form", "").encode()):
            raise Refusal("403 Forbidden", "stale_form")
        return secret


def parse_arguments():
    parser = argparse.ArgumentParser(description="A customer portal on loopback that asks kundehub who may log in.")
    parser.add_argument("--kundehub", default="kundehub", metavar="PROGRAM", help="the program; without it the one in PATH")
    parser.add_argument("--config", metavar="FILE", help="kundehub's configuration")
    parser.add_argument("--db", metavar="FILE", help="kundehub's database")
    parser.add_argument("--port", type=int, default=8000, help="where to listen on 127.0.0.1 (default: %(default)s)")
    parser.add_argument("--trust-proxy", action="store_true",
                        help="take a browser's address from the last X-Forwarded-For: only behind a proxy that writes it")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    kundehub = Kundehub(arguments.kundehub, arguments.config, arguments.db)
    try:
        url, company, support = (kundehub.setting(f"hub.{key}") for key in ("url", "company", "support"))
    except Unavailable as error:
        sys.exit(f"portal: {error}")
    if not url or urllib.parse.urlsplit(url).path:
        sys.exit(f"portal: hub.url {url!r} has to be a host of the portal's own, without a path: cookies are the host's\n"
                 f"hint: kundehub config set hub.url http://127.0.0.1:{arguments.port}")
    server = Server(arguments.port, Portal(kundehub, Pages(company, support), url, arguments.trust_proxy))
    if url.startswith("https://") and not arguments.trust_proxy:
        log("warning: without --trust-proxy all persons come from the proxy's address, and whoever guesses keeps all out")
    log(f"listening on http://127.0.0.1:{arguments.port} for the links to {url}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
