"""Wording: what no text for users may say, and how long it may make one read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_SENTENCE_WORDS", "MOST_WORDS_ON_AVERAGE", "prose", "reading_faults", "wording_faults"]

MOST_SENTENCE_WORDS = 40
MOST_WORDS_ON_AVERAGE = 17

_PROMISES = re.compile(
    r"guarantee\w*|(?:risk[- ]free|riskless)|(?:no|without|zero) risk\b|can(?:'t|not|\snever) lose"
    r"|(?:never|not) loses?\b|sure(?:ly)? (?:win|thing|profit)\w*|eas(?:y|iest) money|get(?:ting)? rich"
    r"|passive (?:income|earnings)|financial (?:freedom|independence)|doubles? your|always (?:win|profit|work)s?\b"
    r"|proven (?:profit|system|edge|method)|\d\s?%\+? (?:win rate|winners|accura\w+|profits?|returns?)\b"
    r"|holy grail|beats? the market|secret (?:of|to|method)",
    re.IGNORECASE,
)
_SCARCITY = re.compile(
    r"only \d+ (?:\w+ )?(?:left|spots?|seats?|places?)|last chance|limited (?:time|offer|places|spots|seats)|hurry"
    r"|act now|too late|(?:don't|do not) miss|ends? (?:soon|tonight|today)\b|(?:stocks?|supplies) last"
    r"|exclusive (?:offer|access)|(?:join|buy|upgrade|subscribe) now|everybody else is|\d+ (?:people|traders) (?:are )?"
    r"(?:watching|joined)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r"\b(?:TODO|TBD|FIXME|XXX)\b|lorem ipsum|\?\?\?", re.IGNORECASE)
_BRACES = re.compile(r"[{}]|\$\(|%\(\w+\)s|<[A-Z_]{3,}>")
_RULES = (
    (_PROMISES, "promises something"),
    (_SCARCITY, "presses the reader"),
    (_UNFINISHED, "is not finished"),
    (_BRACES, "holds a placeholder that nothing filled"),
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|:\s+")


def wording_faults(text: str) -> Iterator[tuple[int, str]]:
    """Find what a text must not say; each with its line, from 1."""
    # A phrase may run over the end of a line.
    on_one_line = text.replace("\n", " ")
    for rule, what in _RULES:
        for found in rule.finditer(on_one_line):
            yield text.count("\n", 0, found.start()) + 1, f"{found.group()!r} {what}"


def prose(text: str) -> list[str]:
    """Take a Markdown text's sentences: without code, tables, link targets and emphasis; a list item is a sentence."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
            kept.append("")
        elif not inside:
            starts = re.match(r"\s*(?:[-*]|\d+\.)\s", line)
            kept.extend(["", line[starts.end() :]] if starts else [] if line.startswith("|") else [line])
    plain = re.sub(r"\]\([^)]*\)|[*`\[#]", "", "\n".join(kept))
    paragraphs = (" ".join(part.split()) for part in plain.split("\n\n"))
    return [sentence for part in paragraphs for sentence in _SENTENCE.split(part) if sentence]


def reading_faults(text: str, least_words: int, most_words: int) -> Iterator[str]:
    """Find what makes a page hard to read: too short to teach, too long for a sitting, sentences that go on."""
    lengths = [len(sentence.split()) for sentence in prose(text)]
    words = sum(lengths)
    if not least_words <= words <= most_words:
        yield f"it has {words} words of prose, a page has {least_words} to {most_words}"
    if lengths and words / len(lengths) > MOST_WORDS_ON_AVERAGE:
        yield f"its sentences average {words / len(lengths):.1f} words, at most {MOST_WORDS_ON_AVERAGE} read well"
    if lengths and max(lengths) > MOST_SENTENCE_WORDS:
        yield f"a sentence has {max(lengths)} words, at most {MOST_SENTENCE_WORDS} read well"
