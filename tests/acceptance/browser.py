"""A browser without a window: Chromium, driven by chromedriver over W3C WebDriver. Python's standard library only.

Nothing leaves the machine: the browser resolves no names, and its background services are off.
"""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from servers import free_port, wait_for_port

LIMIT = 60  # seconds that one command may take
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id (WebDriver, section 12.3)
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
DESKTOP, NARROW = (1280, 800), (360, 740)

# The contrast (WCAG 2, 1.4.3) of each text of the page against what is painted behind it: [text, ratio].
CONTRASTS = """
const rgba = text => [...text.match(/[\\d.]+/g).map(Number), 1].slice(0, 4);
const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
const background = element => element === null
  ? (matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1])
  : over(rgba(getComputedStyle(element).backgroundColor), background(element.parentElement));
const light = color => {
  const [r, g, b] = color.map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
  if (!text || !element.getClientRects().length) continue;
  const behind = background(element), ink = over(rgba(getComputedStyle(element).color), behind);
  const [dark, bright] = [light(behind), light(ink)].sort((a, b) => a - b);
  found.push([text, (bright + 0.05) / (dark + 0.05)]);
}
return found;
"""


class Browser:
    """One browser with an empty profile. Use as a context manager, or call close()."""

    def __init__(self):
        self.resources = contextlib.ExitStack()
        try:
            profile = self.resources.enter_context(
                tempfile.TemporaryDirectory(prefix="kundehub-browser-", ignore_cleanup_errors=True))
            port = free_port()
            driver = subprocess.Popen([shutil.which("chromedriver"), f"--port={port}", "--log-level=OFF"],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      env={"PATH": os.environ["PATH"], "HOME": profile, "LC_ALL": "C.UTF-8"})
            self.resources.callback(self.end, driver)
            wait_for_port(port, driver)
            self.base = f"http://127.0.0.1:{port}"
            options = {"binary": shutil.which("chromium"), "args": [*FLAGS, f"--user-data-dir={profile}/profile"]}
            capabilities = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}
            session = self.ask("POST", "/session", capabilities=capabilities)["sessionId"]
            self.base += f"/session/{session}"
            self.resources.callback(self.ask, "DELETE", "")
        except BaseException:
            self.resources.close()
            raise

    @staticmethod
    def end(driver):
        driver.terminate()
        driver.wait(10)

    def close(self):
        self.resources.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, method, path, **body):
        """One WebDriver command; what it answers."""
        request = urllib.request.Request(self.base + path, method=method, headers={"Content-Type": "application/json"},
                                         data=json.dumps(body).encode() if method == "POST" else None)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback, whatever the environment says
        try:
            with opener.open(request, timeout=LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {json.load(error)['value']['message']}") from None

    def devtools(self, command, **parameters):
        return self.ask("POST", "/goog/cdp/execute", cmd=command, params=parameters)

    def open(self, url):
        self.ask("POST", "/url", url=url)

    @property
    def url(self):
        return self.ask("GET", "/url")

    def run(self, script, *arguments):
        """What `script`, a function's body, returns in the page."""
        return self.ask("POST", "/execute/sync", script=script, args=arguments)

    def find(self, selector):
        return self.ask("POST", "/element", using="css selector", value=selector)[ELEMENT]

    def text(self, selector="body"):
        """The text as a person sees it."""
        return self.ask("GET", f"/element/{self.find(selector)}/text")

    def click(self, selector):
        """Clicks on what leads to another page, and waits until that is there."""
        element = self.find(selector)
        with self.next_page():
            self.ask("POST", f"/element/{element}/click")

    def double_click(self, selector):
        """Two clicks, 200 ms apart, and the page that follows."""
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        move = {"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": {ELEMENT: self.find(selector)}}
        steps = [move, *press, {"type": "pause", "duration": 200}, *press]
        with self.next_page():
            self.ask("POST", "/actions", actions=[{"type": "pointer", "id": "mouse", "actions": steps}])

    def press(self, key):
        """A key's code point in WebDriver: U+E004 is Tab, U+E007 Enter."""
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.ask("POST", "/actions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])

    @contextlib.contextmanager
    def next_page(self):
        self.run("window.isOld = true")
        yield
        for _ in range(LIMIT * 20):
            if self.run("return !window.isOld && document.readyState === 'complete'"):
                return
            time.sleep(0.05)
        raise AssertionError(f"no page follows {self.url}")

    def cookies(self):
        return {cookie["name"]: cookie for cookie in self.ask("GET", "/cookie")}

    def forget(self):
        """Back to a browser that knows nothing: no cookies, no page."""
        self.open("about:blank")
        self.devtools("Network.clearBrowserCookies")
        self.show()

    def show(self, scheme="light", size=DESKTOP, language="da"):
        """Sets colour scheme, the window's inner size in CSS pixels, and the preferred language."""
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.devtools("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1,
                      mobile=size == NARROW)
        agent = self.run("return navigator.userAgent")
        self.devtools("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)

    def screenshot(self, file):
        """The whole page as a PNG, also what lies below the window."""
        answer = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        pathlib.Path(file).write_bytes(base64.b64decode(answer["data"]))

    def overflow(self):
        """By how many pixels the page is wider than the window."""
        return self.run("return Math.max(0, document.scrollingElement.scrollWidth - innerWidth)")

    def faint_texts(self, least=4.5):
        """Each text with less than the contrast that WCAG AA wants: [text, ratio]."""
        found = self.run(CONTRASTS)
        assert found, "the page has no text"
        return [[text, ratio] for text, ratio in found if ratio < least]


def require_browser():
    """Skips the test where Chromium is not installed."""
    for program in ("chromedriver", "chromium"):
        if not shutil.which(program):
            raise unittest.SkipTest(f"{program} is not there: run tests/install_dependencies.sh")
