"""What explains a change: games computed by hand, the model's own game, and `atmis attribute` as users meet it."""

import csv
import re
from pathlib import Path

import cli
import helpers
import numpy as np
import pytest
import yaml

from atmis.analysis import attribution
from atmis.analysis.attribution import CoalitionPlan, Game, Question, RunCache, attribute, shapley
from atmis.analysis.attribution.estimates import estimate
from atmis.plots import attribution as figures
from atmis.runs import ensemble
from atmis.scenario.build import build
from atmis.scenario.compose import conf_folder
from atmis.scenario.errors import InputError
from atmis.scenario.neutral import MECHANISMS, switched_off
from atmis.scenario.settings import WholeMonths

# --- Games by hand. A coalition is a number with a bit for each player. ---


def constant(worth):
    """A game of one replicate."""
    return lambda coalition: np.array([float(worth(coalition))])


def members(coalition):
    return [player for player in range(coalition.bit_length()) if coalition >> player & 1]


def random_game(players, replicates=5, seed=7):
    table = np.random.default_rng(seed).normal(size=(1 << players, replicates))
    return table.__getitem__


def test_where_players_only_add_each_gets_what_it_adds():
    gives = [3.0, -1.0, 0.5]
    game = constant(lambda coalition: sum(gives[player] for player in members(coalition)))
    assert shapley.values(3, game)[:, 0] == pytest.approx(gives, abs=1e-12)
    assert [values[0] for *_, values in shapley.interactions(3, game)] == pytest.approx([0, 0, 0], abs=1e-12)


def test_what_two_only_do_together_is_shared_by_halves():
    """Worth 2 and 1 alone, 10 more for both; the third does nothing."""
    game = constant(lambda s: 2 * (s & 1) + (s >> 1 & 1) + 10 * (s & 3 == 3))
    assert shapley.values(3, game)[:, 0].tolist() == pytest.approx([7.0, 6.0, 0.0], abs=1e-12)
    assert {(i, j): v[0] for i, j, v in shapley.interactions(3, game)} == pytest.approx(
        {(0, 1): 10, (0, 2): 0, (1, 2): 0}
    )
    assert (shapley.first_contribution(0, game)[0], shapley.last_contribution(3, 0, game)[0]) == (2.0, 12.0)


def test_the_game_of_gloves():
    """One left glove, two right ones; a pair is worth 1. The left one gets 4/6, each right one 1/6."""
    game = constant(lambda s: 1.0 if s & 1 and s & 6 else 0.0)
    assert shapley.values(3, game)[:, 0].tolist() == pytest.approx([4 / 6, 1 / 6, 1 / 6], abs=1e-12)


def test_who_adds_nothing_gets_exactly_nothing():
    inner = random_game(3)
    assert not shapley.values(4, lambda s: inner(s & 7))[3].any()


@pytest.mark.parametrize("players", [1, 2, 5, 7])
def test_values_add_up_to_what_all_are_worth(players):
    game = random_game(players)
    whole = game(shapley.grand_coalition(players)) - game(0)
    assert np.allclose(shapley.values(players, game).sum(axis=0), whole, rtol=0, atol=1e-9)
    for order in shapley.orders(players, 4, seed=3):
        assert np.allclose(shapley.antithetic_contributions(order, game).sum(axis=0), whole, rtol=0, atol=1e-9)


def test_each_replicate_is_a_game_of_its_own():
    game = random_game(4)
    alone = [shapley.values(4, lambda s, r=r: game(s)[r : r + 1])[:, 0] for r in range(5)]
    assert np.allclose(shapley.values(4, game), np.transpose(alone), rtol=0, atol=1e-12)


def test_random_orders_come_near_the_values_and_need_the_coalitions_they_name():
    game, asked = random_game(5), set()

    def watched(coalition):
        asked.add(coalition)
        return game(coalition)

    orders = shapley.orders(5, 2000, seed=1)
    found = np.mean([shapley.antithetic_contributions(order, watched) for order in orders], axis=0)
    assert np.allclose(found, shapley.values(5, game), rtol=0, atol=0.05)
    assert asked == {coalition for order in orders for coalition in shapley.coalitions_along(order)}
    assert orders[:5] == shapley.orders(5, 5, seed=1) != shapley.orders(5, 5, seed=2)


# --- Means with intervals ---


def test_interval_by_hand():
    """Mean 2, standard error 1 / sqrt(3), t of two degrees of freedom 4.3027."""
    found = estimate(np.array([1.0, 2.0, 3.0]))
    half = 4.302652729911275 / np.sqrt(3.0)
    assert (found.mean, found.low, found.high) == pytest.approx((2.0, 2.0 - half, 2.0 + half))
    assert found.verdict == "cannot tell"


@pytest.mark.parametrize(
    ("values", "verdict"),
    [([1.0, 1.1, 0.9], "more"), ([-1.0, -1.1, -0.9], "fewer"), ([0.0, 0.0], "no difference"), ([5.0], "cannot tell")],
)
def test_verdicts(values, verdict):
    assert estimate(np.array(values)).verdict == verdict


def test_interval_over_random_orders_holds_both_kinds_of_chance():
    """Rows: orders. Means over replicates 1 and 3, over orders 1 and 3: each variance 2, divided by 2: 1 + 1."""
    found = estimate(np.array([[0.0, 2.0], [2.0, 4.0]]))
    assert found.mean == 2.0
    assert found.high - found.mean == pytest.approx(12.706204736432095 * np.sqrt(2.0))


# --- The game of the model ---

JANUARY = WholeMonths(start="2025-01-01", end="2025-01-31")
PLAYED = ["drawdown", "presence", "excitation", "offensive_pressure"]
MONTH = Question("attacks", "kenyan_border", JANUARY, None)


@pytest.fixture(scope="module")
def data():
    """Much happens around the turn of the year; the border may open, nobody hunts near announcements."""
    return helpers.change(helpers.eventful(60), {"opposition.attacks.spoiling": 0.0, "kenya.reopening.threshold": 900})


def game_of(data, folder, mechanisms=PLAYED, question=MONTH, replicates=3, workers=1):
    return Game(data, mechanisms, RunCache(folder, question, replicates, 5, workers))


def plan(**changes):
    return CoalitionPlan(**{"exact_up_to": 8, "orders": 2, "seed": 5} | changes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("attribution")


def test_contributions_add_up_in_each_replicate(data, folder):
    game = game_of(data, folder)
    assert game.players == PLAYED
    for way in (plan(), plan(exact_up_to=1)):
        made = way.contributions(game).mean(axis=0)
        assert np.allclose(made.sum(axis=0), game.worth(game.grand_coalition) - game.worth(0), rtol=0, atol=1e-9)
        assert made.any(axis=1).all()


def test_levels_are_those_of_runs_of_the_scenario(data, folder):
    """All on: the scenario itself, run to its end. All off: the scenario with all neutral values written in."""
    game = game_of(data, folder)
    off = helpers.change(data, switched_off(PLAYED, data))
    for coalition, inputs in ((game.grand_coalition, data), (0, off)):
        made = ensemble.simulate(build(inputs), 3, 5, 1)
        zones = list(made.scenario.theatre.zones)
        kenyan = [zones.index(zone) for zone in ("mandera", "wajir", "garissa", "lamu", "tana_river")]
        month = [str(month) for month in made.months].index("2025-01")
        assert game.level(coalition).tolist() == made.indicator("attacks")[:, month, kenyan].sum(axis=1).tolist()


def test_without_dated_events_there_is_nothing_to_explain(data, folder):
    game = game_of(data, folder)
    assert [name for name in PLAYED if not MECHANISMS[name].dated] == ["presence", "excitation"]
    for coalition in (0, 0b0010, 0b0100, 0b0110):
        assert not game.worth(coalition).any()
    assert (game.level(0b0111) - game.level(0b0110)).tolist() == game.worth(0b0111).tolist()


def test_what_is_off_anyway_contributes_exactly_nothing(data, folder):
    found = attribute(game_of(data, folder, [*PLAYED, "spoiling"]), plan())
    row = found.contributions[-1]
    assert (row.mechanism, row.contribution, row.low_95, row.high_95) == ("spoiling", 0.0, 0.0, 0.0)
    assert (row.verdict, row.alone, row.last, row.order) == ("no difference", 0.0, 0.0, "no difference")
    assert len({len({pair.mechanism, pair.other}) for pair in found.interactions}) == 1
    assert len(found.interactions) == 6


def test_under_no_effect_troops_contribute_exactly_nothing_and_share_runs(data, folder, tmp_path):
    """Readings differ in the effect of troops alone, so where it is off they are run once."""
    silent = helpers.change(data, {f"evidence.{name}": 0.0 for name in ("attacks", "civilians", "neighbours", "spike")})
    silent["evidence"] |= {"name": "no_effect", "assumes": "Other words."}
    games = [game_of(data, folder), game_of(silent, folder)]
    assert games[1].players == ["drawdown", "excitation", "offensive_pressure"]
    needed = [game.required_runs(plan().coalitions(game)) for game in games]
    assert (len(needed[0]), len(needed[1]), len(needed[0] | needed[1])) == (16, 8, 16)
    rows = attribute(games[1], plan()).contributions
    assert {row.mechanism: row.contribution for row in rows}["presence"] == 0.0


def test_against_earlier_months_the_rest_is_what_no_mechanism_makes(data, folder):
    """The run begins on 20 December: the first whole month is January, here set against February."""
    later = WholeMonths(start="2025-02-01", end="2025-02-28")
    long = helpers.change(data, {"period.end": "2025-02-28"})
    game = game_of(long, folder, ["drawdown", "excitation"], Question("attacks", "all", later, JANUARY))
    change = attribute(game, plan()).change
    assert change.rest != 0.0
    assert change.change == pytest.approx(change.explained + change.rest, abs=1e-9)
    assert change.change == pytest.approx(change.level - change.level_reference, abs=1e-9)
    assert (change.window, change.reference) == ("2025-02", "2025-01")


def test_same_rows_whatever_the_workers_and_whatever_is_stored(data, folder, tmp_path, monkeypatch):
    first = attribute(game_of(data, folder), plan())
    assert attribute(game_of(data, tmp_path, workers=2), plan()) == first
    stored = sorted((tmp_path / ".runs").iterdir())
    assert len(stored) == 16
    stored[0].write_text("damaged")
    ran = []
    monkeypatch.setattr(
        attribution.run_cache, "simulate", lambda *words: ran.append(words) or ensemble.simulate(*words)
    )
    assert attribute(game_of(data, tmp_path), plan()) == first
    assert len(ran) == 1
    assert attribute(game_of(data, tmp_path, replicates=2), plan()) != first


def test_one_replicate_tells_nothing(data, folder):
    found = attribute(game_of(data, folder, replicates=1), plan())
    assert {row.verdict for row in found.contributions} <= {"cannot tell", "no difference"}
    assert found.change.luck is None
    assert found.largest_interaction is None


@pytest.mark.parametrize("name", helpers.choices("scenario"))
def test_every_scenario_can_be_switched_off(name, monkeypatch):
    data = helpers.composed(f"scenario={name}")
    made = build(helpers.change(data, switched_off(MECHANISMS, data)))
    assert (made.plan.phases, made.plan.successor, made.kenya.reopening.steps) == ({}, None, {})


# --- Questions that cannot be asked ---


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (("attacks", "all", WholeMonths(start="2021-01-01", end="2021-12-31"), None), "window: 2021-01-01 .* outside"),
        (("attacks", "all", JANUARY, WholeMonths(start="2022-01-01", end="2022-01-31")), "reference: .* outside the"),
        (("attacks", "all", JANUARY, JANUARY), "reference: .* overlap"),
        (("atacks", "all", JANUARY, None), "indicator: 'atacks'.*did you mean 'attacks'"),
        (("handed_over_bases_held_share", "all", JANUARY, None), "is not counted by month"),
        (("host_shortfall", "jubaland", JANUARY, None), "host_shortfall is not counted for jubaland; known: all"),
    ],
)  # fmt: skip
def test_questions_that_cannot_be(data, question, sentence):
    with pytest.raises(InputError, match=sentence):
        Question(*question).check(build(data))


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["drawdwn"], "there is no 'drawdwn'; did you mean 'drawdown'"),
        (["season", "season"], "'season' is named twice"),
    ],
)
def test_mechanisms_that_cannot_be(names, sentence):
    with pytest.raises(InputError, match=re.escape(sentence)):
        attribution.check_mechanisms(names)


# --- The command ---

SMALL = (
    "replicates=2", "period.end=2022-09-30", "window.start=2022-09-01", "window.end=2022-09-30",
    "mechanisms=[offensive_pressure,presence,season]", "opposition.cells.fighters=3000",
)  # fmt: skip


@pytest.fixture
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_here")
def test_command_leaves_tables_and_a_figure():
    said = cli.call("attribute", *SMALL)
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    (made,) = Path("results/attribute/actual").iterdir()
    tables = {"attribution", "changes", "interactions"}
    files = {f"{name}.{kind}" for name in tables for kind in ("csv", "parquet")}
    figures = {"figures", "figures/attribution.png", "figures/attribution.svg"}
    assert cli.paths_below(made) == files | figures | {"manifest.json"}
    rows = list(csv.DictReader((made / "attribution.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 6 * 3
    readings = list(dict.fromkeys(row["evidence"] for row in rows))
    assert readings == helpers.choices("evidence")
    assert {row["contribution"] for row in rows if row["mechanism"] == "season"} == {"0"}
    assert all(f"Under {name}: Attacks, Kenyan border counties" in said.out for name in readings)
    of_no_effect = said.out.partition("Under no_effect")[2].partition("\n\n")[0]
    assert re.search("Exactly nothing: .*effect of troops on attacks, season.", of_no_effect)
    assert "not what happened in the world" in said.out
    assert "cannot be told from zero" in said.out
    svg = (made / "figures/attribution.svg").read_bytes()
    assert cli.call("attribute", *SMALL, "evidence=all").out.splitlines()[:-1] == said.out.splitlines()[:-1]
    again = next(path for path in Path("results/attribute/actual").iterdir() if path != made)
    assert (again / "attribution.csv").read_bytes() == (made / "attribution.csv").read_bytes()
    assert (again / "figures/attribution.svg").read_bytes() == svg


@pytest.mark.usefixtures("_here")
def test_command_for_some_readings_and_another_scenario():
    said = cli.call("attribute", *SMALL, "scenario=planned", "evidence=hks2014,smidt", "figures=false")
    assert said.code == 0
    assert list(Path("results/attribute/planned").glob("*/figures")) == []
    assert re.findall(r"^Under (\w+)", said.out, re.MULTILINE) == ["hks2014", "smidt"]
    assert cli.call("attribute", "--cfg", "job").out.startswith("period:")


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["window.start=2021-01-01"], "window: 2021-01-01 to 2023-12-31 lies outside the run; allowed: 2022-04-01"),
        (["window.start=2023-01-05"], "must be the first day of a month"),
        (["window.end=2022-12-31"], "lies before start"),
        (["mechanisms=[drawdown,sesaon]"], "mechanisms: there is no 'sesaon'; did you mean 'season'?"),
        (["mechanisms=[]"], "mechanisms: has 0 items; allowed: at least 1"),
        (["indicator='=1+1'"], "indicator: '=1+1' is not counted by month"),
        (["indicator='<script>'"], "indicator: '<script>' is not counted by month"),
        (["group=kenya"], "group: 'kenya' is not one of"),
        (["mechanism=[season]"], "did you mean 'mechanisms'?"),
        (["-m", "host=weak,strong"], "-m: attribute splits one change"),
        (["evidence=hks2014,hks"], "evidence: there is no 'hks'"),
        (["results=/proc/1/none"], "cannot be written"),
    ],
)
def test_refusals_are_one_sentence_and_leave_nothing(words, sentence):
    said = cli.call("attribute", *words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert not list(Path().iterdir())


def test_help_tells_the_settings_as_they_are():
    said = cli.call("attribute", "--help").out
    data = yaml.safe_load((conf_folder() / "attribute.yaml").read_text(encoding="utf-8"))
    told = [f"window.start={data['window']['start']}", f"window.end={data['window']['end']}", "scenario=actual"]
    told += [f"{key}={data[key]}" for key in ("indicator", "group", "exact_up_to", "orders")]
    assert all(words in said for words in [*told, f"mechanisms=[{','.join(data['mechanisms'])}]"])


def test_every_mechanism_of_the_figure_has_its_words(data, folder):
    found = [attribute(game_of(data, folder, [*PLAYED, "spoiling"]), plan())]
    drawn = figures.figure(found)
    told = " ".join(text.get_text() for text in drawn.texts)
    for name in PLAYED:
        words = MECHANISMS[name].words
        assert words.split()[0].capitalize() in told or words.split()[0] in told
    assert "Exactly nothing under any reading: attacks near announced events." in told
    assert "not what happened in the world" in told
