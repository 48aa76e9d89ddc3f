"""A run of `history` has the levels observed before the drawdown; in a run of `planned` the group keeps its size.

This looks at the order of magnitude only; how well the model fits is what calibration and its scorecard say.
"""

import helpers
import numpy as np
import pytest
import yaml
from scipy.stats import spearmanr

from atmis.kernel import recorder
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario.compose import conf_folder, load

REPLICATES = 20


@pytest.fixture(scope="module")
def ledger():
    return yaml.safe_load((conf_folder() / "facts" / "ledger.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def history():
    return ensemble.simulate(load("history", ["draws=none"]), replicates=REPLICATES, seed=1)


def between(months, first, last):
    """The months of a window, both ends included."""
    found = [k for k, month in enumerate(months) if np.datetime64(first) <= month <= np.datetime64(last)]
    return slice(found[0], found[-1] + 1)


def by_zone(history, indicator, first, last):
    """Mean over the replicates of an indicator by name of the zone, summed over a window."""
    values = history.indicator(indicator)[:, between(history.months, first, last)].sum(axis=1).mean(axis=0)
    return {zone.name: value for zone, value in zip(history.scenario.theatre.zones.values(), values, strict=True)}


def test_attacks_in_the_kenyan_counties(history, ledger):
    """R1: events in UCDP, 2015-03 to 2022-03, so compared with the attacks that such a data set would record."""
    seen = by_zone(history, "recorded_attacks", "2015-03", "2022-03")
    target = ledger["r1_events_by_county"]["value"]
    assert sum(target.values()) == ledger["r1_events_total"]["value"]
    months = between(history.months, "2015-03", "2022-03")
    assert months.stop - months.start == ledger["r1_months"]["value"]
    ratios = {county: seen[county] / events for county, events in target.items()}
    assert {county: ratio for county, ratio in ratios.items() if not 0.5 < ratio < 2.0} == {}
    assert 0.7 < sum(seen[county] for county in target) / sum(target.values()) < 1.4


def test_attacks_in_the_somali_regions(history, ledger):
    """R10: events a month in ACLED, 2015-2019, so compared with the attacks that took place."""
    target = ledger["r10_events_by_region"]["value"]
    found = by_zone(history, "attacks", "2015-01", "2019-12")
    ratios = {region: found[region] / 60 / events for region, events in target.items()}
    assert {region: ratio for region, ratio in ratios.items() if not 0.5 < ratio < 2.0} == {}
    assert spearmanr([found[region] for region in target], list(target.values())).statistic > 0.9
    assert 0.7 < sum(found[region] for region in target) / 60 / sum(target.values()) < 1.4


def test_deaths_of_recorded_events_in_kenya(ledger):
    """R7: quantiles of the deaths of lethal events, and the share of events that killed nobody."""
    inputs = helpers.scenario("history")
    kenyan = [k for k, zone in enumerate(inputs.theatre.zones.values()) if zone.country == "kenya"]
    found = []
    for seed in range(1, 4):
        _, record = ensemble.run_one(RunInputs.of(inputs), seed, 0)
        events = record.events[: int(record.event_count[0])]
        kept = np.isin(events[:, recorder.EVENT_ZONE], kenyan) & (events[:, recorder.EVENT_RECORDED] == 1)
        found.append(events[kept, recorder.EVENT_DEATHS :].sum(axis=1))
    deaths = np.concatenate(found)
    assert len(deaths) > 300
    lethal = deaths[deaths > 0]
    target = ledger["r7_lethal_quantiles"]["value"]
    assert abs(np.median(lethal) - target["q50"]) <= 1
    assert 0.5 < np.quantile(lethal, 0.9) / target["q90"] < 2
    assert 0.1 < (deaths == 0).mean() < 0.35
    assert abs(ledger["r7_zero_share"]["value"] - 0.195) < 1e-9


def test_the_group_stays_within_its_documented_size(ledger):
    low, high = ledger["al_shabaab_fighters"]["value"]
    assert (low, high) == (7000, 12_000)
    planned = ensemble.simulate(helpers.scenario("planned"), replicates=REPLICATES, seed=1)
    fighters = planned.indicator("fighters").sum(axis=2)
    assert low < fighters.min()
    assert fighters.max() < high
