"""Nobody is lost, counted twice or less than none, in generated worlds; `benchmarks/laws.py` tries more of them."""

from collections import Counter
from copy import deepcopy
from functools import cache

import generated_worlds
import pytest
import tiny_theatre as tiny

from atmis.kernel import recorder
from atmis.kernel.state import OPEN
from atmis.scenario.errors import InputError

WORLDS = 500


def test_nothing_is_lost_in_generated_worlds():
    happened: Counter[str] = Counter()
    for number in range(1, WORLDS + 1):
        made = generated_worlds.play(number)
        assert generated_worlds.broken(made) == [], f"world {number}"
        happened.update(generated_worlds.happened(made))
    assert min(happened.values()) >= 100, happened


def more(table, place, by=1):
    table[place] += by


# What a fault would leave behind, and the law that must notice it.
TAMPERED = {
    "a soldier vanishes": (generated_worlds.troops, lambda made: more(made.evening.contingents["deployed"], -1, -1)),
    "a soldier dies twice": (generated_worlds.troops, lambda made: more(made.evening.contingents["killed"], (0, 0))),
    "a closed base is manned": (generated_worlds.garrisons, lambda made: more(made.morning.bases["garrison"], -1)),
    "a recruit comes from nowhere": (generated_worlds.host_forces, lambda made: more(made.evening.forces["pool"], -1)),
    "a refugee is home and away": (generated_worlds.people, lambda made: more(made.evening.zones["home"], -1)),
    "a fighter is not counted": (
        generated_worlds.fighters,
        lambda made: more(made.evening.cells["fighters"], (-1, 0), 0.5),
    ),
    "an attack has two modes": (
        generated_worlds.attacks,
        lambda made: more(made.record.monthly, (0, 0, recorder.RAIDS)),
    ),
    "an attack is logged twice": (generated_worlds.log, lambda made: more(made.record.event_count, 0)),
    "a base comes back": (generated_worlds.bases, lambda made: made.evening.bases["standing"][-1].fill(OPEN)),
    "a segment closes": (generated_worlds.borders, lambda made: made.evening.segments["open"][-1].fill(0)),
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
    worlds = (generated_worlds.play(number) for number in range(1, WORLDS + 1))
    return next(world for world in worlds if all(generated_worlds.happened(world).values()))


def test_people_die_whole():
    """A bound of 441.6 deaths would let .6 of a person die: counted, but taken from nobody."""
    with pytest.raises(InputError, match=r"opposition.severity.highest: 441.6 is not a whole number"):
        tiny.scenario({"opposition.severity.highest": 441.6})
