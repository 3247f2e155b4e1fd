"""What people type: what may be stored, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import emoji

from .errors import Invalid, TooLong

MAX_NAME_LENGTH = 255
MAX_TOPIC_LENGTH = 1000
#: Different people whom one message may address.
MAX_MENTIONS = 5


def name_key(name: str) -> str:
    """Equal for names that people would take for the same: compatibility forms, case and blanks folded."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def room_name(name: str) -> str:
    """As it is stored and shown: without blanks around it, and single ones within."""
    stored = " ".join(name.split())
    if not stored:
        raise Invalid("A room needs a name.", reason="room_unnamed")
    return stored


def message_text(source: str, max_length: int) -> str:
    """The markdown source as it is stored; ``max_length`` in Unicode code points."""
    stored = source.replace("\r\n", "\n").replace("\x00", "")
    if not stored.strip():
        raise Invalid("A message needs some text.", reason="message_empty")
    if len(stored) > max_length:
        raise TooLong(
            f"A message may have {max_length} characters; this one has {len(stored)}.",
            reason="message_too_long",
            most=max_length,
            count=len(stored),
        )
    return stored


def reaction(source: str) -> str:
    """The one spelling under which an emoji is stored: some have several, with and without a variation selector."""
    if not emoji.is_emoji(source):
        raise Invalid("A reaction is one emoji.", reason="one_emoji")
    return emoji.emojize(emoji.demojize(source))


#: What is code is nobody's name.
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_AT = re.compile(r"(?<![\w@.])@([a-z0-9._-]{1,255})", re.IGNORECASE)
#: What a message writes to address everybody in its room.
ROOM = "room"


def addressed(source: str) -> list[str]:
    """What follows each ``@`` of a message, as far as it may be a public name, with the punctuation after it."""
    return [match.lower() for match in _AT.findall(_CODE.sub(" ", source))]


def names(addressed: str) -> list[str]:
    """The names that may be meant, the longest first: a full stop may be a name's or the sentence's."""
    found = [addressed]
    while found[-1] and found[-1][-1] in "._-":
        found.append(found[-1][:-1])
    return [name for name in found if name]


@dataclass(frozen=True)
class SearchTerm:
    """Words that stand next to each other: those of a "quoted phrase", of a ``file-name.gz``, or a single one."""

    words: tuple[str, ...]
    complete: bool
    """Whether the last one is all of a word and not its beginning."""


#: ASCII's own, which separates words wherever it stands, and what no database takes.
_NO_WORD = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\ud800-\udfff]+")


def search_terms(query: str) -> list[SearchTerm]:
    """Of which a hit must hold all; as `search_queries` has them found, they contain no punctuation."""
    phrases = [SearchTerm(_words(phrase), True) for phrase in re.findall(r'"([^"]*)"', query)]
    begun = [SearchTerm(_words(part), False) for part in re.sub(r'"[^"]*"', " ", query).split()]
    return [term for term in (*phrases, *begun) if term.words]


def _words(source: str) -> tuple[str, ...]:
    return tuple(word for word in _NO_WORD.sub(" ", source).split() if any(map(str.isalnum, word)))
