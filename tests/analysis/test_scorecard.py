"""The scorecard: metrics by hand, the record against the ledger, verdicts, completeness, the command, its page."""

import csv
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import cli
import numpy as np
import pytest
import report_pages
from report_pages import by_id, check_number, text

from atmis import facts, load, report
from atmis.analysis import observed, scorecard
from atmis.analysis.scorecard import attack_log, bases, handovers, hawkes, kenya, markdown, metrics, somalia
from atmis.analysis.scorecard.comparability import CAVEATS, NOT_COMPARABLE, caveat, incomparable_reason
from atmis.analysis.scorecard.regularities import NO_PATTERN, RegularityFigure, regularity_figures
from atmis.analysis.scorecard.rows import PatternValues, is_inside, judge, rounding_error, score
from atmis.experiments import document
from atmis.kernel.rules.attacks import CIVILIANS, CLASH, HOST_BASE, IED, MISSION_BASE, RAID, SECURITY, SUICIDE
from atmis.plots import scorecard as scorecard_plot
from atmis.report.scorecard import shipped_rows, shipped_summary
from atmis.runs import ensemble
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

COUNTIES = ("Mandera", "Lamu", "Garissa", "Wajir", "Tana River")


@cache
def history() -> Scenario:
    return load("history", ["draws=none"])


@pytest.fixture(scope="module")
def runs() -> list[PatternValues]:
    """Two runs of each kind."""
    actual = load("actual", ["draws=none", "period.end=2024-03-31"])
    return [
        scorecard.measure(history(), scorecard.PATTERNS, 2, workers=1),
        scorecard.measure(actual, scorecard.HANDOVERS, 2, workers=1),
    ]


# --- Metrics ---


def integers(*values):
    return np.array(values, dtype=np.int64)


def floats(*values):
    return np.array(values, dtype=float)


@pytest.mark.parametrize(("last", "weeks"), [(20, [2, 1, 1]), (19, [2, 1]), (27, [2, 1, 1, 0])])
def test_weeks_are_whole(last, weeks):
    assert metrics.weekly_counts(integers(0, 6, 7, 20), 0, last).tolist() == weeks


def test_gaps_of_one_day_are_zero():
    assert metrics.gaps(integers(3, 1, 3)).tolist() == [2, 0]


@pytest.mark.parametrize(
    ("gaps", "expected"), [((3, 3, 3), -1.0), ((0, 4), 0.0), ((0, 0, 0, 4), (3**0.5 - 1) / (3**0.5 + 1))]
)
def test_burstiness(gaps, expected):
    assert metrics.burstiness(floats(*gaps)) == pytest.approx(expected)


def test_too_little_data_gives_nan():
    nothing = integers()
    for value in (
        metrics.burstiness(floats(1)),
        metrics.burstiness(floats(0, 0)),
        metrics.tail_exponent(integers(9, 1)),
        metrics.share_of_attacks(integers(0, 0), 0.5),
        metrics.share_of_largest(integers(0, 0), 1),
        metrics.correlation(floats(1, 1), floats(1, 2)),
        metrics.mean_variance_exponent(np.zeros((5, 4))),
        metrics.mean(nothing),
        metrics.median(nothing),
        hawkes.fit(np.zeros(100)).share,
    ):
        assert np.isnan(value)


def test_tail_exponent():
    assert metrics.tail_exponent(integers(0, 3, 4, 4)) == pytest.approx(1 + 1 / np.log(4 / 3.5))


def test_tail_exponent_is_recovered():
    rng = np.random.default_rng(1)
    deaths = np.floor(3.5 * (1 - rng.random(20_000)) ** (-1 / 1.5) + 0.5).astype(np.int64)
    assert metrics.tail_exponent(deaths) == pytest.approx(2.5, abs=0.06)


@pytest.mark.parametrize(("deaths", "expected"), [((50, 0, 50, 0), 1 / 4), ((1, 1, 1, 1), 2 / 4), ((3, 0, 0), 1 / 3)])
def test_share_of_attacks(deaths, expected):
    assert metrics.share_of_attacks(integers(*deaths), 0.49) == pytest.approx(expected)


def test_share_of_largest():
    assert metrics.share_of_largest(integers(1, 5, 1, 3), 2) == pytest.approx(0.8)


def test_variance_that_is_the_square_of_the_mean():
    """Counts 0 and 2m: mean m, variance 2 m^2."""
    assert metrics.mean_variance_exponent(np.array([[0, 0, 0, 0], [2, 4, 8, 0]])) == pytest.approx(2.0)


def test_hawkes_rate_by_hand():
    """Half is kept from day to day, so half of the share comes on the first day."""
    rates = hawkes.expected(floats(1, 0, 2, 0), 0.1, 0.4, 1 / np.log(2))
    assert rates == pytest.approx([0.1, 0.3, 0.2, 0.1 + 0.05 + 0.4])


@pytest.mark.parametrize(("share", "near"), [(0.5, 0.1), (0.0, 0.08)])
def test_hawkes_fit_recovers_the_parameters(share, near):
    rng, keep, excited = np.random.default_rng(3), np.exp(-1 / 5), 0.0
    counts = np.zeros(6000)
    for day in range(len(counts)):
        counts[day] = rng.poisson(0.5 + excited)
        excited = keep * excited + share * (1 - keep) * counts[day]
    fitted = hawkes.fit(counts)
    assert fitted.share == pytest.approx(share, abs=near)
    assert share == 0 or fitted.decay == pytest.approx(5, rel=0.3)


# --- Attacks of a run ---


def make_log(**columns) -> attack_log.AttackLog:
    """Attacks with some columns, zero in the others; no base."""
    number = len(next(iter(columns.values())))
    names = ("day", "zone", "target", "mode", "overrun", "recorded", "deaths")
    blank = {name: np.zeros(number, dtype=np.int64) for name in names}
    given = {name: np.array(column, dtype=np.int64) for name, column in columns.items()}
    return attack_log.AttackLog(history().theatre, **{**blank, "base": np.full(number, -1), **given})


def test_windows_are_whole_months():
    assert attack_log.day_range("1970-01", "1970-02") == (0, 58)
    assert make_log(day=[0, 30, 31, 59]).within("1970-02", "1970-02").day.tolist() == [31]


def test_kinds_as_acled_sorts_them():
    targets = [SECURITY, HOST_BASE, CIVILIANS, CIVILIANS, CIVILIANS]
    attacks = make_log(mode=[CLASH, RAID, RAID, IED, SUICIDE], target=targets)
    assert somalia.mix(attacks) == {"clash": 0.4, "civilians": 0.2, "ied": 0.2, "suicide": 0.2}


def test_targets_by_side():
    shares = somalia.target_shares(make_log(target=[MISSION_BASE, HOST_BASE, SECURITY, CIVILIANS]))
    assert shares == {
        "r12_targets_jubaland.au": 0.25,
        "r12_targets_jubaland.civilians": 0.25,
        "r12_targets_jubaland.somali_forces": 0.5,
    }


def test_deaths_in_somalia():
    patterns = somalia.measure_deaths(make_log(deaths=[0, 0, 1, 60]))
    assert (patterns["r8_zero_share"], patterns["r8_concentration"]) == (0.5, 0.25)
    assert [patterns[f"r8_ccdf.{n}"] for n in (1, 3, 50, 100)] == [0.5, 0.25, 0.25, 0.0]


def test_deaths_in_kenya():
    patterns = kenya.measure_deaths(integers(0, 1, 3, 5))
    assert patterns["r7_zero_share"] == 0.25
    assert (patterns["r7_lethal_mean"], patterns["r7_largest"], patterns["r7_lethal_quantiles.q50"]) == (3, 5, 3)
    assert patterns["r7_lognormal_mu"] == pytest.approx(np.log(15) / 3)


def test_attacks_on_bases():
    """Base 2 on days 0, 4 and 10, base 5 on day 4, twice."""
    patterns = bases.measure_bases(make_log(day=[0, 4, 10, 4, 4], base=[2, 2, 2, 5, 5], deaths=[0, 0, 0, 5, 0]))
    assert patterns["r13_attacks_kenyan_bases"] == 5
    assert patterns["r13_share_of_four_bases"] == 1
    assert patterns["r13_gap_median"] == pytest.approx((5 + 0) / 2)
    assert patterns["r13_deaths_per_attack"] == 1
    assert (patterns["r14_attack_days"], patterns["r14_coordinated_days"]) == (3, 1)


def test_before_and_after_a_handover():
    name = list(history().theatre.bases)[3]
    attacks = make_log(day=[9, 10, 99, 100, 189, 190], base=[3] * 6)
    assert handovers.before_and_after(attacks, {name: 100}) == {name: (2, 2)}


def test_each_run_is_that_of_the_ensemble_with_all_its_attacks():
    """Memory is reused: nothing of the run before is left in a log of attacks."""
    short = load("planned", ["period.end=2022-06-30", "draws=none"])

    def count_run(run):
        attacks = attack_log.log_of_run(run)
        return run.monthly[0].copy(), len(attacks), attacks.deaths.sum()

    together = ensemble.simulate(short, 5, workers=1)
    for workers in (1, 2):
        for k, (monthly, number, dead) in enumerate(ensemble.reduced(short, count_run, 5, workers=workers)):
            assert (monthly == together.monthly[k]).all()
            assert number == together.indicator("attacks")[k].sum()
            sides = ("mission", "host", "kenya", "civilians", "group")
            assert dead == sum(together.indicator(f"deaths_{side}")[k].sum() for side in sides)


# --- The ledger ---


def test_the_shipped_record_has_the_figures_of_the_ledger():
    """The measures applied to runs give, for the observed counts, the figures of the ledger."""
    record = observed.shipped("kenya_border_counties", history().theatre)
    names = [history().theatre.zones[key].name for key in record.zones]
    patterns = kenya.measure_counts(names, record.events, record.deaths)
    figures = {figure.pattern: figure for figure in regularity_figures()}
    assert len(patterns) == 1 + 1 + 4 * 5 + 3
    for pattern, value in patterns.items():
        assert is_inside(figures[pattern], value, value), pattern


def test_every_figure_is_measured_or_has_a_reason(runs):
    measured = {pattern for values in runs for pattern in values.values}
    named = {figure.pattern for figure in regularity_figures()}
    without = {figure.pattern for figure in regularity_figures() if incomparable_reason(figure.pattern)}
    assert measured | without == named
    assert measured & without == set()
    assert len(named) == len(regularity_figures())
    numbers = {int(key[1:]) for key in markdown.TITLES}
    assert {figure.number for figure in regularity_figures()} == numbers == set(range(1, 21))


def test_every_fact_of_a_regularity_is_there():
    keys = {key for key in facts.facts() if key[0] == "r" and key[1].isdigit()}
    assert {key for figure in regularity_figures() for key in figure.facts} == keys - set(NO_PATTERN)
    assert all(figure.low is not None or incomparable_reason(figure.pattern) for figure in regularity_figures())


def test_reasons_and_caveats_match_a_pattern():
    patterns = [figure.pattern for figure in regularity_figures()]
    assert all(any(p == key or p.startswith(f"{key}.") for p in patterns) for key in NOT_COMPARABLE)
    for key in CAVEATS:
        assert any(caveat(pattern) == CAVEATS[key] for pattern in patterns), key


def test_lists_and_ranges_of_the_ledger():
    bounds = {figure.pattern: (figure.low, figure.high) for figure in regularity_figures()}
    assert bounds["r4_weekly_autocorrelation.lag 3"] == (-0.02, -0.02)
    assert bounds["r8_tail_exponent"] == (2.0, 2.6)
    assert bounds["r17_handover_10_km.after"] == (6, 6)
    assert bounds["r5_kernel"] == (None, None)
    assert bounds["r14_coordinated_share"] == (0.232, 0.232)
    assert bounds["r12_targets_jubaland.somali_forces"] == (0.49, 0.49)


# --- Verdicts ---


def target(low, high=None, pattern="r2_dispersion_five") -> RegularityFigure:
    return RegularityFigure(pattern, 2, "what", "-", low, low if high is None else high, ("r2_dispersion_five",))


@pytest.mark.parametrize(
    ("figure", "half"), [(85, 0), (0.45, 0.005), (2.9, 0.05), (-0.02, 0.005), (0.0043, 0.00005), (2.0, 0.05)]
)
def test_figures_are_as_precise_as_they_are_given(figure, half):
    assert rounding_error(figure) == pytest.approx(half)


@pytest.mark.parametrize(
    ("low", "high", "band", "expected"),
    [
        (85, 85, (60, 85), True),
        (85, 85, (60, 84.9), False),
        (0.98, 0.98, (0.9, 83 / 85), True),
        (0.98, 0.98, (0.9, 0.97), False),
        (9, 11, (10.5, 20), True),
        (9, 11, (11.1, 20), False),
    ],
)
def test_inside(low, high, band, expected):
    assert is_inside(target(low, high), *band) is expected


def test_verdicts():
    spread = np.linspace(0, 1, 101)
    assert judge(target(0.95), spread) == ("pass", "")
    assert judge(target(0.96), spread) == ("fail", "")
    assert judge(target(0.5), np.where(spread < 0.6, np.nan, spread))[0] == "fail"
    assert judge(target(0.5), np.full(9, np.nan)) == ("fail", "most runs hold too few such events")
    assert judge(target(0.5), np.array([]))[0] == "cannot be compared"
    assert judge(target(0.5, pattern="r9_severity_exponent"), spread)[0] == "cannot be compared"
    assert judge(target(0.54, pattern="r18_detection"), spread) == ("pass", CAVEATS["r18"])


def test_rows_hold_every_figure_and_failures_stand_first(runs):
    rows = score(regularity_figures(), runs)
    assert {row.pattern for row in rows} == {total.pattern for total in regularity_figures()}
    verdicts = [row.verdict for row in rows]
    assert verdicts == sorted(verdicts, key=["fail", "pass", "cannot be compared"].index)
    assert len(set(verdicts)) == 3
    by_pattern = {row.pattern: row for row in rows}
    assert by_pattern["r8_zero_share"].overlaps_hold_out
    assert not by_pattern["r1_events_total"].overlaps_hold_out
    assert by_pattern["r17_geriley.after"].scenario == "actual"
    total = by_pattern["r1_events_total"]
    values = runs[0].values[total.pattern]
    assert (total.runs, total.scenario, total.draws) == (2, "history", "none")
    assert (total.low, total.median) == pytest.approx((np.quantile(values, 0.05), values.mean()))


def test_sources_resolve(runs):
    for row in score(regularity_figures(), runs):
        for key in row.facts.split():
            assert all(source in facts.bibliography() for source in facts.facts()[key].source)


def test_another_period_or_theatre_is_refused():
    with pytest.raises(InputError, match=r"planned runs from 2022-04-01 to .* take history"):
        scorecard.check(load("planned"))
    theatre = history().theatre
    zones = {key: zone for key, zone in theatre.zones.items() if key != "lamu"}
    smaller = history().model_copy(update={"theatre": theatre.model_copy(update={"zones": zones})})
    with pytest.raises(InputError, match="does not hold: Lamu"):
        scorecard.check(smaller)


# --- The scorecard that comes with atmis ---


def test_the_shipped_scorecard_is_complete():
    rows = shipped_rows()
    figures = {figure.pattern: figure for figure in regularity_figures()}
    assert {row.pattern for row in rows} == set(figures)
    for row in rows:
        figure = figures[row.pattern]
        assert (row.target_low, row.target_high) == (figure.low, figure.high)
        if row.verdict != "cannot be compared" and row.low is not None:
            assert (row.verdict == "pass") is is_inside(figure, row.low, row.high)
    short = shipped_summary()
    assert short is not None
    assert sum(short["counts"]) == len(rows)
    assert len(short["rows"]) == 20


@pytest.mark.parametrize(("file", "kind"), [("README.md", "brief"), ("model/TRUST.md", "whole")])
def test_it_stands_in_the_documents(file, kind):
    written = (document.TOP / file).read_text(encoding="utf-8")
    assert written.count(f"<!-- scorecard: {kind} -->\n") == 1
    assert document.fill_scorecard(written) == written
    assert "| fail |" in written


def test_a_folder_becomes_the_one_that_comes_with_atmis(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("atmis.report.scorecard.SHIPPED", tmp_path / "scored" / "scorecard.csv")
    assert shipped_summary() is None
    document.take_scorecard(folder)
    text_ = document.fill_scorecard("a\n<!-- scorecard: brief -->\nold\n<!-- end -->\nb\n")
    assert text_.startswith("a\n<!-- scorecard: brief -->\n")
    assert text_.endswith("|\n<!-- end -->\nb\n")
    assert "of 2 runs (history; draws: none)" in text_
    (folder / "scorecard.md").unlink()
    with pytest.raises(InputError, match=r"scorecard\.md: is missing"):
        document.take_scorecard(folder)


# --- The command ---

SMALL = ("replicates=2", "workers=1", "draws=none")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_pages.shared_folder("scorecard", *SMALL, factory=tmp_path_factory)


@pytest.fixture
def folder(left, tmp_path) -> Path:
    return report_pages.copy_folder(left, tmp_path / "copy")


def test_its_files(folder):
    assert {path.name for path in folder.iterdir()} == {
        "scorecard.csv", "scorecard.parquet", "scorecard.md", "brief.md", "figures", "manifest.json",
    }  # fmt: skip
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {f"{name}.{kind}" for name in ("on_record", "attacks") for kind in ("png", "svg")}
    assert len(report_pages.table(folder, "scorecard")) == len(regularity_figures())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["scored"], manifest["handovers"], manifest["replicates"]) == ("history", "actual", 2)
    assert cli.call("verify", str(folder)).code == 0
    assert (folder / "scorecard.md").read_text(encoding="utf-8").count("\n| R") == len(regularity_figures())
    assert (folder / "brief.md").read_text(encoding="utf-8").count("\n| R") == 20


def test_failures_are_printed_and_no_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = cli.call("scorecard", *SMALL, "figures=false", "handovers=null")
    assert (result.code, result.err.removeprefix(cli.COMPILING)) == (0, "")
    assert "fail" in result.out
    assert "Nothing was tuned by this table." in result.out
    assert "no runs for it" in result.out
    (folder,) = Path("results/scorecard/history").iterdir()
    assert result.out.endswith(f"Files: {folder}\n")
    assert not (folder / "figures").exists()


def test_same_command_same_bytes(left, tmp_path):
    words = (*SMALL[:1], "workers=2", "draws=none", "figures=false")
    again = report_pages.run_folder("scorecard", *words, results=tmp_path)
    for name in ("scorecard.csv", "scorecard.parquet", "scorecard.md", "brief.md"):
        assert (again / name).read_bytes() == (left / name).read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["scenario=planned"], "scenario: planned runs from 2022-04-01"),
        (["handovers=actul"], "actul"),
        (["handovers=../x"], "handovers"),
        (["replicates=0"], "replicates"),
        (["-m", "seed=1,2"], "it takes no -m"),
        (["replicate=3"], "did you mean 'replicates'?"),
    ],
)
def test_bad_words(tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    result = cli.call("scorecard", *words)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert len(result.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


# --- Figure and page ---


def row(**changed):
    rows = score([target(0.5)], [PatternValues("history", "none", {"r2_dispersion_five": np.linspace(0, 1, 101)})])
    return replace(rows[0], **changed)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.5, 0.0), (0.95, 1.0), (0.275, -0.5), (99.0, scorecard_plot.FAR), (-99.0, -scorecard_plot.FAR)],
)
def test_places_on_the_scale_of_the_band(value, expected):
    assert scorecard_plot.band_position(row(verdict="fail"), value) == pytest.approx(expected)


def test_what_passes_as_it_is_rounded_stands_at_the_end_of_the_band():
    assert scorecard_plot.band_position(row(verdict="pass"), 0.99) == 1.0
    assert scorecard_plot.band_position(row(verdict="fail", low=0.5, high=0.5), 0.6) == scorecard_plot.FAR
    assert scorecard_plot.band_position(row(verdict="pass", low=0.5, high=0.5), 0.5) == 0.0


def test_figures_leave_out_only_what_cannot_be_compared(left):
    rows = shipped_rows()
    parts = scorecard_plot.parts(rows)
    assert sum(map(len, parts.values())) == sum(row.verdict != "cannot be compared" for row in rows)


def test_the_page_shows_every_figure(left):
    page = report_pages.parse_page((left / "report.html").read_bytes())
    numbers = list(by_id(page, "found").iter("data")) + list(by_id(page, "answer").iter("data"))
    assert len(numbers) > 3 * 90
    for figure in numbers:
        check_number(figure, left)
    (table,) = by_id(page, "found").iter("table")
    assert len(list(table.iter("tr"))) == 1 + len(regularity_figures())
    assert len(list(by_id(page, "figures").iter("figure"))) == 2


def test_every_report_has_the_scorecard_that_comes_with_atmis(left):
    trust = by_id(report_pages.parse_page((left / "report.html").read_bytes()), "trust")
    (table,) = trust.iter("table")
    assert len(list(table.iter("tr"))) == 1 + 20
    with (document.TOP / "conf" / "scored" / "scorecard.csv").open(encoding="utf-8") as file:
        failed = sum(row["verdict"] == "fail" for row in csv.DictReader(file))
    assert f"{failed} do not" in text(trust)


OTHERS = {
    "backtest": ("backtest", "window=2015-06..2015-12", "period.end=2015-12-31", "replicates=3", "resamples=100"),
    "calibrate": (
        "calibrate", "period.end=2015-09-30", "calibration.window={first: 2015-03, last: 2015-09}",
        "calibration.levels=null", "calibration.waves=1", "calibration.runs=200", "calibration.draws=50",
        "calibration.tests=20", "figures=false",
    ),
}  # fmt: skip


@pytest.mark.parametrize("verb", OTHERS)
def test_pages_of_what_else_judges_the_model(verb, tmp_path):
    assert cli.call(*OTHERS[verb], f"results={tmp_path}").code == 0
    (folder,) = {path.parent for path in tmp_path.rglob("manifest.json")} - {
        path.parent for path in tmp_path.rglob("study.json")
    }
    page = report_pages.parse_page(report.write(folder).read_bytes())
    numbers = list(by_id(page, "main").iter("data"))
    assert len(numbers) > 30
    for one in numbers:
        check_number(one, folder)
    assert bool(list(by_id(page, "figures").iter("figure"))) is (folder / "figures").exists()
    widths = [{len(list(line)) for line in table.iter("tr")} for table in by_id(page, "found").iter("table")]
    assert all(len(one) == 1 for one in widths)
