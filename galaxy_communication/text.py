"""What people type: what may be stored, and when two names are the same."""

from __future__ import annotations

import unicodedata

import emoji

from .errors import Invalid, TooLong

MAX_NAME_LENGTH = 255


def name_key(name: str) -> str:
    """Equal for names that people would take for the same: compatibility forms, case and blanks folded."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def message_text(source: str, max_length: int) -> str:
    """The markdown source as it is stored; ``max_length`` in Unicode code points."""
    stored = source.replace("\r\n", "\n").replace("\x00", "")
    if not stored.strip():
        raise Invalid("A message needs some text.")
    if len(stored) > max_length:
        raise TooLong(f"A message may have {max_length} characters; this one has {len(stored)}.")
    return stored


def reaction(source: str) -> str:
    """The one spelling under which an emoji is stored: some have several, with and without a variation selector."""
    if not emoji.is_emoji(source):
        raise Invalid("A reaction is one emoji.")
    return emoji.emojize(emoji.demojize(source))
