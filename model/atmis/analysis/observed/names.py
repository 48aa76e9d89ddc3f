"""Names as data sets write them, normalised so that spellings of one name become equal."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from atmis.scenario.conf_files import conf_folder
from atmis.scenario.ground import Theatre
from atmis.scenario.reading import read_yaml

DATA = "data"  # folder of conf; not called as the setting `observed`, which Hydra would take for a group then
_REMEMBERED = 10_000  # names, which stand in many rows


@lru_cache(_REMEMBERED)
def normalise(text: str) -> str:
    """A name in lower case without accents, punctuation and doubled letters: Jubbada Hoose is jubada hose."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"([a-z])\1+", r"\1", " ".join(re.findall(r"[^\W_]+", plain.casefold())))


def squash(text: str) -> str:
    """A normalised name without spaces: Al-Shabaab, al Shabab and AL SHABAAB are alshabab."""
    return normalise(text).replace(" ", "")


@lru_cache(_REMEMBERED)
def place_name(text: str) -> str:
    """The normalised name of a place without words such as county or region."""
    kinds = {normalise(word) for word in _known_names()["kinds"]}
    return "".join(word for word in normalise(text).split() if word not in kinds)


def zone_names(theatre: Theatre) -> dict[str, str]:
    """Zones of a theatre by every name that data sets may use for them, in the form of `place_name`."""
    variants, zones = _known_names()["variants"], dict[str, str]()
    for key, zone in theatre.zones.items():
        for name in (key, zone.name, *variants.get(key, ())):
            zones.setdefault(place_name(name), key)
    return zones


def country_names(theatre: Theatre) -> dict[str, str]:
    """Countries of a theatre by every name and code that data sets may use for them, normalised."""
    countries = {zone.country for zone in theatre.zones.values()}
    codes = _known_names()["countries"]
    return {normalise(name): key for key in sorted(countries) for name in (key, *codes.get(key, ()))}


def turning_words() -> frozenset[str]:
    """Words that turn the name after them into another: the militia Anti-Al Shabaab is not al-Shabaab."""
    return frozenset(normalise(word) for word in _known_names()["turning"])


@cache
def _known_names() -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_yaml(conf_folder() / DATA / "names.yaml")
    return content
