"""Names as data sets write them: folded, so that spellings of one name become one."""

import re
import unicodedata
from functools import cache

from atmis.scenario.conf_files import conf_folder
from atmis.scenario.ground import Theatre
from atmis.scenario.reading import read

DATA = "data"  # folder of conf; not called as the setting `observed`, which Hydra would take for a group then


def folded(text: str) -> str:
    """A name in small letters without accents, signs and doubled letters: Jubbada Hoose is jubada hose."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"([a-z])\1+", r"\1", " ".join(re.findall(r"[a-z0-9]+", plain)))


def joined(text: str) -> str:
    """A folded name in one word: Al-Shabaab, al Shabab and AL SHABAAB are alshabab."""
    return folded(text).replace(" ", "")


def place_name(text: str) -> str:
    """The folded name of a place without words such as county or region."""
    kinds = {folded(word) for word in _known()["kinds"]}
    return "".join(word for word in folded(text).split() if word not in kinds)


def zone_names(theatre: Theatre) -> dict[str, str]:
    """Zones of a theatre by all the names, as `place_name` makes them, under which data sets may call them."""
    variants, found = _known()["variants"], dict[str, str]()
    for zone, about in theatre.zones.items():
        for name in (zone, about.name, *variants.get(zone, ())):
            found.setdefault(place_name(name), zone)
    return found


@cache
def _known() -> dict:  # type: ignore[type-arg]
    return read(conf_folder() / DATA / "names.yaml")  # type: ignore[no-any-return]
