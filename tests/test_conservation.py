"""Nobody is lost, counted twice or less than none, in generated worlds; `benchmarks/laws.py` tries more of them."""

from collections import Counter
from copy import deepcopy
from functools import cache

import pytest
import strange
from by_hand import tiny

from atmis import recorder
from atmis.scenario.errors import InputError
from atmis.state import OPEN

WORLDS = 500


def test_nothing_is_lost_in_generated_worlds():
    happened: Counter[str] = Counter()
    for number in range(1, WORLDS + 1):
        made = strange.play(number)
        assert strange.broken(made) == [], f"world {number}"
        happened.update(strange.happened(made))
    assert min(happened.values()) >= 100, happened


def more(table, place, by=1):
    table[place] += by


# What a fault would leave behind, and the law that must notice it.
TAMPERED = {
    "a soldier vanishes": (strange.troops, lambda made: more(made.dusk.contingents["deployed"], -1, -1)),
    "a soldier dies twice": (strange.troops, lambda made: more(made.dusk.contingents["killed"], (0, 0))),
    "a closed base is manned": (strange.garrisons, lambda made: more(made.dawn.bases["garrison"], -1)),
    "a recruit comes from nowhere": (strange.host_forces, lambda made: more(made.dusk.forces["pool"], -1)),
    "a refugee is home and away": (strange.people, lambda made: more(made.dusk.zones["home"], -1)),
    "a fighter is not counted": (strange.fighters, lambda made: more(made.dusk.cells["fighters"], (-1, 0), 0.5)),
    "an attack has two modes": (
        strange.attacks,
        lambda made: more(made.record.monthly, (0, 0, recorder.RAIDS)),
    ),
    "an attack is logged twice": (strange.log, lambda made: more(made.record.event_count, 0)),
    "a base comes back": (strange.bases, lambda made: made.dusk.bases["standing"][-1].fill(OPEN)),
    "a segment closes": (strange.borders, lambda made: made.dusk.segments["open"][-1].fill(0)),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_law_notices(name):
    law, fault = TAMPERED[name]
    made = deepcopy(eventful())
    law(made)
    fault(made)
    with pytest.raises(AssertionError):
        law(made)


@cache
def eventful():
    """A run in which something of every kind happens."""
    worlds = (strange.play(number) for number in range(1, WORLDS + 1))
    return next(world for world in worlds if all(strange.happened(world).values()))


def test_people_die_whole():
    """A bound of 441.6 deaths would let .6 of a person die: counted, but taken from nobody."""
    with pytest.raises(InputError, match=r"opposition.severity.highest: 441.6 is not a whole number"):
        tiny.scenario({"opposition.severity.highest": 441.6})
