"""Headlines and outcomes of bases, against cases worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atmis.kernel import parameters, recorder
from atmis.kernel.state import HANDED_OVER, OVERRUN, RETAKEN
from atmis.runs import summary
from atmis.runs.ensemble import Ensemble
from atmis.scenario.compose import load
from atmis.scenario.scenario import Scenario

DAYS = 70
REPLICATES = 3


def blank(scenario: Scenario) -> Ensemble:
    """An ensemble in which nothing happened, without a simulation."""
    params, state = parameters.build(scenario)
    record = recorder.allocate(params, state)

    def each(table: Any) -> Any:
        return np.stack([table] * REPLICATES).view(type(table))

    return Ensemble(
        scenario=scenario,
        seed=5,
        monthly=each(record.monthly),
        deployed=each(record.deployed),
        days=each(record.days),
        contingents=each(state.contingents),
        base_histories=each(record.bases),
        bases=each(state.bases),
        events=record.events,
        event_count=record.event_count,
    )


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("planned", ["period.start=2022-04-01", "period.end=2022-06-09"])


@pytest.fixture
def empty(scenario: Scenario) -> Ensemble:
    return blank(scenario)


def value(ensemble: Ensemble, name: str) -> list[Any]:
    return summary.columns(ensemble)[name].tolist()


def put(ensemble: Ensemble, indicator: str, cells: dict[tuple[int, int, str], float]) -> None:
    """Set values of an indicator by (replicate, month, zone)."""
    zones = list(ensemble.scenario.theatre.zones)
    for (replicate, month, zone), amount in cells.items():
        ensemble.indicator(indicator)[replicate, month, zones.index(zone)] = amount


def test_nothing_happened(empty: Ensemble) -> None:
    columns = summary.columns(empty)
    assert columns.pop("seed").tolist() == [5, 5, 5]
    assert columns.pop("replicate").tolist() == [0, 1, 2]
    assert columns.pop("border_could_open_first_date").tolist() == [None] * 3
    assert {name for name, values in columns.items() if values.any()} == set()


def test_the_table_of_headlines_is_in_order() -> None:
    names = [headline.name for headline in summary.HEADLINES]
    assert len(set(names)) == len(names)
    assert all(headline.unit and headline.definition and headline.name.islower() for headline in summary.HEADLINES)
    for name, unit in [(h.name, h.unit) for h in summary.HEADLINES if h.unit in ("people", "share", "date")]:
        assert unit in name, f"{name} does not say that it counts {unit}"


def test_attacks_add_up_over_the_groups_of_zones(empty: Ensemble) -> None:
    put(empty, "attacks", {(0, 0, "mandera"): 3, (0, 2, "lamu"): 4, (0, 1, "gedo"): 10, (0, 1, "bay"): 100})
    put(empty, "attacks", {(1, 0, "middle_juba"): 1, (1, 0, "banadir"): 2})
    assert value(empty, "attacks_total") == [117, 3, 0]
    assert value(empty, "attacks_kenyan_border_total") == [7, 0, 0]
    assert value(empty, "attacks_jubaland_total") == [10, 1, 0]
    assert value(empty, "attacks_rest_total") == [100, 2, 0]
    assert value(empty, "attacks_per_month") == pytest.approx([117 / DAYS * 30.4375, 3 / DAYS * 30.4375, 0])


def test_groups_follow_the_theatre(scenario: Scenario) -> None:
    zones = dict(scenario.theatre.zones)
    zones["bay"] = zones["bay"].model_copy(update={"region": "jubaland"})
    zones["wajir"] = zones["wajir"].model_copy(update={"country": "somalia", "region": "galmudug"})
    zones["lamu"] = zones["lamu"].model_copy(update={"region": "jubaland"})
    other = scenario.model_copy(update={"theatre": scenario.theatre.model_copy(update={"zones": zones})})

    def members(group: summary.Group) -> set[str]:
        return {zone for zone, inside in zip(zones, summary.group_of_zones(blank(other), group), strict=True) if inside}

    assert members("kenyan_border") == {"mandera", "garissa", "lamu", "tana_river"}  # by country, not by region
    assert members("jubaland") == {"gedo", "lower_juba", "middle_juba", "bay"}
    assert members("rest") == set(zones) - members("kenyan_border") - members("jubaland")
    assert members("somalia") == members("rest") | members("jubaland")
    assert members("all") == set(zones)


@pytest.mark.parametrize(
    ("headline", "indicator", "where", "expected"),
    [
        ("recorded_attacks_kenyan_border", "recorded_attacks", "garissa", 8),
        ("recorded_attacks_kenyan_border", "recorded_attacks", "bay", 0),
        ("recorded_attacks_somalia", "recorded_attacks", "bay", 8),
        ("recorded_deaths_kenyan_border_people", "recorded_deaths", "lamu", 8),
        ("attacks_over_border_total", "attacks_over_border", "lamu", 8),
        ("deaths_mission_people", "deaths_mission", "gedo", 8),
        ("deaths_host_people", "deaths_host", "gedo", 8),
        ("deaths_kenya_people", "deaths_kenya", "wajir", 8),
        ("deaths_civilians_people", "deaths_civilians", "wajir", 8),
        ("deaths_group_people", "deaths_group", "wajir", 8),
        ("assaults", "assaults", "gedo", 8),
        ("overruns", "overruns", "gedo", 8),
        ("displaced_people_new", "displaced_attacks", "gedo", 8),
        ("displaced_people_new", "displaced_overruns", "gedo", 8),
        ("displaced_people_new", "displaced_offensive", "gedo", 8),
        ("crossed_people", "crossed", "gedo", 8),
        ("returned_people", "returned", "gedo", 8),
        ("displaced_end_people", "displaced", "gedo", 3),
        ("fighters_end_people", "fighters", "gedo", 3),
    ],
)
def test_flows_are_summed_and_stocks_are_those_of_the_end(
    empty: Ensemble, headline: str, indicator: str, where: str, expected: float
) -> None:
    put(empty, indicator, {(1, 0, where): 5, (1, 2, where): 3})
    assert value(empty, headline) == [0, expected, 0]


def test_control_is_weighted_by_somali_people(empty: Ensemble) -> None:
    zones = empty.scenario.theatre.zones
    put(empty, "control", {(0, 2, zone): 0.5 for zone in zones})
    put(empty, "control", {(1, 2, "gedo"): 1.0, (1, 2, "mandera"): 1.0, (1, 0, "bay"): 1.0})
    somali = sum(zone.population for zone in zones.values() if zone.country == "somalia")
    assert value(empty, "control_somalia_end_share") == pytest.approx([0.5, zones["gedo"].population / somali, 0])


def test_days_of_the_record(empty: Ensemble) -> None:
    empty.days["ceiling"][0, -1], empty.days["ceiling"][0, 0] = 11_826, 19_626
    empty.deployed[1, -1] = [1, 2, 3, 4, 5, 6]
    empty.days["host_shortfall"][2, -7:] = 100.0
    window = empty.scenario.kenya.reopening.window_days
    empty.days["could_open"][:, : window - 1] = -1
    empty.days["could_open"][0, 31:33] = 1
    empty.days["could_open"][1, -1] = 1
    assert value(empty, "ceiling_end_people") == [11_826, 0, 0]
    assert value(empty, "troops_end") == [0, 21, 0]
    assert value(empty, "host_shortfall_mean_troops") == [0, 0, 10]
    assert value(empty, "border_could_open_first_date") == [date(2022, 5, 2), date(2022, 6, 9), None]
    looks = DAYS - window + 1
    assert value(empty, "border_could_open_share") == pytest.approx([2 / looks, 1 / looks, 0])
    empty.days["could_open"][:, :-1] = -1  # the window is as long as the run
    assert value(empty, "border_could_open_share") == [0, 1, 0]


def test_fates_of_bases(empty: Ensemble) -> None:
    names = list(empty.scenario.theatre.bases)
    base, history = empty.bases, empty.base_histories
    fell, stood, kept, shut, before = (names.index(n) for n in ("dhobley", "tabda", "hosingo", "afmadow", "kuday"))
    base["handed"][0, [fell, stood, shut, before]] = 10, 10, 5, 20
    base["standing"][0, [fell, stood]] = RETAKEN, HANDED_OVER
    base["standing"][0, kept] = OVERRUN
    base["holder"][0, fell] = len(empty.scenario.theatre.contingents) + 1
    history["fell"][0, [fell, kept, before]] = 25, 0, 3
    history["fell_after"][0, fell] = 25
    history["retaken"][0, fell] = 40
    history["closed"][0, shut] = 20
    history["attacks"][0, fell], history["attacks_since"][0, fell], history["deaths"][0, fell] = 9, 7, 55

    table = summary.fates(empty)
    rows = [dict(zip(table, values, strict=True)) for values in zip(*(c.tolist() for c in table.values()), strict=True)]
    assert len(rows) == REPLICATES * len(names)
    assert [row["replicate"] for row in rows] == np.repeat([0, 1, 2], len(names)).tolist()
    assert [row["base"] for row in rows] == names * REPLICATES

    assert rows[fell] == {
        "replicate": 0, "base": "dhobley", "name": "Dhobley", "kind": "mission_base", "zone": "lower_juba",
        "holder_start": "kenya", "holder_end": "jubaland_forces", "fate": "retaken",
        "handover_date": date(2022, 4, 11), "closed_date": None, "attacks": 9, "assaults": 0, "overruns": 0,
        "attacks_since_handover": 7, "deaths_people": 55, "first_fall_date": date(2022, 4, 26),
        "first_fall_after_handover_date": date(2022, 4, 26), "retaken_date": date(2022, 5, 11),
        "days_survived": 15, "censored": False,
    }  # fmt: skip
    assert (rows[stood]["days_survived"], rows[stood]["censored"]) == (59, True)  # 11 April to 9 June
    assert (rows[shut]["days_survived"], rows[shut]["censored"]) == (15, True)  # seen to stand until it was closed
    assert (rows[before]["days_survived"], rows[before]["censored"]) == (49, True)  # a fall before does not count
    kept_row = rows[kept]
    assert (kept_row["fate"], kept_row["handover_date"], kept_row["first_fall_date"]) == (
        "overrun",
        None,
        date(2022, 4, 1),
    )
    assert (kept_row["days_survived"], kept_row["censored"], kept_row["attacks_since_handover"]) == (None, None, None)
    assert value(empty, "bases_handed_over") == [4, 0, 0]
    assert value(empty, "handed_over_bases_fallen") == [1, 0, 0]
    assert value(empty, "bases_closed") == [1, 0, 0]
    base["handed"][2, kept] = history["fell_after"][2, kept] = history["closed"][2, stood] = 0  # the first day counts
    assert value(empty, "bases_handed_over") == [4, 0, 1]
    assert value(empty, "handed_over_bases_fallen") == [1, 0, 1]
    assert value(empty, "bases_closed") == [1, 0, 1]


def test_columns_of_the_fates_have_declared_kinds(empty: Ensemble) -> None:
    table = summary.fates(empty)
    assert {name for name, column in table.items() if column.dtype.kind == "M"} == set(summary.FATE_DATES)
    texts = {name for name, column in table.items() if isinstance(column.tolist()[0], str)}
    assert texts == set(summary.FATE_TEXTS)


def constant(values: Any) -> Callable[[Ensemble], Any]:
    return lambda _: values


def test_quantiles_of_numbers_are_linear() -> None:
    definition = summary.Headline("attacks", "attacks", "attacks", constant(None))
    row = summary.over_replicates(definition, np.array([50.0, 10.0, 30.0, 20.0, 40.0]))
    assert (row.median, row.low_50, row.high_50) == (30.0, 20.0, 40.0)
    assert (row.low_90, row.high_90) == pytest.approx((12.0, 48.0))
    assert row.method == "linear"


def test_quantiles_of_dates_are_days_that_occurred_and_never_comes_last() -> None:
    definition = summary.Headline("opens", "date", "opens", constant(None))
    days = np.array(["2023-01-01", "NaT", "2022-05-01", "2022-08-01"], dtype="datetime64[D]")
    row = summary.over_replicates(definition, days)
    assert (row.median, row.low_50, row.high_50) == (date(2022, 8, 1), date(2022, 5, 1), date(2023, 1, 1))
    assert (row.low_90, row.high_90) == (date(2022, 5, 1), None)
    assert row.method == "inverted_cdf"


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=250))
def test_quantiles_of_dates_agree_with_numpy(days: list[int]) -> None:
    definition, first = summary.Headline("opens", "date", "opens", constant(None)), np.datetime64("2022-04-01")
    row = summary.over_replicates(definition, first + np.array(days))
    quantiles = [row.median, row.low_50, row.high_50, row.low_90, row.high_90]
    exact = np.quantile(days, [0.5, 0.25, 0.75, 0.05, 0.95], method="inverted_cdf")
    assert quantiles == [(first + np.timedelta64(int(day), "D")).item() for day in exact]


def test_headline_has_a_row_for_each_and_one_replicate_is_enough(empty: Ensemble) -> None:
    put(empty, "attacks", {(0, 0, "lamu"): 7})
    one = replace(
        empty,
        **{
            name: getattr(empty, name)[:1]
            for name in ("monthly", "deployed", "days", "contingents", "base_histories", "bases")
        },
    )
    rows = summary.headline(one)
    assert [row.name for row in rows] == [headline.name for headline in summary.HEADLINES]
    attacks = rows[0]
    assert (attacks.name, attacks.unit) == ("attacks_total", "attacks")
    assert attacks.median == attacks.low_50 == attacks.high_50 == attacks.low_90 == attacks.high_90 == 7.0
