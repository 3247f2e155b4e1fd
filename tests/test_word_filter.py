"""What the word filter finds in a text, and what stands in it afterwards."""
# ruff: noqa: RUF001

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from galaxy_communication.errors import ChatError, Forbidden, Invalid
from galaxy_communication.word_filter import MAX_PATTERNS, MAX_WORDS, Entries, Filter
from galaxy_communication.word_folding import fold


def masked(source: str, *words: str, patterns: tuple[str, ...] = ()) -> str:
    return Filter({"mask": Entries(list(words), list(patterns))}).check(source).text


@pytest.mark.parametrize(
    ("source", "word", "expected"),
    [
        ("Bad, BAD and bad!", "bad", "***, *** and ***!"),
        ("Scunthorpe, classes, badge", "ass", "Scunthorpe, classes, badge"),
        ("a badly bad_name.txt", "bad", "a badly ***_name.txt"),
        ("_bad_ **bad** `bad` @bad #bad", "bad", "_***_ ******* `***` @*** #***"),
        ("bad\nbad  word\nbad", "bad word", "bad\n***  ****\nbad"),
        ("Straße und STRASSE", "strasse", "****** und *******"),
        ("un café", "cafe", "un ****"),
        ("what the c++", "c++", "what the ***"),
        ("это плохое слово, и словом тоже", "Слово", "это плохое *****, и словом тоже"),
        ("हिन्दी में का, कार", "का", "हिन्दी में **, कार"),
        ("这是坏话吗", "坏话", "这是**吗"),
        ("これはばか者だ", "ばか", "これは**者だ"),
        ("か is another letter than が", "か", "* is another letter than が"),
        ("这是bad的", "bad", "这是***的"),
        ("각", "가", "각"),
    ],
)
def test_whole_words_are_masked(source: str, word: str, expected: str) -> None:
    assert masked(source, word) == expected
    assert len(expected) == len(source)


@pytest.mark.parametrize(
    "disguised",
    [
        *("ѕраm", "SРАМ", "ｓｐａｍ", "𝓼𝓹𝓪𝓶", "ⓢⓟⓐⓜ", "sραm", "ꜱᴘᴀᴍ", "şpåm", "s\u0336p\u0336a\u0336m\u0336"),
        *("s\u200bp\u200da\ufeffm", "s\u00adpam", "\u202esp\u2060am", "sp4m", "sp@m", "spa\u034fm", "s\x08pam", "ſpam"),
    ],
)
def test_look_alikes_are_the_same(disguised: str) -> None:
    outcome = Filter({"refuse": Entries(["spam"])}).check(f"No {disguised} here")
    assert [fold(found).leet for found in outcome.refused] == ["spam"]


@pytest.mark.parametrize(
    ("source", "word"),
    [("A55 is a sample", "ass"), ("p53", "pse"), ("the 5 hits", "shits"), ("вор", "bop")],
)
def test_and_what_only_might_be_is_not(source: str, word: str) -> None:
    assert masked(source, word) == source


def test_words_of_other_scripts_are_found_in_latin_letters() -> None:
    assert masked("Такой cop, COP и сор", "сор") == "Такой ***, *** и ***"
    assert masked("xyz cyкa", "сука") == "xyz ****"


#: Neither digits nor signs that may stand for letters.
PLAIN = st.text("abAB .,*_-\n", max_size=40)


@given(PLAIN, st.text("ab", min_size=1, max_size=3))
def test_a_mask_covers_the_word_and_nothing_else(source: str, word: str) -> None:
    whole = rf"(?<![a-z]){word}(?![a-z])"
    assert masked(source, word) == re.sub(whole, lambda found: "*" * len(found[0]), source, flags=re.IGNORECASE)


@given(st.text(), st.text(min_size=1, max_size=3))
@example("x\u0301\u0301 e\u0301", "x")
@example("👩‍💻", "👩")
def test_a_mask_is_as_long_as_what_it_covers(source: str, word: str) -> None:
    if not fold(word).plain.strip():
        with pytest.raises(Invalid, match="nothing in it"):
            masked(source, word)
        return
    result = masked(source, word, patterns=("[0-9]{2}",))
    assert len(result) == len(source)
    for before, after in zip(source, result, strict=True):
        assert after == before or (after == "*" and not before.isspace())
    for number, after in enumerate(result[1:], 1):
        if result[number - 1] == "*" != source[number - 1]:
            assert not re.match("[\u0300-\u036f\u200b-\u200d\ufe0f]", after), "an accent without its letter"


@given(st.text())
def test_a_place_in_one_reading_is_that_place_in_all(source: str) -> None:
    folded = fold(source)
    assert len(folded.plain) == len(folded.alike) == len(folded.leet) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert fold(folded.alike).alike == folded.alike


DISGUISES = {"b": "bBЬＢ𝐛ʙ", "o": "oO0оΟøｏö", "t": "tTТτţ"}


@given(st.lists(st.sampled_from(["", "\u200b", "\u0301", "\u00ad"]), min_size=3, max_size=3), st.data())
def test_a_disguised_word_is_masked_to_its_end(hidden: list[str], data: st.DataObject) -> None:
    letters = [data.draw(st.sampled_from(DISGUISES[letter])) for letter in "bot"]
    disguised = "".join(letter + between for letter, between in zip(letters, hidden, strict=True))
    assert masked(f"a {disguised} b", "bot") == f"a {'*' * len(disguised)} b"


@pytest.mark.parametrize(
    ("source", "pattern", "expected"),
    [
        ("order casino-42 at Casino-7", r"casino-\d+", "order ********* at ********"),
        ("order саsino-42", r"casino-\d+", "order *********"),
        ("two\n  lines", r"two lines", "***\n  *****"),
        ("Café crème", "café", "**** crème"),
        ("(a) （a）", "（a）", "*** ***"),
        ("очень плохое", r"плох\pL+", "очень ******"),
        ("HIT one", "(?P<x>hit)|(?P<x>miss)", "*** one"),
    ],
)
def test_patterns_are_masked(source: str, pattern: str, expected: str) -> None:
    assert masked(source, patterns=(pattern,)) == expected


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(unclosed", "missing"),
        ("a)|(?-i", "unexpected"),
        (r"\Qa", "missing"),
        ("x*", "finds nothing"),
        (r"\b", "finds nothing"),
        ("^", "finds nothing"),
        (r"(a)\1", "invalid escape"),
        ("(?=a)", "invalid perl operator"),
        ("((a{0,100}){0,100}){0,100}", "repetition"),
        (r"(\pL{1,9}){1,9}x", "too large"),
        (r"\bплохо\b", "letters a to z alone"),
    ],
)
def test_patterns_that_cannot_be_used_are_refused(pattern: str, why: str) -> None:
    with pytest.raises(Invalid, match=f"report list, pattern “{re.escape(pattern)}”: .*{why}"):
        Filter({"report": Entries(["fine"], ["fine", pattern])})


def test_too_many_are_refused() -> None:
    Filter({"mask": Entries(["a"] * (MAX_WORDS - 1), ["a"] * MAX_PATTERNS), "report": Entries(["a"])})
    for lists in (Entries(["a"] * MAX_WORDS), Entries([], ["a"] * (MAX_PATTERNS + 1))):
        with pytest.raises(Invalid, match=r"three lists may have"):
            Filter({"mask": lists, "report": Entries(["a"])})


#: Each takes backtracking engines longer than anybody lives.
CATASTROPHES = [r"(a+)+$q", r"(a|aa)+$q", r"(a*)*b", r"(.*a){25}z", r"(\pL+\s?)+q"]


def test_no_pattern_takes_for_ever() -> None:
    made = Filter({"refuse": Entries([], CATASTROPHES), "mask": Entries(["word"])})
    assert made.check("a" * 10_000 + "!").action is None
    assert made.check("a" * 10_000 + " word").text == "a" * 10_000 + " ****"
    assert made.check("a" * 10_000 + "aab").refused[0].startswith("aaa")


def test_the_strictest_list_decides() -> None:
    made = Filter({"refuse": Entries(["one"]), "mask": Entries(["two"]), "report": Entries(["two", "three"])})
    outcome = made.check("Three, two, THREE")
    assert (outcome.action, outcome.text) == ("mask", "Three, ***, THREE")
    assert outcome.reported == ("Three", "two", "THREE")
    assert made.check("three").action == "report"
    refused = made.check("two Öne")
    assert (refused.action, refused.text, refused.refused) == ("refuse", "two Öne", ("Öne",))
    with pytest.raises(Forbidden) as error:
        refused.require_allowed()
    assert (error.value.reason, error.value.values) == ("word_filter", {"word": "Öne"})


def test_an_entry_that_another_release_has_stored_is_left_out() -> None:
    told: list[ChatError] = []
    made = Filter({"mask": Entries(["bad", "\u200b"], ["(", "worse"])}, told.append)
    assert made.check("bad and worse").text == "*** and *****"
    assert len(told) == 2
