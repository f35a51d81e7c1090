"""Who is logged in, and who is just logging in. All in memory: a restart of the portal logs everybody out."""

import dataclasses
import hashlib
import secrets
import threading

IDLE = 30 * 60  # seconds without a request that end a session
LONGEST = 12 * 3600  # seconds that end it anyway
LONGEST_VIEW = 15 * 60  # the same for an admin who sees the portal as the customer
DOUBLE_CLICK = 90  # seconds; longer than kundehub may take to answer


def new_secret():
    """256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(secret):
    """Under what a secret is kept: then neither the memory nor how long a look-up takes gives it away."""
    return hashlib.sha256(secret.encode()).digest()


@dataclasses.dataclass
class Session:
    person: dict  # as `portal redeem` answered
    started: float
    seen: float

    def is_alive(self, now):
        longest = LONGEST_VIEW if self.person["impersonation"] else LONGEST
        return now - self.started < longest and now - self.seen < IDLE


class Sessions:
    def __init__(self, clock):
        self.clock, self.lock, self.by_hash = clock, threading.Lock(), {}

    def start(self, person):
        """Begins a session and returns its secret, for the cookie."""
        secret, now = new_secret(), self.clock()
        with self.lock:
            self.by_hash = {key: session for key, session in self.by_hash.items() if session.is_alive(now)}
            self.by_hash[hashed(secret)] = Session(person, started=now, seen=now)
        return secret

    def find(self, secret):
        """The session, which is in use from now on; None if there is none or it has ended."""
        now = self.clock()
        with self.lock:
            session = self.by_hash.get(hashed(secret))
            if session is None or not session.is_alive(now):
                return None
            session.seen = now
            return session

    def end(self, secret):
        with self.lock:
            self.by_hash.pop(hashed(secret), None)


@dataclasses.dataclass
class Click:
    at: float
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)
    answer: dict = None


class Redeemer:
    """Uses login links.

    A double click sends the form twice, and the browser shows the second answer, which would be "used already". So the same
    token from the same browser gets the same answer for a moment.
    """

    def __init__(self, kundehub, clock):
        self.kundehub, self.clock, self.lock, self.clicks = kundehub, clock, threading.Lock(), {}

    def redeem(self, token, browser, address):
        """What kundehub answers. `browser` is a secret that only this browser has."""
        now = self.clock()
        with self.lock:
            self.clicks = {key: click for key, click in self.clicks.items() if now - click.at < DOUBLE_CLICK}
            click = self.clicks.setdefault(hashed(token + browser), Click(now))
        with click.lock:
            if click.answer is None:
                answer = self.kundehub.redeem(token, address)
                if answer["redeemed"] is not True:
                    return answer
                click.answer = answer
            return click.answer
