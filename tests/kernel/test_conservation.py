"""Conservation laws in generated worlds: nobody is lost or counted twice. `benchmarks/laws.py` tries more worlds."""

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
    events: Counter[str] = Counter()
    for number in range(1, WORLDS + 1):
        run = generated_worlds.run_world(number)
        assert generated_worlds.broken_laws(run) == [], f"world {number}"
        events.update(generated_worlds.events_that_happened(run))
    assert min(events.values()) >= 100, events


def add(table, place, by=1):
    table[place] += by


# The trace that a fault would leave, and the law that must detect it.
TAMPERED = {
    "a soldier vanishes": (generated_worlds.troops, lambda run: add(run.evening.contingents["deployed"], -1, -1)),
    "a soldier dies twice": (generated_worlds.troops, lambda run: add(run.evening.contingents["killed"], (0, 0))),
    "a closed base is manned": (generated_worlds.garrisons, lambda run: add(run.morning.bases["garrison"], -1)),
    "a recruit comes from nowhere": (generated_worlds.host_forces, lambda run: add(run.evening.forces["pool"], -1)),
    "a refugee is home and away": (generated_worlds.people, lambda run: add(run.evening.zones["home"], -1)),
    "a fighter is not counted": (
        generated_worlds.fighters,
        lambda run: add(run.evening.cells["fighters"], (-1, 0), 0.5),
    ),
    "an attack has two modes": (
        generated_worlds.attacks,
        lambda run: add(run.record.monthly, (0, 0, recorder.RAIDS)),
    ),
    "an attack is logged twice": (generated_worlds.log, lambda run: add(run.record.event_count, 0)),
    "a base comes back": (generated_worlds.bases, lambda run: run.evening.bases["standing"][-1].fill(OPEN)),
    "a segment closes": (generated_worlds.borders, lambda run: run.evening.segments["open"][-1].fill(0)),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_law_detects(name):
    law, fault = TAMPERED[name]
    run = deepcopy(eventful())
    law(run)
    fault(run)
    with pytest.raises(AssertionError):
        law(run)


@cache
def eventful():
    """A run in which something of every kind happens."""
    worlds = (generated_worlds.run_world(number) for number in range(1, WORLDS + 1))
    return next(world for world in worlds if all(generated_worlds.events_that_happened(world).values()))


def test_people_die_whole():
    """With a bound of 441.6 deaths, .6 of a person would die: counted, but taken from no stock."""
    with pytest.raises(InputError, match=r"opposition.severity.highest: 441.6 is not a whole number"):
        tiny.scenario({"opposition.severity.highest": 441.6})
