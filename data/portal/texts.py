"""What the portal says, in both languages. {company} is who runs the portal.

A text is a list of paragraphs. A page about something that went wrong says what the person can do about it.
"""

TEXTS = {
    "da": {
        "portal": "Kundeportal",
        "company": "den virksomhed, der sendte dig mailen",
        "support": "Kontakt til {company}: {support}",
        "to_portal": "Gå til portalen",
        "minute": "et minut",
        "minutes": "{count} minutter",
        "welcome": ("Velkommen", ["Tryk på knappen for at logge ind på kundeportalen hos {company}.",
                                  "Linket i mailen bliver først brugt, når du trykker."]),
        "welcome_button": "Log ind",
        "open": ("Se portalen som kunden", ["Tryk på knappen for at se portalen, som kunden ser den.",
                                            "Visningen slutter af sig selv efter kort tid."]),
        "open_button": "Åbn visningen",
        "greeting": "Hej {name}",
        "no_modules": "Der er ikke noget til dig her endnu.",
        "logged_in": "Du er logget ind som {name} ({email}).",
        "log_out": "Log ud",
        "impersonation": "Du ser portalen, som {name} ser den. Visningen slutter af sig selv efter kort tid.",
        "end_view": "Afslut visningen",
        "unknown": ("Linket virker ikke", [
            "Måske er det ikke kommet helt med. Åbn mailen igen, og tryk på knappen i den, eller kopiér hele linket.",
            "Virker det stadig ikke, så bed {company} om en ny mail."]),
        "used": ("Linket er allerede brugt", [
            "Du har allerede logget ind med dette link, og det kan kun bruges én gang.",
            "Har du brug for at komme ind igen, så bed {company} om en ny mail.",
            "Var det ikke dig, der brugte linket, så sig det til {company} med det samme."]),
        "expired": ("Linket er for gammelt", [
            "Linket i mailen gælder kun i en periode, og den er udløbet.",
            "Bed {company} om en ny mail."]),
        "revoked": ("Linket gælder ikke mere", [
            "Adgangen med dette link er blevet lukket.",
            "Mener du, at det er en fejl, så tal med {company}."]),
        "rotated": ("Der er kommet et nyere link", [
            "Du har fået endnu en mail, og det er linket i den, der gælder.",
            "Find den nyeste mail, og brug linket i den. Kan du ikke finde den, så bed {company} om en ny."]),
        "email_changed": ("Din e-mailadresse er ændret", [
            "Linket blev sendt til en anden adresse end den, {company} har om dig nu.",
            "Se efter en mail på din nye adresse. Er der ikke kommet nogen, så bed {company} om en."]),
        "archived": ("Adgangen er lukket", [
            "Portalen er lukket for denne kunde.",
            "Mener du, at det er en fejl, så tal med {company}."]),
        "not_sent": ("Linket er ikke klar endnu", [
            "Vent et par minutter, åbn mailen igen, og tryk på knappen i den.",
            "Virker det stadig ikke, så bed {company} om en ny mail."]),
        "no_access": ("Du har ikke adgang lige nu", [
            "Linket er dit, men {company} har ikke åbnet for din adgang.",
            "Mener du, at det er en fejl, så tal med {company}."]),
        "too_many_attempts": ("Der har været for mange forsøg", [
            "Vent {wait}, og brug så linket i mailen igen.",
            "Virker det stadig ikke, så bed {company} om en ny mail."]),
        "stale_form": ("Siden er for gammel", [
            "Åbn mailen igen, og tryk på knappen i den. Linket er ikke blevet brugt.",
            "Sker det igen, så tillad cookies for denne side i din browser."]),
        "not_logged_in": ("Du er ikke logget ind", [
            "Brug linket i den mail, du har fået fra {company}.",
            "Har du allerede brugt det, så bed {company} om en ny mail."]),
        "access_ended": ("Du har ikke længere adgang", [
            "Din adgang er blevet lukket, og du er logget ud.",
            "Mener du, at det er en fejl, så tal med {company}."]),
        "logged_out": ("Du er logget ud", ["Har du brug for at komme ind igen, så bed {company} om en ny mail."]),
        "view_ended": ("Visningen er slut", ["Du ser ikke længere portalen som kunden."]),
        "not_found": ("Siden findes ikke", ["Brug linket i den mail, du har fået fra {company}."]),
        "bad_request": ("Det kunne vi ikke forstå", ["Åbn mailen igen, og tryk på knappen i den."]),
        "unavailable": ("Prøv igen om lidt", [
            "Portalen kan ikke svare i øjeblikket. Vent et par minutter, og prøv så igen.",
            "Bliver det ved, så sig det til {company}."]),
    },
    "en": {
        "portal": "Customer portal",
        "company": "the company that sent you the mail",
        "support": "Contact {company}: {support}",
        "to_portal": "Go to the portal",
        "minute": "a minute",
        "minutes": "{count} minutes",
        "welcome": ("Welcome", ["Press the button to log in to the customer portal of {company}.",
                                "The link in the mail is not used up until you press."]),
        "welcome_button": "Log in",
        "open": ("See the portal as the customer", ["Press the button to see the portal as the customer sees it.",
                                                    "The view ends by itself after a short time."]),
        "open_button": "Open the view",
        "greeting": "Hello {name}",
        "no_modules": "There is nothing here for you yet.",
        "logged_in": "You are logged in as {name} ({email}).",
        "log_out": "Log out",
        "impersonation": "You see the portal as {name} sees it. The view ends by itself after a short time.",
        "end_view": "End the view",
        "unknown": ("The link does not work", [
            "A part of it may be missing. Open the mail again and press the button in it, or copy the whole link.",
            "If it still does not work, ask {company} for a new mail."]),
        "used": ("The link has been used already", [
            "You have logged in with this link before, and it can be used only once.",
            "If you need to get in again, ask {company} for a new mail.",
            "If it was not you who used the link, tell {company} at once."]),
        "expired": ("The link is too old", [
            "The link in the mail is valid only for a time, and that has passed.",
            "Ask {company} for a new mail."]),
        "revoked": ("The link is no longer valid", [
            "Access with this link has been closed.",
            "If you think that this is a mistake, talk to {company}."]),
        "rotated": ("There is a newer link", [
            "You have been sent another mail, and the link in that one is the valid one.",
            "Find the newest mail and use its link. If you cannot find it, ask {company} for a new one."]),
        "email_changed": ("Your e-mail address has changed", [
            "The link was sent to another address than the one {company} has for you now.",
            "Look for a mail at your new address. If there is none, ask {company} for one."]),
        "archived": ("Access is closed", [
            "The portal is closed for this customer.",
            "If you think that this is a mistake, talk to {company}."]),
        "not_sent": ("The link is not ready yet", [
            "Wait a few minutes, open the mail again and press the button in it.",
            "If it still does not work, ask {company} for a new mail."]),
        "no_access": ("You do not have access at the moment", [
            "The link is yours, but {company} has not opened your access.",
            "If you think that this is a mistake, talk to {company}."]),
        "too_many_attempts": ("There have been too many attempts", [
            "Wait {wait}, and then use the link in the mail again.",
            "If it still does not work, ask {company} for a new mail."]),
        "stale_form": ("This page is too old", [
            "Open the mail again and press the button in it. The link has not been used up.",
            "If this happens again, allow cookies for this site in your browser."]),
        "not_logged_in": ("You are not logged in", [
            "Use the link in the mail that you got from {company}.",
            "If you have used it already, ask {company} for a new mail."]),
        "access_ended": ("You no longer have access", [
            "Your access has been closed, and you have been logged out.",
            "If you think that this is a mistake, talk to {company}."]),
        "logged_out": ("You are logged out", ["If you need to get in again, ask {company} for a new mail."]),
        "view_ended": ("The view has ended", ["You no longer see the portal as the customer."]),
        "not_found": ("There is no such page", ["Use the link in the mail that you got from {company}."]),
        "bad_request": ("We could not understand that", ["Open the mail again and press the button in it."]),
        "unavailable": ("Try again in a moment", [
            "The portal cannot answer right now. Wait a few minutes and try again.",
            "If it goes on, tell {company}."]),
    },
}
