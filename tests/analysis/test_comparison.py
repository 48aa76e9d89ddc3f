"""Comparison of scenarios, against cases worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from atmis.analysis import comparison
from atmis.analysis.comparison import (
    INDICATORS,
    compare,
    openings,
    paired,
    regret,
    spillovers,
    survival_curves,
    survival_rows,
    table,
)
from atmis.analysis.comparison.openings import first_days
from atmis.analysis.comparison.spans import first_difference, pair, spans, whole_run
from atmis.analysis.comparison.spillover import ratio
from atmis.analysis.comparison.survival import kaplan_meier
from atmis.kernel import recorder
from atmis.runs import ensemble, summary
from atmis.runs.ensemble import Ensemble, simulate
from atmis.runs.inputs import RunInputs
from atmis.runs.interval import mean_interval
from atmis.scenario.compose import load
from atmis.scenario.scenario import Scenario

REPLICATES = 4
PERIOD = ("period.start=2022-11-10", "period.end=2023-02-08")  # 91 days in 4 months and 2 years
STEPS = tuple(
    f"kenya.reopening.steps.{segment}={day}"
    for segment, day in (("mandera_gedo", "2022-12-20"), ("garissa_lower_juba", "2023-01-10"),
                         ("lamu_lower_juba", "2023-01-20"))
)  # fmt: skip
NOVEMBER, DECEMBER, JANUARY, FEBRUARY = range(4)
STEP_DAY = 40  # 20 December 2022


def blank(scenario: Scenario, replicates: int = REPLICATES) -> Ensemble:
    """An ensemble in which nothing happened, without a simulation."""
    inputs = RunInputs.of(scenario)
    made = ensemble.blank(inputs, 5, replicates)
    made.bases[:], made.contingents[:] = inputs.start.bases, inputs.start.contingents
    made.base_histories[:] = recorder.allocate(inputs.params, inputs.start).bases
    return made


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("planned", [*PERIOD, *STEPS])


@pytest.fixture
def base(scenario: Scenario) -> Ensemble:
    return blank(scenario)


@pytest.fixture
def other(scenario: Scenario) -> Ensemble:
    return blank(scenario)


def set_values(where: Ensemble, indicator: str, zone: str, month: int, values: list[float]) -> None:
    """Set the values of an indicator in the replicates."""
    where.indicator(indicator)[:, month, list(where.scenario.theatre.zones).index(zone)] = values


def single_row(rows: list[Any], **wanted: Any) -> Any:
    """The only row that has some values."""
    (row,) = [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]
    return row


# --- pairs of values ---


def test_a_paired_difference_by_hand() -> None:
    row = paired(np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 4.0, 3.0, 7.0]))  # differences 1, 2, 0, 3
    assert (row.replicates, row.mean_baseline, row.mean_scenario, row.mean_difference) == (4, 2.5, 4.0, 1.5)
    half = 3.182446 * np.sqrt(5 / 3) / 2  # t(0.975, 3) × standard deviation / √4
    assert (row.low_95, row.high_95) == pytest.approx((1.5 - half, 1.5 + half), rel=1e-6)
    assert row.relative_difference == pytest.approx(0.6)
    assert (row.low_90, row.median_difference, row.high_90) == pytest.approx((0.15, 1.5, 2.85))
    assert row.probability_more == 0.875  # three have more, one is a tie
    assert row.verdict == "cannot tell"


@pytest.mark.parametrize(
    ("differences", "verdict", "interval"),
    [
        ([1.0, 1.5, 0.5, 1.0], "more", (1 - 3.182446 * np.sqrt(1 / 6) / 2, 1 + 3.182446 * np.sqrt(1 / 6) / 2)),
        ([-1.0, -1.5, -0.5, -1.0], "fewer", (-1 - 3.182446 * np.sqrt(1 / 6) / 2, -1 + 3.182446 * np.sqrt(1 / 6) / 2)),
        ([2.0, 2.0, 2.0, 2.0], "more", (2.0, 2.0)),
        ([0.0, 0.0, 0.0, 0.0], "no difference", (0.0, 0.0)),
        ([1.0, -1.0, 1.0, -1.0], "cannot tell", (-3.182446 * np.sqrt(4 / 3) / 2, 3.182446 * np.sqrt(4 / 3) / 2)),
    ],
)
def test_verdicts(differences: list[float], verdict: str, interval: tuple[float, float]) -> None:
    row = paired(np.zeros(4), np.array(differences))
    assert row.verdict == verdict
    assert (row.low_95, row.high_95) == pytest.approx(interval, rel=1e-6)


def test_one_pair_has_no_interval_and_tells_nothing_but_equality() -> None:
    row = paired(np.array([3.0]), np.array([5.0]))
    assert (row.mean_difference, row.low_95, row.high_95, row.verdict) == (2.0, None, None, "cannot tell")
    assert paired(np.array([3.0]), np.array([3.0])).verdict == "no difference"


def test_pairs_without_a_value_are_left_out() -> None:
    row = paired(np.array([1.0, np.nan, 3.0]), np.array([2.0, 2.0, np.nan]))
    assert (row.replicates, row.mean_baseline, row.mean_difference) == (1, 1.0, 1.0)
    none = paired(np.array([np.nan]), np.array([1.0]))
    assert (none.replicates, none.mean_difference, none.probability_more, none.verdict) == (0, None, None, "undefined")


def test_no_share_of_nothing() -> None:
    assert paired(np.zeros(3), np.ones(3)).relative_difference is None


@given(arrays(float, st.integers(2, 30), elements=st.floats(-1e3, 1e3).map(lambda x: round(x, 3))))
def test_the_interval_is_that_of_the_paired_t_test(values: Any) -> None:
    interval = mean_interval(values)
    assert interval is not None
    if np.ptp(values):
        expected = stats.t.interval(0.95, len(values) - 1, loc=values.mean(), scale=stats.sem(values))
        assert interval == pytest.approx(expected)


def test_worse_follows_the_indicator() -> None:
    assert INDICATORS["attacks"].probability_worse(0.8) == 0.8
    assert INDICATORS["border_could_open_share"].probability_worse(0.75) == 0.25
    assert INDICATORS["deaths_group"].probability_worse(0.8) is None
    assert INDICATORS["attacks"].probability_worse(None) is None


# --- who is compared, and when ---


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda one: replace(one, seed=6), r"their seeds differ \(5 and 6\)"),
        (lambda one: blank(load("planned", ["period.start=2022-11-11", PERIOD[1]])), r"periods differ \(2022-11-10 to"),
        (lambda one: blank(_with_moved_zone(one.scenario)), "zones differ$"),
        (lambda one: blank(one.scenario, 0), "one has none"),
    ],
)
def test_strangers_are_refused(base: Ensemble, change: Callable[[Ensemble], Ensemble], reason: str) -> None:
    stranger = change(base)
    with pytest.raises(ValueError, match=reason) as refused:
        compare({"planned": base, "other": stranger}, "planned")
    assert "no replicates in common" in str(refused.value)
    with pytest.raises(ValueError, match="no replicates in common"):
        spillovers({"planned": base, "other": stranger}, "planned")


def _with_moved_zone(scenario: Scenario) -> Scenario:
    """The same with a zone in another region."""
    zones = dict(scenario.theatre.zones)
    zones["bay"] = zones["bay"].model_copy(update={"region": "jubaland"})
    return scenario.model_copy(update={"theatre": scenario.theatre.model_copy(update={"zones": zones})})


def test_replicates_that_both_have_are_compared(base: Ensemble, scenario: Scenario) -> None:
    more = blank(scenario, 6)
    set_values(base, "attacks", "gedo", 0, [1, 2, 3, 4])
    set_values(more, "attacks", "gedo", 0, [2, 4, 3, 7, 90, 90])
    assert [one.replicates for one in pair(base, more)] == [4, 4]
    row = single_row(compare({"a": base, "b": more}, "a"), indicator="attacks", group="all", period="whole_run")
    assert (row.replicates, row.mean_difference) == (4, 1.5)


def test_spans(base: Ensemble, other: Ensemble) -> None:
    other.deployed[1, 60, 0] = 1  # 9 January
    names = {span.name: span for span in spans(base, other)}
    assert list(names) == ["whole_run", "2022", "2023", "since_difference"]
    assert [(span.start, span.end) for span in names.values()] == [
        (date(2022, 11, 10), date(2023, 2, 8)),
        (date(2022, 11, 10), date(2022, 12, 31)),
        (date(2023, 1, 1), date(2023, 2, 8)),
        (date(2023, 1, 1), date(2023, 2, 8)),
    ]
    assert [(span.months, span.days) for span in names.values()] == [
        (slice(0, 4), slice(0, 91)),
        (slice(0, 2), slice(0, 52)),
        (slice(2, 4), slice(52, 91)),
        (slice(2, 4), slice(52, 91)),
    ]


def test_the_first_month_that_differs(base: Ensemble, other: Ensemble) -> None:
    assert first_difference(base, other) is None
    assert "since_difference" not in [span.name for span in spans(base, other)]
    set_values(other, "control", "bay", FEBRUARY, [0, 0, 0, 1])
    assert first_difference(base, other) == date(2023, 2, 1)
    other.days["open_segments"][2, 51] = 1  # 31 December
    assert first_difference(base, other) == date(2022, 12, 1)
    other.deployed[0, 0, 0] = 1
    assert first_difference(base, other) == date(2022, 11, 10)  # the run begins within the month


def test_a_run_in_one_year_has_no_years() -> None:
    brief = blank(load("planned", ["period.start=2023-03-01", "period.end=2023-03-31"]), 1)
    assert [span.name for span in spans(brief, brief)] == ["whole_run"]


# --- indicators ---

SUMS = {
    "attacks": ["attacks"],
    "recorded_attacks": ["recorded_attacks"],
    "recorded_deaths": ["recorded_deaths"],
    "deaths_without_group": ["deaths_mission", "deaths_host", "deaths_kenya", "deaths_civilians"],
    "deaths_mission": ["deaths_mission"],
    "deaths_host": ["deaths_host"],
    "deaths_kenya": ["deaths_kenya"],
    "deaths_civilians": ["deaths_civilians"],
    "deaths_group": ["deaths_group"],
    "assaults": ["assaults"],
    "overruns": ["overruns"],
    "displaced": ["displaced_attacks", "displaced_overruns", "displaced_offensive"],
    "displaced_attacks": ["displaced_attacks"],
    "displaced_overruns": ["displaced_overruns"],
    "displaced_offensive": ["displaced_offensive"],
    "crossed": ["crossed"],
}


def test_every_indicator_is_tested_and_described() -> None:
    others = ["host_shortfall", "border_could_open_share", "border_could_open_months", "border_all_open_months",
              "handed_over_bases_held_share"]  # fmt: skip
    assert [*SUMS, *others] == list(INDICATORS)
    assert all(one.name == name and one.unit and one.definition for name, one in INDICATORS.items())


@pytest.mark.parametrize("name", SUMS)
def test_flows_are_summed_over_zones_and_months(name: str, base: Ensemble) -> None:
    for part in SUMS[name]:
        set_values(base, part, "lamu", NOVEMBER, [1, 0, 0, 0])
        set_values(base, part, "gedo", DECEMBER, [10, 0, 0, 1])
        set_values(base, part, "bay", JANUARY, [100, 0, 0, 0])
        set_values(base, part, "gedo", FEBRUARY, [1000, 0, 0, 0])
    whole, year, *_ = spans(base, base)
    times = len(SUMS[name])
    sums = {group: (values / times).tolist() for group, values in INDICATORS[name].function(base, whole).items()}
    assert sums == {
        "all": [1111, 0, 0, 1],
        "kenyan_border": [1, 0, 0, 0],
        "jubaland": [1010, 0, 0, 1],
        "rest": [100, 0, 0, 0],
        "somalia": [1110, 0, 0, 1],
    }
    assert (INDICATORS[name].function(base, year)["all"] / times).tolist() == [11, 0, 0, 1]


def test_shortfall_is_a_mean_over_days(base: Ensemble) -> None:
    base.days["host_shortfall"][1, :52] = 7.0
    whole, first, second, *_ = spans(base, base)
    function = INDICATORS["host_shortfall"].function
    assert function(base, whole)["all"] == pytest.approx([0, 7 * 52 / 91, 0, 0])
    assert function(base, first)["all"].tolist() == [0, 7, 0, 0]
    assert function(base, second)["all"].tolist() == [0, 0, 0, 0]


def _set_quiet_days(where: Ensemble) -> None:
    """Too early to say for 29 days; then quiet on some days."""
    where.days["could_open"][:, :29] = -1
    where.days["could_open"][0, [30, 41, 60]] = 1
    where.days["could_open"][1, 29:] = 1
    where.days["could_open"][2, 30:35] = 1  # all before the first date agreed


def test_days_on_which_the_border_could_open(base: Ensemble) -> None:
    _set_quiet_days(base)
    whole, first, *_ = spans(base, base)
    function = INDICATORS["border_could_open_share"].function
    assert function(base, whole)["kenyan_border"] == pytest.approx([3 / 62, 1, 5 / 62, 0])
    assert function(base, first)["kenyan_border"] == pytest.approx([2 / 23, 1, 5 / 23, 0])
    base.days["could_open"][:] = -1
    assert np.isnan(function(base, whole)["kenyan_border"]).all()


def test_months_until_the_border_opens(base: Ensemble) -> None:
    _set_quiet_days(base)
    assert first_days(base, "could_open").tolist()[:2] == [41, STEP_DAY]
    assert np.isnan(first_days(base, "could_open")[2:]).all()
    base.days["open_segments"][0, 45:] = 1
    base.days["open_segments"][0, 70:] = 3
    base.days["open_segments"][1, 50:] = 2
    assert np.nan_to_num(first_days(base, "first_open"), nan=-1).tolist() == [45, 50, -1, -1]
    assert np.nan_to_num(first_days(base, "all_open"), nan=-1).tolist() == [70, -1, -1, -1]
    span = whole_run(base)
    months = 365.25 / 12
    could = INDICATORS["border_could_open_months"].function(base, span)["kenyan_border"]
    assert could * months == pytest.approx([41, STEP_DAY, 91, 91])  # never: the whole run
    opened = INDICATORS["border_all_open_months"].function(base, span)["kenyan_border"]
    assert opened * months == pytest.approx([70, 91, 91, 91])


def test_without_a_date_agreed_the_border_never_opens(base: Ensemble) -> None:
    kenya = base.scenario.kenya
    reopening = kenya.reopening.model_copy(update={"steps": {}})
    never = base.scenario.model_copy(update={"kenya": kenya.model_copy(update={"reopening": reopening})})
    base.days["could_open"][:] = 1
    for stage in comparison.STAGES:
        assert np.isnan(first_days(replace(base, scenario=never), stage)).all()


def test_a_run_that_ends_before_the_first_date_agreed_has_no_opening() -> None:
    early = blank(load("planned", [*PERIOD, *STEPS, "period.end=2022-12-19"]))
    early.days["could_open"][:] = 1
    assert np.isnan(first_days(early, "could_open")).all()
    months = INDICATORS["border_all_open_months"].function(early, whole_run(early))["kenyan_border"]
    assert months * 365.25 / 12 == pytest.approx([40] * 4)


def test_openings(base: Ensemble) -> None:
    _set_quiet_days(base)
    could, first, _ = openings({"one": base})
    assert (could.scenario, could.stage, could.replicates) == ("one", "could_open", 4)
    assert (could.low_90, could.median, could.high_90) == (date(2022, 12, 20), date(2022, 12, 21), None)
    assert could.share_never == 0.5
    assert (first.stage, first.median, first.share_never) == ("first_open", None, 1.0)


# --- survival ---


def _hand_over(where: Ensemble, falls: dict[str, list[int | None]], handed: int = 0) -> None:
    """Bases handed over on a day to the force of their zone; in each replicate the day of their fall."""
    theatre = where.scenario.theatre
    for name, days in falls.items():
        b = list(theatre.bases).index(name)
        force = list(theatre.host_forces).index(theatre.zones[theatre.bases[name].zone].host_force or "")
        where.bases["handed"][:, b], where.bases["holder"][:, b] = handed, len(theatre.contingents) + force
        where.base_histories["fell_after"][:, b] = [-1 if day is None else handed + day for day in days]


def test_kaplan_meier_by_hand() -> None:
    fell = np.array([True, True, False, True, False])
    curve = kaplan_meier("x", np.array([2.0, 3.0, 3.0, 5.0, 8.0]), fell, 5)
    assert (curve.bases, curve.fell, curve.at_risk(3)) == (5, 3, 4)
    assert curve.days.tolist() == [0, 2, 3, 5, 8]
    assert curve.share == pytest.approx([1, 4 / 5, 4 / 5 * 3 / 4, 4 / 5 * 3 / 4 / 2, 4 / 5 * 3 / 4 / 2])
    wide = stats.norm.ppf(0.975) * np.sqrt(1 / (5 * 4)) / abs(np.log(0.8))  # Greenwood, log-log, after the first fall
    assert curve.estimate_at(2) == pytest.approx((0.8, 0.8 ** np.exp(wide), 0.8 ** np.exp(-wide)))
    assert curve.estimate_at(2.9) == curve.estimate_at(2)
    assert curve.estimate_at(0)[0] == 1.0
    assert np.isnan(curve.estimate_at(0)[1:]).all()  # no interval before the first fall
    assert np.isnan(curve.estimate_at(8.5)).all()  # nobody looked so long


def test_holding_by_holder_and_phase(base: Ensemble) -> None:
    bases = {"geriley": [30, None, None, None], "mirtaqwo": [None, None, None, None], "maslah": [10, 20, None, None]}
    _hand_over(base, bases)
    theatre = base.scenario.theatre
    receivers = {name: theatre.zones[theatre.bases[name].zone].host_force for name in bases}
    rows = survival_rows({"planned": base}, days=15)
    whole = single_row(rows, by="all")
    assert (whole.bases, whole.handovers, whole.falls, whole.at_risk) == (3, 12, 3, 11)
    assert whole.share == pytest.approx(11 / 12)
    for force in theatre.host_forces:
        mine = [row for row in rows if row.by == "holder" and row.who == force]
        assert sum(row.bases for row in mine) == list(receivers.values()).count(force)
    phase = single_row(rows, by="phase")
    assert (phase.who, phase.handovers, phase.share) == ("phase_1", 12, whole.share)
    (curve,) = survival_curves(base)
    assert curve.share.tolist() == pytest.approx([1, 11 / 12, 10 / 12, 9 / 12, 9 / 12])
    assert curve.days.tolist() == [0, 10, 20, 30, 90]  # to the last day of the run


def test_nothing_handed_over_has_no_curve(base: Ensemble) -> None:
    assert survival_curves(base) == [] == survival_rows({"planned": base})


def test_held_in_each_replicate() -> None:
    long = blank(load("planned", ["period.start=2022-04-01", "period.end=2023-06-30"]))
    _hand_over(long, {"geriley": [30, None, 400, None], "maslah": [10, 20, None, None]}, handed=50)
    shares = INDICATORS["handed_over_bases_held_share"].function(long, whole_run(long))
    assert shares["all"].tolist() == [0, 0.5, 1, 1]
    assert shares["jubaland"].tolist() == [0, 1, 1, 1]
    assert shares["rest"].tolist() == [0, 0, 1, 1]
    _hand_over(long, {"geriley": [None] * 4, "maslah": [None] * 4}, handed=90)  # 365 days to the end
    assert INDICATORS["handed_over_bases_held_share"].function(long, whole_run(long))["all"].tolist() == [1, 1, 1, 1]
    _hand_over(long, {"geriley": [None] * 4, "maslah": [5, None, None, None]}, handed=100)  # 355 days to the end
    shares = INDICATORS["handed_over_bases_held_share"].function(long, whole_run(long))
    assert np.nan_to_num(shares["all"], nan=-1).tolist() == [-1] * 4
    assert np.nan_to_num(shares["rest"], nan=-1).tolist() == [0, -1, -1, -1]  # what has fallen has, however soon


# --- comparison ---


def test_compare_by_hand(base: Ensemble, other: Ensemble) -> None:
    set_values(base, "attacks", "lamu", JANUARY, [5, 6, 7, 8])
    set_values(other, "attacks", "lamu", JANUARY, [6, 8, 7, 11])
    set_values(other, "attacks", "bay", FEBRUARY, [4, 4, 4, 4])
    rows = compare({"planned": base, "late": other}, "planned")
    row = single_row(rows, indicator="attacks", group="kenyan_border", period="2023")
    assert (row.scenario, row.baseline, row.unit, row.worse) == ("late", "planned", "attacks", "more")
    assert (row.period_start, row.period_end) == (date(2023, 1, 1), date(2023, 2, 8))
    assert (row.mean_baseline, row.mean_scenario, row.mean_difference) == (6.5, 8.0, 1.5)
    assert (row.probability_more, row.probability_worse, row.verdict) == (0.875, 0.875, "cannot tell")
    rest = single_row(rows, indicator="attacks", group="rest", period="since_difference")
    assert (rest.mean_difference, rest.verdict, rest.probability_worse) == (4.0, "more", 1.0)
    assert single_row(rows, indicator="attacks", group="all", period="2022").verdict == "no difference"
    assert single_row(rows, indicator="handed_over_bases_held_share", group="all").verdict == "undefined"
    groups = len(summary.Group.__args__)
    assert len(rows) == 4 * (groups * len(SUMS) + 2) + 2 + 3


def test_rows_as_a_table(base: Ensemble, other: Ensemble) -> None:
    set_values(other, "attacks", "lamu", JANUARY, [1, 1, 1, 1])
    rows = compare({"planned": base, "late": other}, "planned")
    made = table(rows)
    assert made.num_rows == len(rows)
    assert made.column_names == list(comparison.COLUMNS)
    assert made["mean_difference"].to_pylist() == [row.mean_difference for row in rows]
    assert made.schema.field("period_start").type == pa.date32()
    assert made.schema.field("low_95").metadata == {
        b"unit": b"see the column unit",
        b"what": b"lower end of the 95 % interval of the mean difference",
    }
    assert all(field.metadata[b"what"] for field in made.schema)
    assert made["relative_difference"].null_count > 0
    assert table(spillovers({"a": base, "b": other}, "a"))["ratio"].null_count > 0
    assert table(openings({"a": base})).schema.field("median").type == pa.date32()
    assert table(survival_rows({"a": base}), comparison.SurvivalRow).num_rows == 0


# --- spill-over ---


def test_spillover_by_hand(base: Ensemble, other: Ensemble) -> None:
    set_values(other, "attacks", "lamu", JANUARY, [1, 2, 3, 2])
    set_values(base, "attacks", "gedo", JANUARY, [9, 9, 9, 9])
    set_values(other, "attacks", "gedo", JANUARY, [5, 6, 5, 4])  # 4, 3, 4, 5 fewer
    set_values(other, "attacks", "bay", JANUARY, [4, 3, 4, 9])
    rows = spillovers({"planned": base, "late": other}, "planned")
    row = single_row(rows, indicator="attacks", somali_side="jubaland", period="whole_run")
    assert (row.replicates, row.kenyan_change, row.somali_change, row.ratio) == (4, 2.0, -4.0, -0.5)
    assert row.low_95 is not None
    assert row.high_95 is not None
    assert row.low_95 < -0.5 < row.high_95
    whole = single_row(rows, indicator="attacks", somali_side="somalia", period="whole_run")
    assert (whole.somali_change, whole.ratio, whole.low_95, whole.high_95) == (1.0, None, None, None)  # 0, 0, 0, 4
    assert single_row(rows, indicator="recorded_deaths", somali_side="jubaland", period="2023").ratio is None
    assert {row.period for row in rows} == {"whole_run", "2022", "2023"}


def test_fiellers_interval_by_hand() -> None:
    """Its ends are the ratios at which the mean of numerator - ratio × denominator is just told from zero."""
    numerator, denominator = np.array([1.0, 2.0, 3.0, 2.0]), np.array([-4.0, -3.0, -4.0, -5.0])
    interval = ratio(numerator, denominator)
    assert interval is not None
    assert interval[0] == -0.5
    for end in interval[1:]:
        rest = numerator - end * denominator
        assert abs(rest.mean()) == pytest.approx(3.182446305 * rest.std(ddof=1) / 2)
    t2 = 3.182446305**2 / 4  # variances 2/3 and 2/3, covariance 0
    a, b, c = 16 - t2 * 2 / 3, -8, 4 - t2 * 2 / 3
    assert interval[1:] == pytest.approx(tuple((b + sign * np.sqrt(b * b - a * c)) / a for sign in (-1, 1)))


def test_ratios_at_the_edge() -> None:
    assert ratio(np.array([1.0, 2.0]), np.array([0.0, 0.0])) is None
    assert ratio(np.array([1.0]), np.array([5.0])) is None
    assert ratio(np.zeros(3), np.array([5.0, 6.0, 5.0])) == pytest.approx((0, 0, 0))
    assert ratio(np.full(3, 2.0), np.full(3, 4.0)) == pytest.approx((0.5, 0.5, 0.5))


# --- regret ---


def _world(scenario: Scenario, attacks: dict[str, list[float]]) -> dict[str, Ensemble]:
    plans = {plan: blank(scenario) for plan in attacks}
    for plan, values in attacks.items():
        set_values(plans[plan], "attacks", "lamu", JANUARY, values)
    return plans


def test_regret_by_hand(scenario: Scenario) -> None:
    calm = _world(scenario, {"stay": [1, 2, 3, 2], "leave": [2, 3, 4, 3], "pause": [1, 2, 2, 3]})
    grim = _world(scenario, {"stay": [20, 20, 20, 20], "leave": [11, 10, 10, 9], "pause": [18, 19, 20, 15]})
    matrix = regret({"calm": calm, "grim": grim}, "attacks", "kenyan_border")
    assert (matrix.plans, matrix.worlds, matrix.unit) == (("stay", "leave", "pause"), ("calm", "grim"), "attacks")
    assert matrix.values.tolist() == [[2, 20], [3, 10], [2, 18]]
    assert matrix.regret.tolist() == [[0, 10], [1, 0], [0, 8]]
    assert matrix.told_apart.tolist() == [[False, True], [True, False], [False, True]]
    assert matrix.max_regret.tolist() == [10, 1, 8]
    assert (matrix.minimax_plans, matrix.replicates) == (("leave",), 4)


def test_regret_where_fewer_is_worse(scenario: Scenario) -> None:
    one, two = blank(scenario), blank(scenario, 6)
    one.days["could_open"][:, :10] = 1
    matrix = regret({"world": {"one": one, "two": two}}, "border_could_open_share", "kenyan_border")
    assert matrix.regret.tolist() == [[0], [10 / 91]]
    assert matrix.replicates == 4


def test_regret_refuses(base: Ensemble, other: Ensemble) -> None:
    with pytest.raises(ValueError, match="neither direction"):
        regret({"world": {"one": base}}, "deaths_group")
    with pytest.raises(ValueError, match="world grim holds other plans than calm"):
        regret({"calm": {"one": base}, "grim": {"two": other}}, "attacks")
    with pytest.raises(ValueError, match="not counted for the zones rest; known: all"):
        regret({"world": {"one": base}}, "host_shortfall", "rest")
    with pytest.raises(ValueError, match="no replicates in common"):
        regret({"world": {"one": base, "two": replace(other, seed=9)}}, "attacks")


# --- with the model ---


@pytest.fixture(scope="module")
def runs() -> dict[str, Ensemble]:
    return {name: simulate(load(name), 6, seed=3) for name in ("planned", "no_withdrawal")}


def test_a_scenario_compared_with_itself_does_not_differ(runs: dict[str, Ensemble]) -> None:
    again = simulate(load("planned"), 6, seed=3, workers=1)
    rows = compare({"planned": runs["planned"], "again": again}, "planned")
    assert {row.verdict for row in rows} == {"no difference"}
    assert {row.period for row in rows} == {"whole_run", "2022", "2023", "2024", "2025"}
    assert {(row.mean_difference, row.low_95, row.high_95, row.probability_more) for row in rows} == {(0, 0, 0, 0.5)}
    assert {row.ratio for row in spillovers({"planned": runs["planned"], "again": again}, "planned")} == {None}


def test_staying_makes_a_difference_from_the_first_withdrawal_on(runs: dict[str, Ensemble]) -> None:
    rows = compare(runs, "planned")
    attacks = single_row(rows, indicator="attacks", group="rest", period="whole_run")
    assert (attacks.verdict, attacks.probability_worse) == ("fewer", 0.0)
    since = single_row(rows, indicator="attacks", group="rest", period="since_difference")
    assert since.period_start == date(2022, 12, 1)
    assert since.mean_difference == pytest.approx(attacks.mean_difference)
    assert since.mean_baseline < attacks.mean_baseline


def test_whole_runs_add_up_to_the_summary(runs: dict[str, Ensemble]) -> None:
    rows = compare(runs, "planned")
    columns = [summary.columns(one) for one in runs.values()]
    for headline, indicator, group in (
        ("attacks_total", "attacks", "all"),
        ("attacks_jubaland_total", "attacks", "jubaland"),
        ("displaced_people_new", "displaced", "all"),
        ("host_shortfall_mean_troops", "host_shortfall", "all"),
        ("border_could_open_share", "border_could_open_share", "kenyan_border"),
    ):
        row = single_row(rows, indicator=indicator, group=group, period="whole_run")
        before, after = (each[headline].astype(float) for each in columns)
        assert row.mean_difference == pytest.approx((after - before).mean(), rel=1e-12)
    years = [row.mean_difference for row in rows if (row.indicator, row.group) == ("attacks", "all")]
    assert sum(years[1:5]) == pytest.approx(years[0])


def test_phases_cover_all_handovers(runs: dict[str, Ensemble]) -> None:
    rows = survival_rows(runs)
    for by in ("holder", "phase"):
        parts = [row for row in rows if row.scenario == "planned" and row.by == by]
        assert sum(row.handovers for row in parts) == single_row(rows, scenario="planned", by="all").handovers
    assert {row.scenario for row in rows} == {"planned"}  # nothing is handed over where nobody leaves
