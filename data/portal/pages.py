"""The portal's pages. Whatever is put into one is escaped, unless it is Html already."""

import html
import math

from texts import TEXTS


class Html(str):
    """Text that is HTML."""


def fill(template, **values):
    """The template with its values in their places: as text, whatever they hold."""
    return Html(template.format(**{name: value if isinstance(value, Html) else html.escape(value)
                                   for name, value in values.items()}))


def join(template, values):
    """The template once for each value."""
    return Html("\n".join(fill(template, value=value) for value in values))


DOCUMENT = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title} – {brand}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
{banner}
<header>{brand}</header>
<main>
<h1>{heading}</h1>
{content}
</main>
<footer>{support}</footer>
</body>
</html>
"""
NAME = "<bdi>{value}</bdi>"  # a name of another script, or one that means harm, does not turn the sentence around it
PARAGRAPH = "<p>{value}</p>"
CARD = '<div class="card">\n{content}\n</div>'
LANDING = """{paragraphs}
<form method="post" action="/{action}">
<input type="hidden" name="form" value="{secret}">
<input type="hidden" name="token" value="{token}">
<button>{button}</button>
</form>"""
TO_PORTAL = '<p class="onward"><a class="button" href="/">{text}</a></p>'
PLACE = """<section class="card">
<h2>{customer}</h2>
{modules}
</section>"""
MODULES = '<ul class="modules">\n{items}\n</ul>'
MODULE = "<li>{value}</li>"
NO_MODULES = '<p class="soft">{text}</p>'
WHO = '<p class="soft">{text}</p>'
LOGOUT = """<form method="post" action="/logout">
<input type="hidden" name="form" value="{secret}">
<button class="quiet">{button}</button>
</form>"""
BANNER = '<div class="banner" role="note"><p>{text}</p></div>'


class Pages:
    """Each method makes one page, in a language that TEXTS has."""

    def __init__(self, company, support):
        self.company, self.support = company, support

    def landing(self, language, action, token, secret):
        """The page behind a link: a button that sends the token. `action`: welcome or open, as the link has it."""
        title, texts = TEXTS[language][action]
        form = fill(LANDING, paragraphs=self.paragraphs(language, texts), action=action, secret=secret, token=token,
                    button=TEXTS[language][f"{action}_button"])
        return self.document(language, title, fill(CARD, content=form))

    def message(self, language, key, seconds=0, logged_in=False):
        """What has happened, and what the person can do. `seconds`: how long to wait, where the text says so."""
        title, texts = TEXTS[language][key]
        minutes = math.ceil(seconds / 60)
        wait = TEXTS[language]["minutes"].format(count=minutes) if minutes > 1 else TEXTS[language]["minute"]
        link = fill(TO_PORTAL, text=TEXTS[language]["to_portal"]) if logged_in else Html()
        return self.document(language, title, fill(CARD, content=Html(self.paragraphs(language, texts, wait=wait) + link)))

    def home(self, person, places, titles, secret):
        """What a person sees who is logged in, in their language. `titles`: what each module is called in it."""
        language = person["language"]
        texts = TEXTS[language]
        name = fill(NAME, value=person["name"] or person["customer_name"])
        banner, who, button = Html(), Html(), "end_view"
        if person["impersonation"]:
            banner = fill(BANNER, text=fill(texts["impersonation"], name=name))
        else:
            who = fill(WHO, text=fill(texts["logged_in"], name=name, email=fill(NAME, value=person["email"])))
            button = "log_out"
        content = [*(self.place(language, place, titles) for place in places), who,
                   fill(LOGOUT, secret=secret, button=texts[button])]
        heading = fill(texts["greeting"], name=fill(NAME, value=person["first_name"]) if person["first_name"] else name)
        return self.document(language, texts["portal"], Html("\n".join(content)), heading, banner)

    def place(self, language, place, titles):
        items = [titles.get(key, key) for key in place["modules"]]
        modules = (fill(MODULES, items=join(MODULE, items)) if items
                   else fill(NO_MODULES, text=TEXTS[language]["no_modules"]))
        return fill(PLACE, customer=fill(NAME, value=place["customer_name"]), modules=modules)

    def paragraphs(self, language, texts, **values):
        return join(PARAGRAPH, [fill(text, company=self.who(language), **values) for text in texts])

    def who(self, language):
        """Whom to turn to, within a sentence."""
        return fill(NAME, value=self.company) if self.company else TEXTS[language]["company"]

    def document(self, language, title, content, heading=None, banner=Html()):
        """The page around its content, as bytes."""
        texts = TEXTS[language]
        support = fill(texts["support"], company=self.who(language), support=fill(NAME, value=self.support))
        return fill(DOCUMENT, language=language, title=title, heading=heading or title, content=content,
                    banner=banner, brand=self.company or texts["portal"], support=support if self.support else "").encode()
