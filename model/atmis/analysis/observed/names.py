"""Names as data sets write them, normalised so that spellings of one name become equal."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from atmis.scenario.conf_files import conf_folder
from atmis.scenario.ground import Theatre
from atmis.scenario.reading import read_yaml

DATA = "data"  # folder of conf; not called as the setting `observed`, which Hydra would take for a group then


def normalise(text: str) -> str:
    """A name in lower case without accents, punctuation and doubled letters: Jubbada Hoose is jubada hose."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"([a-z])\1+", r"\1", " ".join(re.findall(r"[a-z0-9]+", plain)))


def squash(text: str) -> str:
    """A normalised name without spaces: Al-Shabaab, al Shabab and AL SHABAAB are alshabab."""
    return normalise(text).replace(" ", "")


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


@cache
def _known_names() -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_yaml(conf_folder() / DATA / "names.yaml")
    return content
