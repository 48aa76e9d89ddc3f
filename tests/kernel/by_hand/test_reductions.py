"""From runs to headlines: sums over zones and months, runs that share memory, counts of values and their quantiles."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tiny_theatre import ALPHA, BRAVO, CHARLIE, date_of, new_run, scenario

from atmis.kernel import parameters, recorder
from atmis.kernel.recorder import ATTACKS, FIGHTERS, INDICATORS, NAMES
from atmis.kernel.rng import Stream
from atmis.runs import ensemble
from atmis.runs.ensemble import Ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario.scenario import Scenario
from atmis.sweep import chunk_tables

JUBALAND = {
    "theatre.regions": {"east": "East", "jubaland": "Jubaland", "west": "West"},
    "theatre.zones.bravo.region": "jubaland",
}
TWO_IN_JUBALAND = {**JUBALAND, "theatre.zones.charlie.region": "jubaland"}


def blank(runs: int, changes: dict[str, Any]) -> Ensemble:
    return ensemble.blank(RunInputs.of(scenario(changes)), 1, runs)


class TestSums:
    def test_zones_go_to_their_group_and_months_add_up(self):
        """Groups: the Kenyan border, Jubaland, the rest, of which there is none."""
        made = blank(2, {**TWO_IN_JUBALAND, "period.end": date_of(40)})
        made.indicator("attacks")[0] = [[1, 20, 300], [4, 50, 600]]  # months x zones
        made.indicator("overruns")[1, 1, CHARLIE] = 3
        assert made.by_group.shape == (2, 2, 3, len(INDICATORS))
        assert made.by_group[0, :, :, ATTACKS].tolist() == [[1, 320, 0], [4, 650, 0]]
        assert made.totals[0, :, ATTACKS].tolist() == [5, 970, 0]
        assert made.totals[1].sum() == made.totals[1, 1, recorder.OVERRUNS] == 3

    def test_one_after_the_other(self):
        """1 is lost in 1e16, however NumPy would pair the numbers; a single number stays itself."""
        assert ensemble.added(np.array([x]) for x in (1e16, 1.0, -1e16, 1.0)).tolist() == [1]
        assert ensemble.added([np.array([5.0])]).tolist() == [5]

    def test_pick(self):
        """Attacks and fighters of the third and the first run, rounded down to whole numbers."""
        monthly = np.zeros((3, 2, 3, len(INDICATORS)))
        monthly[2, 1, BRAVO, ATTACKS], monthly[0, 0, CHARLIE, FIGHTERS], monthly[1] = 5.9, 7.2, 99
        columns = np.full((2, 2, 2, 3), -1, dtype=np.int32)
        recorder.pick(monthly, np.array([2, 0]), np.array([ATTACKS, FIGHTERS]), columns)
        assert columns[0].tolist() == [[[0, 0, 0], [0, 5, 0]], [[0, 0, 0], [0, 0, 0]]]
        assert columns[1].tolist() == [[[0, 0, 0], [0, 0, 0]], [[0, 0, 7], [0, 0, 0]]]


def test_a_record_is_cleared_for_the_next_run():
    """Sums start at 0 and days that may never come at -1; what is written every day is left as it is."""
    record = new_run().record._replace(daily=np.zeros((3, 5, 4), dtype=np.int32))  # any number of days and zones
    for array in (record.monthly, record.daily, record.event_count, record.deployed):
        array[:] = 9
    for table in (record.days, record.bases):
        for name in table.dtype.names:
            table[name] = 9
    recorder.clear(record)
    assert {name: set(np.ravel(record.days[name])) for name in record.days.dtype.names} == {
        "ceiling": {0}, "border_troops": {9}, "host_shortfall": {0}, "open_segments": {0}, "could_open": {9},
    }  # fmt: skip
    assert {name: set(record.bases[name]) for name in record.bases.dtype.names} == {
        **{count: {0} for count in ("attacks", "assaults", "overruns", "attacks_since", "deaths")},
        **{never: {-1} for never in ("closed", "fell", "fell_after", "retaken")},
    }
    assert (record.monthly.any(), record.daily.any(), record.event_count.tolist()) == (False, False, [0])
    assert (record.deployed == 9).all()


@pytest.fixture(scope="module")
def busy() -> Scenario:
    """Eight days in which each cell attacks with a chance of a third or so."""
    return scenario({"period.end": date_of(7), "opposition.attacks.rate": 0.3, "opposition.attacks.coordination": 0.5})


class TestRunsInOneMemory:
    def alone(self, inputs: Scenario, replicate: int) -> list[Any]:
        """A run with memory of its own: attacks by zone, deaths of the mission, its events."""
        from atmis.kernel import schedule

        params, state = parameters.build(inputs)
        record = recorder.allocate(params, state, 1000)
        schedule.run(params, state, record, Stream(4, replicate, int(params.dates.epoch)))
        return self.kept(record.monthly, record.events[: record.event_count[0]])

    def kept(self, monthly: Any, events: Any) -> list[Any]:
        return [monthly[:, :, : NAMES.index("deaths_host")].tolist(), events.tolist()]

    def test_each_equals_a_run_of_its_own(self, busy):
        """Nothing is left of the run before, though runs with more and with fewer events follow each other."""
        found = ensemble.reduced(busy, lambda one: self.kept(one.monthly[0], one.events), 4, seed=4, workers=1)
        assert found == [self.alone(busy, replicate) for replicate in range(4)]
        events = [len(kept[1]) for kept in found]
        assert min(events) > 0
        assert len(set(events)) > 1

    def test_progress_is_reported_and_exceptions_are_passed_on(self, busy):
        told: list[int] = []
        assert ensemble.reduced(busy, lambda one: one.replicates, 2, workers=1, progress=told.append) == [1, 1]
        assert told == [1, 2]
        with pytest.raises(ZeroDivisionError):
            ensemble.reduced(busy, lambda one: 1 / 0, 2, workers=1)


def test_two_significant_digits_from_a_hundred_on():
    given = [0, 0.4, 0.6, 98.6, 99.4, 100, 104, 106, 149, 151, 994, 996, 1249, 1251, 98_765]
    to = [0, 0, 1, 99, 99, 100, 100, 110, 150, 150, 990, 1000, 1200, 1300, 99_000]
    assert chunk_tables.round_significant(np.array(given, dtype=float)).tolist() == to


@pytest.fixture(scope="module")
def counted() -> pa.Table:
    """Attacks of twenty runs in April: 1 to 20 in alpha, ten times as many in bravo, three in all in charlie."""
    made = blank(20, JUBALAND)
    made.indicator("attacks")[:, 0, ALPHA] = np.arange(20, 0, -1)
    made.indicator("attacks")[:, 0, BRAVO] = np.arange(200, 0, -10)
    made.indicator("attacks")[:3, 0, CHARLIE] = 1
    made.indicator("fighters")[:, 2, ALPHA] = 6
    return chunk_tables.counts("tiny", made)


class TestBands:
    def of(self, table: pa.Table, group: str, indicator: str, month: int = 4) -> list[dict[str, Any]]:
        rows = [row for row in table.to_pylist() if (row["group"], row["indicator"]) == (group, indicator)]
        return [row for row in rows if row["month"].month == month]

    def values(self, *place: Any) -> list[tuple[float, int]]:
        return [(row["value"], row["runs"]) for row in self.of(*place)]

    def test_how_many_runs_had_which_value(self, counted):
        assert self.values(counted, "kenyan_border", "attacks") == [(float(k), 1) for k in range(1, 21)]
        assert self.values(counted, "rest", "attacks") == [(0, 17), (1, 3)]
        assert self.values(counted, "kenyan_border", "attacks", 5) == [(0, 20)]
        assert self.values(counted, "kenyan_border", "fighters", 6) == [(6, 20)]
        assert self.values(counted, "all", "fighters", 6) == [(6, 20)]
        # 11 for each in alpha, and one more in the three runs with most: 187, 199, 210 and 221, to two digits
        assert self.values(counted, "all", "attacks")[-4:] == [(190, 1), (200, 1), (210, 1), (220, 1)]
        assert {row["scenario"] for row in counted.to_pylist()} == {"tiny"}
        places = 3 * len(chunk_tables.GROUPS) * len(chunk_tables.COUNTED)
        assert sum(row["runs"] for row in counted.to_pylist()) == 20 * places

    def test_counts_add_up(self, counted):
        twice = chunk_tables.merge_counts([counted, counted])
        assert sorted(self.values(twice, "rest", "attacks")) == [(0, 34), (1, 6)]
        assert twice.num_rows == counted.num_rows

    def test_quantiles_are_values_that_occurred(self, counted):
        """Of 1 to 20 the 5 % quantile is 1, the median 10; of 17 zeros and 3 ones only the 95 % quantile is 1."""
        bands = chunk_tables.bands(counted)
        assert bands["runs"].to_pylist() == [20] * (3 * len(chunk_tables.GROUPS) * len(chunk_tables.COUNTED))
        for group, indicator, quantiles in (
            ("kenyan_border", "attacks", [1, 5, 10, 15, 19]),
            ("jubaland", "attacks", [10, 50, 100, 150, 190]),
            ("rest", "attacks", [0, 0, 0, 0, 1]),
            ("all", "overruns", [0, 0, 0, 0, 0]),
        ):
            (row,) = self.of(bands, group, indicator)
            assert [row[f"q{q}"] for q in ("05", "25", "50", "75", "95")] == quantiles
            assert (row["scenario"], row["runs"]) == ("tiny", 20)
