"""What the CRM does with texts: refuse what cannot be printed, fold for sorting, cut into words."""

import re

from core.api.errors import Invalid

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
KEY_LENGTH = 64
WORD_LENGTH = 64


def text_checked(text: str, *, field: str, longest: int | None = None) -> str:
    """The text itself; Invalid when it is too long or holds what XML 1.0 cannot carry."""
    if UNPRINTABLE.search(text):
        raise Invalid(f"{field}: control characters are not allowed.", code="argument")
    if longest is not None and len(text) > longest:
        raise Invalid(f"At most {longest} characters.", field=field)
    return text


def sort_key(text: str) -> str:
    """The text in one case, cut to what an index should carry."""
    return text.strip().casefold()[:KEY_LENGTH]


def words(*texts: str | None) -> set[str]:
    """The indexed form of every word of the texts, see `TaskWord`."""
    return {word_code(word) for text in texts if text for word in text.split()}


def word_code(word: str) -> str:
    """Hexadecimal digits of a word's lower-case UTF-8; only its first 64 characters count."""
    return word.casefold()[:WORD_LENGTH].encode().hex()
