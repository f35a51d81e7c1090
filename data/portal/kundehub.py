"""kundehub as the portal sees it: a program that is asked one question at a time and answers in JSON."""

import json
import subprocess
import threading

# Exit codes with an answer: yes; yes, but then the disk failed, which is the admin's affair; no. With any other there is none.
YES, DONE, NO = 0, 5, 10
TIMEOUT = 75  # seconds; kundehub itself waits 60 for a busy database, and then says so
AT_ONCE = 8  # processes; what comes beyond waits, so that a flood of requests is none for the machine
TURN = 10  # seconds to wait for that


class Unavailable(Exception):
    """There is no answer. The message is for the log: it tells an admin where to look, and nothing about a person."""


class Kundehub:
    def __init__(self, program, config=None, database=None):
        places = [("--config", config), ("--db", database)]
        self.command = [program, "--json", *(word for option, file in places if file for word in (option, file))]
        self.turns = threading.BoundedSemaphore(AT_ONCE)

    def redeem(self, token, address):
        """Uses a login link; `redeemed` in the answer says whether it lets somebody in. kundehub records the login."""
        return self.ask("portal", "redeem", "--token-stdin", *(["--ip", address] if address else []), stdin=token)

    def places(self, email):
        """The contacts as whom the person with this address may log in now: none is an empty list."""
        return self.ask("portal", "check", "--", email)

    def module_titles(self, language):
        return {module["key"]: module[f"title_{language}"] for module in self.ask("module", "list")}

    def setting(self, key):
        """A setting of kundehub's configuration; empty if it is not set."""
        return self.ask("config", "get", key) or ""

    def ask(self, noun, verb, *arguments, stdin=""):
        """The answer to one question. A secret goes through `stdin`: everybody on the machine can read a command line."""
        question = f"kundehub {noun} {verb}"
        if not self.turns.acquire(timeout=TURN):
            raise Unavailable(f"{question}: too many at once")
        try:
            done = subprocess.run([*self.command, noun, verb, *arguments], input=stdin.encode(), capture_output=True,
                                  timeout=TIMEOUT, check=False)
        except subprocess.TimeoutExpired:
            raise Unavailable(f"{question}: no answer within {TIMEOUT} s") from None  # its own text has the arguments
        except OSError as error:
            raise Unavailable(f"{self.command[0]}: {error.strerror}") from None
        finally:
            self.turns.release()
        if done.returncode not in (YES, DONE, NO):
            raise Unavailable(f"{question}: exit {done.returncode}")
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Unavailable(f"{question}: the answer is not JSON") from None
