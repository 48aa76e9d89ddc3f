"""Which names of parties are those of an actor.

A name matches when it holds the words of the actor one after the other, however they are spelt and divided: Al Shabaab
is in "Harakat al-Shabab". A word such as anti before them makes it the name of another.
"""

from collections.abc import Iterable
from typing import NamedTuple

from atmis.analysis.observed.names import normalise, squash, turning_words
from atmis.scenario.errors import InputError, shorten

ANY = "any"  # actor: all events


class NameMatches(NamedTuple):
    """The names that are those of an actor, and those that only contain it."""

    matched: frozenset[str]
    refused: frozenset[str]


def match_names(names: Iterable[str], actor: str) -> NameMatches:
    """Find the names of an actor. Raises InputError for an actor without a letter or digit."""
    wanted = squash(actor)
    if not wanted:
        raise InputError(f"actor: '{shorten(actor)}' has no letter; allowed: part of the name of a party, or {ANY}")
    distinct = set(names)
    matched = frozenset(name for name in distinct if actor == ANY or _has_words(normalise(name).split(), wanted))
    return NameMatches(matched, frozenset(name for name in distinct - matched if wanted in squash(name)))


def _has_words(words: list[str], wanted: str) -> bool:
    """Whether words that follow one another spell what is wanted, and no word before turns it into another."""
    for start in range(len(words)):
        if start and words[start - 1] in turning_words():
            continue
        spelt = ""
        for word in words[start:]:
            spelt += word
            if not wanted.startswith(spelt):
                break
            if spelt == wanted:
                return True
    return False
