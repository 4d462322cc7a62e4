"""Refuse passwords that are easy to guess, and say why."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Words that somebody who guesses passwords of this site would try first.
OWN_WORDS = {
    *("admin", "administrator", "allies", "assisted", "connecticut", "diversion", "editor", "enforcement"),
    *("ghjp", "global", "harm", "health", "justice", "law", "lead", "leadwatch", "network", "newhaven"),
    *("partnership", "password", "police", "reduction", "sex", "swan", "wagtail", "workers", "yale"),
}
# Letters in a password other than those words.
LEAST = 5
# zxcvbn rates passwords from 0 to 4. From 3, they withstand guesses at a stolen database for a while.
LOWEST_SCORE = 3
# zxcvbn takes exponentially longer for longer passwords with many digits and signs. A password is at least
# as strong as its beginning.
BEGINNING = 24
LETTERS_FOR_SIGNS = str.maketrans("@4830!1$57", "aabeoiisst")
# What zxcvbn recognizes.
REASONS = {
    "passwords": gettext_lazy("Many people use passwords like it."),
    "dictionary": gettext_lazy("It consists of a few common words or names."),
    "spatial": gettext_lazy("It consists of keys that are next to each other."),
    "repeat": gettext_lazy("It repeats itself."),
    "sequence": gettext_lazy("It contains a sequence such as abc or 6543."),
    "regex": gettext_lazy("It consists of a year and little else."),
    "date": gettext_lazy("It consists of a date and little else."),
}
ADVICE = gettext_lazy("Four or more words that have nothing to do with each other are a good password.")


class GuessValidator:
    """Refuses passwords that consist of words of this site or of the person's name, or are easy to guess."""

    def validate(self, password, user=None):
        words = words_about(user)
        if consists_of(password, words):
            reason = _("It consists of words of this site, or of your name.")
        else:
            # Only people who choose a password need its dictionaries, which take time and memory.
            from zxcvbn import zxcvbn

            result = zxcvbn(password[:BEGINNING], user_inputs=words)
            if result["score"] >= LOWEST_SCORE:
                return
            reason = reason_for(result["sequence"])
        raise ValidationError(
            _("This password is too easy to guess. %(reason)s %(advice)s")
            % {"reason": reason, "advice": ADVICE},
            code="password_too_easy",
        )

    def get_help_text(self):
        return _("Your password must not be easy to guess. %(advice)s") % {"advice": ADVICE}


def words_about(user):
    """Return the words of the site and of a person, longest first."""
    names = [getattr(user, name, "") for name in ("username", "first_name", "last_name", "email")]
    text = " ".join([settings.WAGTAIL_SITE_NAME, settings.BASE_URL, *names])
    found = re.findall(r"[^\W\d_]{3,}", text.lower())
    return sorted({*OWN_WORDS, *found}, key=len, reverse=True)


def consists_of(password, words):
    """Return whether a password contains one of the words, and little else but digits and signs."""
    text = password.lower()
    for spelling in (text, text.translate(LETTERS_FOR_SIGNS)):
        letters = re.sub(r"[\W\d_]", "", spelling)
        rest = re.sub("|".join(map(re.escape, words)), "", letters)
        if rest != letters and len(rest) < LEAST:
            return True
    return False


def reason_for(sequence):
    longest = max(sequence, key=lambda match: len(match["token"]))
    kinds = (longest.get("dictionary_name"), longest["pattern"])
    return next((REASONS[kind] for kind in kinds if kind in REASONS), "")
