"""Text as the word filter compares it: what looks the same to readers is the same here, and each character knows its
place in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# ruff: noqa: RUF001, RUF003
#: A part of Unicode's confusables (UTS #39): letters of Cyrillic, Greek and Latin that are drawn as one of a to z. A
#: capital may be where the small letter is not, so that В is a b, and в is not.
_ALIKE = (
    "аa сc еe һh іi јj кk ӏl оo пn рp ԛq гr ѕs уy үy ѵv ԝw хx ԁd ьb "
    "АA ВB ЕE ІI ЈJ КK МM НH ОO РP СC ЅS ТT УY ҮY ХX ЬB ӀI "
    "αa γy εe ιi κk νv οo ρp τt υu χx ϲc ϳj "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC "
    "ıi ɩi ɪi ɑa ɡg øo łl đd ħh ŧt ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz"
)
_LETTER_ALIKE = {pair[0]: pair[1].lower() for pair in _ALIKE.split()}

#: Digits and signs in a letter's place: one or two of them, between letters. ``p53`` and ``A55`` are what they are.
_LEET = re.compile(r"(?<=[a-z])[013457@$]{1,2}(?=[a-z])")
_LEET_ALIKE = str.maketrans("013457@$", "oieastas")

#: Ignored by every renderer, though Unicode counts them as marks or letters; format and control characters are, too.
_INVISIBLE = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\U000e0100-\U000e01ef]")
#: What the way for plain ASCII cannot take.
_UNEVEN = re.compile(r"[^ -~]|  ")


@dataclass(frozen=True)
class Folded:
    """Three readings of one text. They have the same length, so that a place in one is that place in the others."""

    plain: str
    """Compatibility forms, case, accents and blanks folded."""
    alike: str
    """Also look-alikes of the letters a to z."""
    leet: str
    """Also digits and signs in a letter's place."""
    places: Sequence[int]
    """Of each folded character: the number of the original one."""


def fold(source: str) -> Folded:
    if not _UNEVEN.search(source):
        plain = alike = source.lower()
        places: Sequence[int] = range(len(source))
    else:
        plain, alike, places = _folded(source)
    return Folded(plain, alike, _LEET.sub(lambda found: found[0].translate(_LEET_ALIKE), alike), places)


def _folded(source: str) -> tuple[str, str, list[int]]:
    plain: list[str] = []
    alike: list[str] = []
    places: list[int] = []
    for place, character in enumerate(source):
        folded, looks_like = _CHARACTERS[character]
        if folded == " " and plain and plain[-1][-1] == " ":
            continue
        if folded:
            plain.append(folded)
            alike.append(looks_like)
            places += [place] * len(folded)
    return "".join(plain), "".join(alike), places


def vanishes(character: str) -> bool:
    """Whether a character leaves no trace: an accent, or what nobody sees."""
    return not _CHARACTERS[character][0]


class _Characters(dict[str, tuple[str, str]]):
    """By character: what it is folded to, without and with look-alikes. Filled as they come."""

    def __missing__(self, character: str) -> tuple[str, str]:
        plain = _plain(character)
        alike = _LETTER_ALIKE.get(character) or "".join(_LETTER_ALIKE.get(one, one) for one in plain)
        self[character] = plain, alike
        return self[character]


_CHARACTERS = _Characters()


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return re.sub(r"\s+", " ", "".join(one for one in decomposed if not _is_left_out(one)))


def _is_left_out(character: str) -> bool:
    """Accents (class 200 and above), strokes (1), and the points of Hebrew and Arabic (10 to 36), which are as often
    left out as written. Marks of other scripts make another letter: か is not が."""
    place = unicodedata.combining(character)
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Me") or _INVISIBLE.match(character)
    return bool(place >= 200 or place == 1 or 10 <= place <= 36 or invisible)
