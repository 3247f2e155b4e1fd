"""Which words and patterns stand in a text, and what becomes of it. Pure; safe in all threads once made.

Words are found as whole words, patterns by RE2, whose time grows with the text alone: there is no pattern that takes
for ever, so none has to be guessed at or cut off, and nobody can write a text for which the filter gives up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import re2

from .errors import Forbidden, Invalid
from .word_folding import Folded, fold, vanishes

Action = Literal["refuse", "mask", "report"]
ACTIONS: tuple[Action, ...] = ("refuse", "mask", "report")

#: In all three lists together.
MAX_WORDS, MAX_PATTERNS = 1000, 100
#: RE2's instructions for all patterns together. As many, in the worst case, go over each character of a text.
MAX_SIZE = 10_000
#: In bytes, for what RE2 makes of a whole list.
MAX_MEMORY = 32 << 20
#: As it is told.
MAX_FOUND, MAX_FOUND_LENGTH = 20, 50

Pattern = Any
"""RE2's own class has no public name."""
Span = tuple[int, int]
"""In the original text."""

#: Scripts without blanks between words: Thai, Lao, Myanmar, Khmer, Japanese, Chinese.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
_ASCII_CLASS = re.compile(r"(?<!\\)(?:\\\\)*\\[bBwW]")


@dataclass(frozen=True)
class Entries:
    words: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)


Lists = Mapping[Action, Entries]


@dataclass(frozen=True)
class Outcome:
    text: str
    """To be stored."""
    refused: tuple[str, ...] = ()
    """What was found, as it is written in the text; likewise the others."""
    masked: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()

    @property
    def action(self) -> Action | None:
        return "refuse" if self.refused else "mask" if self.masked else "report" if self.reported else None

    def require_allowed(self) -> None:
        if self.refused:
            word = self.refused[0]
            raise Forbidden(f"“{word}” is not allowed here.", reason="word_filter", word=word)


def _raise(error: Invalid) -> None:
    raise error


class Filter:
    """
    :param bad: told of each entry that cannot be used, and then does without; raises unless told otherwise.
    """

    def __init__(self, lists: Lists, bad: Callable[[Invalid], None] = _raise) -> None:
        for amount, most, what in (
            (sum(len(entries.words) for entries in lists.values()), MAX_WORDS, "words"),
            (sum(len(entries.patterns) for entries in lists.values()), MAX_PATTERNS, "patterns"),
        ):
            if amount > most:
                bad(Invalid(f"The three lists may have {most} {what} together; these have {amount}."))
        size = _Size()
        self._lists = {
            action: _List(action, entries, size, bad)
            for action, entries in lists.items()
            if entries.words or entries.patterns
        }

    def check(self, source: str) -> Outcome:
        if not self._lists:
            return Outcome(source)
        folded = fold(source)
        found = {action: list(one.found(source, folded)) for action, one in self._lists.items()}
        told = {action: _told(source, spans) for action, spans in found.items()}
        if refused := told.get("refuse"):
            return Outcome(source, refused=refused)
        masked = _masked(source, found.get("mask", ()))
        return Outcome(masked, masked=told.get("mask", ()), reported=told.get("report", ()))

    def require_free(self, *sources: str) -> None:
        """Of what can only be taken or not, as a room's name: what would be masked is refused."""
        for source in sources:
            outcome = self.check(source)
            Outcome(source, refused=outcome.refused or outcome.masked).require_allowed()


class Verdicts:
    """What becomes of many texts, found out before a transaction begins, with the filter as it was last seen."""

    def __init__(self, latest: Filter, sources: Sequence[str]) -> None:
        self._latest = latest
        self._known = {source: latest.check(source) for source in sources}

    def of(self, source: str, in_force: Filter) -> Outcome:
        return self._known[source] if in_force is self._latest else in_force.check(source)


@dataclass
class _Size:
    """Of the patterns so far."""

    instructions: int = 0


class _List:
    def __init__(self, action: Action, entries: Entries, size: _Size, bad: Callable[[Invalid], None]) -> None:
        self._plain: list[str] = []
        self._alike: list[str] = []
        self._patterns: list[Pattern] = []
        for word in entries.words:
            folded = fold(word)
            if plain := folded.plain.strip():
                self._plain.append(plain)
                self._alike.append(folded.alike.strip())
            else:
                bad(Invalid(f"{action} list, word “{word}”: there is nothing in it to look for."))
        for pattern in entries.patterns:
            try:
                self._patterns.append(_compiled(pattern, size))
            except ValueError as error:
                bad(Invalid(f"{action} list, pattern “{pattern}”: {error}."))
        self._only_alike = [alike for plain, alike in zip(self._plain, self._alike, strict=True) if plain != alike]
        self._anything = _together(self._plain, self._alike, self._patterns)

    def found(self, source: str, folded: Folded) -> Iterator[Span]:
        readings = dict.fromkeys((folded.plain, folded.alike, folded.leet))
        if self._anything is None or any(map(self._anything.search, readings)):
            for start, end in (*self._words(folded), *self._by_pattern(folded)):
                yield _original(source, folded, start, end)

    def _words(self, folded: Folded) -> Iterator[Span]:
        yield from _whole(folded.plain, self._plain)
        yield from _whole(folded.alike, self._only_alike if folded.alike == folded.plain else self._alike)
        if folded.leet != folded.alike:
            yield from _whole(folded.leet, self._alike)

    def _by_pattern(self, folded: Folded) -> Iterator[Span]:
        for reading in dict.fromkeys((folded.plain, folded.alike)):
            for pattern in self._patterns:
                yield from (found.span() for found in pattern.finditer(reading) if found.end() > found.start())


def _whole(reading: str, words: Sequence[str]) -> Iterator[Span]:
    """Where these stand, not as a part of another word."""
    for word in words:
        start = reading.find(word)
        while start >= 0:
            end = start + len(word)
            if _ends_before(reading, start) and _ends_before(reading, end):
                yield start, end
            start = reading.find(word, start + 1)


def _ends_before(reading: str, place: int) -> bool:
    """Whether a word may begin or end here."""
    before, after = reading[place - 1 : place], reading[place : place + 1]
    return not (_is_mark(after) or (_in_a_word(before) and _in_a_word(after)))


def _in_a_word(character: str) -> bool:
    return (character.isalnum() or _is_mark(character)) and not _UNSPACED.match(character)


def _is_mark(character: str) -> bool:
    return character != "" and not character.isascii() and unicodedata.category(character)[0] == "M"


def _compiled(source: str, size: _Size) -> Pattern:
    """Raises `ValueError` with what is wrong."""
    if not source.isascii() and _ASCII_CLASS.search(source):
        raise ValueError(r"\b and \w know the letters a to z alone; make it a word, or write \pL for a letter")
    try:
        folded = "".join(map(_folded_in_pattern, source))
        _engine(folded)
        pattern = _engine(f"(?:{folded})")  # as it is put together with others
    except re2.error as error:
        reason = error.args[0]
        raise ValueError(reason.decode() if isinstance(reason, bytes) else reason) from error
    if any(found.start() == found.end() for text in ("", "a") for found in pattern.finditer(text)):
        raise ValueError("it finds nothing at all, in any text")
    if size.instructions + pattern.programsize > MAX_SIZE:
        raise ValueError("it is too large, or the patterns before it are; repeat less")
    size.instructions += pattern.programsize
    return pattern


def _together(plain: Sequence[str], alike: Sequence[str], patterns: Sequence[Pattern]) -> Pattern | None:
    """One way over a text tells whether anything in it is worth a closer look. None where that would be too large."""
    words = dict.fromkeys((*plain, *alike))
    try:
        return _engine("|".join((*map(re2.escape, words), *(one.pattern for one in patterns))), MAX_MEMORY)
    except re2.error:
        return None


def _engine(pattern: str, memory: int = 8 << 20) -> Pattern:
    options = re2.Options()
    options.max_mem = memory
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    return re2.compile(pattern, options)


def _folded_in_pattern(character: str) -> str:
    """As the texts are; what becomes a sign stays one."""
    if character.isascii():
        return character
    plain = fold(character).plain
    return plain if plain.isalnum() else re2.escape(plain)


def _original(source: str, folded: Folded, start: int, end: int) -> Span:
    """With the accents, and all that nobody sees, after the last character."""
    first, last = folded.places[start], folded.places[end - 1] + 1
    while last < len(source) and vanishes(source[last]):
        last += 1
    return first, last


def _masked(source: str, spans: Sequence[Span]) -> str:
    """As long as it was. Blanks stay, so lines and paragraphs do."""
    characters = list(source)
    for start, end in spans:
        characters[start:end] = ("*" if not one.isspace() else one for one in source[start:end])
    return "".join(characters)


def _told(source: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Each once, in the order of the text."""
    found = dict.fromkeys(source[start:end] for start, end in sorted(spans))
    return tuple(one if len(one) <= MAX_FOUND_LENGTH else f"{one[:MAX_FOUND_LENGTH]}…" for one in found)[:MAX_FOUND]
