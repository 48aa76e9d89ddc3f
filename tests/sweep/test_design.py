"""Designs: the points of each kind by hand, and bad designs refused in one sentence before any run."""

from pathlib import Path
from typing import Any

import cli
import numpy as np
import pytest

from atmis.scenario.sweep import Range, Sweep
from atmis.sweep import design, identity
from atmis.sweep.study import Study

A, B = "opposition.attacks.raids", "society.control.relaxation_days"  # a design has its parameters in order of names
MINE = ("sweep", "--config-dir", "my", "scenario=mine", "period.end=2022-04-10", "replicates=2")


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def made(kind: str, parameters: dict[str, Any] | None = None, points: int = 1, **more: Any) -> Sweep:
    about = {"name": "tested", "assumes": "A design of the tests.", "scenarios": [], "cases": []}
    return Sweep.model_validate({**about, "design": kind, "parameters": parameters or {}, "points": points, **more})


def unit(names: str, **more: Any) -> dict[str, Any]:
    return {f"a.{name}": {"low": 0.0, "high": 1.0} for name in names} | more


def table(sweep: Sweep, seed: int = 1) -> np.ndarray:
    return np.array([list(point.values()) for point in design.points(sweep, seed)])


# --- Points ---


def test_one():
    assert design.points(made("one"), 1) == [{}]


def test_list_keeps_its_cases_and_their_order():
    cases = [{A: 0.2}, {B: 90.0, "evidence": "smidt"}, {}]
    assert design.points(made("list", cases=cases), 1) == cases


def test_zip_goes_through_the_lists_together():
    points = design.points(made("zip", {A: [0.1, 0.2, 0.3], "host": ["weak", "strong", "weak"]}), 1)
    assert points == [{A: 0.1, "host": "weak"}, {A: 0.2, "host": "strong"}, {A: 0.3, "host": "weak"}]


def test_grid_of_lists_the_last_varies_first():
    points = design.points(made("grid", {A: [0.1, 0.2], "host": ["weak", "strong"], B: [60.0]}), 1)
    assert list(points[0]) == ["host", A, B]
    assert [tuple(point.values()) for point in points] == [
        ("weak", 0.1, 60.0), ("weak", 0.2, 60.0), ("strong", 0.1, 60.0), ("strong", 0.2, 60.0),
    ]  # fmt: skip


def test_grid_of_ranges_has_both_ends():
    points = table(made("grid", {A: {"low": 0.0, "high": 0.2}, B: {"low": 60.0, "high": 120.0}}, points=3))
    assert points.tolist() == [[a, b] for a in (0.0, 0.1, 0.2) for b in (60.0, 90.0, 120.0)]


def test_grid_with_one_point_has_both_ends_all_the_same():
    assert table(made("grid", {A: {"low": 0.0, "high": 0.2}})).ravel().tolist() == [0.0, 0.2]


@pytest.mark.parametrize(
    ("low", "high", "steps", "expected"),
    [(1, 5, 3, [1, 3, 5]), (1, 3, 9, [1, 2, 3]), (0, 10, 4, [0, 3, 7, 10]), (-2, 2, 3, [-2, 0, 2])],
)
def test_grid_of_whole_numbers_has_each_once(low, high, steps, expected):
    points = table(made("grid", {"a.days": {"low": low, "high": high}}, points=steps)).ravel()
    assert points.tolist() == expected
    assert points.dtype.kind == "i"


@pytest.mark.parametrize("n", [1, 2, 7, 64])
def test_latin_hypercube_has_one_point_in_each_stratum(n):
    points = table(made("latin_hypercube", unit("bcd"), points=n))
    assert points.shape == (n, 3)
    for column in points.T:
        assert sorted(np.floor(column * n)) == list(range(n))


def test_latin_hypercube_spreads_whole_numbers_and_choices_evenly():
    spread = {"a.days": {"low": 1, "high": 5}, "host": ["weak", "strong"], "a.share": {"low": 2.0, "high": 4.0}}
    points = design.points(made("latin_hypercube", spread, points=20), 3)
    days, hosts, shares = ([point[key] for point in points] for key in spread)
    assert sorted(days) == sorted([1, 2, 3, 4, 5] * 4)
    assert all(isinstance(value, int) for value in days)
    assert sorted(hosts) == ["strong"] * 10 + ["weak"] * 10
    assert sorted(int((share - 2) * 10) for share in shares) == list(range(20))


@pytest.mark.parametrize(("n", "k"), [(1, 1), (8, 3), (16, 5)])
def test_sobol_blocks_differ_in_one_column(n, k):
    sweep = made("sobol", unit("bcdef"[:k]), points=n)
    points = table(sweep)
    assert len(points) == design.count(sweep) == n * (k + 2)
    a, b, *mixed = points.reshape(k + 2, n, k)
    for j, block in enumerate(mixed):
        assert (block[:, j] == b[:, j]).all()
        assert (np.delete(block, j, axis=1) == np.delete(a, j, axis=1)).all()
    assert (a != b).all()


def test_sobol_is_balanced():
    """A Sobol sequence of 2**m points has one in each of 2**m equal strata of each parameter."""
    points = table(made("sobol", unit("bc"), points=32))
    for block in (points[:32], points[32:64]):
        for column in block.T:
            assert sorted(np.floor(column * 32)) == list(range(32))


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_sampled_designs_follow_the_seed(kind):
    sweep = made(kind, unit("bc"), points=8)
    assert (table(sweep, 1) == table(sweep, 1)).all()
    assert (table(sweep, 1) != table(sweep, 2)).any()


@pytest.mark.parametrize(
    ("u", "value"), [(0.0, 1), (0.2499, 1), (0.25, 2), (0.5, 3), (0.75, 4), (0.9999999, 4), (1.0 - 2**-53, 4)]
)
def test_whole_range_at_a_number(u, value):
    assert design.value_at(Range(low=1, high=4), u) == value
    assert design.value_at(["a", "b", "c", "d"], u) == "abcd"[value - 1]


def test_real_range_at_a_number():
    assert [design.value_at(Range(low=2.0, high=4.0), u) for u in (0.0, 0.25, 0.5)] == [2.0, 2.5, 3.0]
    assert not Range(low=1, high=4.0).is_integer


@pytest.mark.parametrize(
    "sweep",
    [
        made("one"), made("list", cases=[{A: 1.0}, {}]), made("zip", {A: [1, 2, 3], B: [1, 2, 3]}),
        made("grid", {A: [1, 2], B: {"low": 1, "high": 9}}, points=3),
        made("grid", {A: {"low": 1, "high": 2}}, points=9),
        made("latin_hypercube", unit("bc"), points=5), made("sobol", unit("bcd"), points=4),
        made("morris", unit("bcd"), points=4),
    ],
    ids=lambda sweep: sweep.design,
)  # fmt: skip
def test_count_is_the_number_of_points(sweep):
    assert design.count(sweep) == len(design.points(sweep, 1))


def test_columns_say_nothing_where_a_case_does_not():
    assert design.as_columns([{A: 1.0}, {"host": "weak"}]) == {"host": [None, "weak"], A: [1.0, None]}


# --- From words to a study ---


def study(*words: str) -> Study:
    said = cli.call(*MINE, *words)
    assert said.code == 0, said.err
    return identity.load(Path("results/sweep/one"))[0]


@pytest.fixture
def my():
    return cli.own_folder(Path("my"))


def test_groups_and_keys_together(my):
    made = study(
        "sweep.design=grid", "+sweep.parameters={" + f"evidence: [hks2013, smidt], host: [weak], {A}: [0.1, 0.2]}}"
    )
    assert made.cases == 4
    assert [made.labels_of(case) | made.values(case) for case in range(4)] == [
        {"evidence": evidence, "host": "weak", A: raids} for evidence in ("hks2013", "smidt") for raids in (0.1, 0.2)
    ]
    assert [source.data["evidence"]["name"] for source in made.sources] == ["hks2013", "smidt"]
    assert {source.data["host"]["name"] for source in made.sources} == {"weak"}
    assert made.direct == {A}


def test_every_scenario_has_every_point(my):
    (my / "scenario/other.yaml").write_text(cli.SCENARIO.replace("name: mine", "name: other"))
    made = study("sweep.scenarios=[other,mine]", "sweep.design=list", f"sweep.cases=[{{{A}: 0.1}}, {{}}]")
    assert [(made.scenario_of(case), made.point_of[case], made.values(case)) for case in range(made.cases)] == [
        ("other", 0, {A: 0.1}), ("other", 1, {}), ("mine", 0, {A: 0.1}), ("mine", 1, {}),
    ]  # fmt: skip


def test_a_design_of_ones_own_as_yaml(my):
    (my / "sweep").mkdir()
    text = "defaults: [one]\nname: one\nassumes: Mine.\ndesign: zip\nparameters:\n"
    (my / "sweep/own.yaml").write_text(f"{text}  {A}: [0.1, 0.2]\n  {B}: [60.0, 90.0]\n")
    made = study("sweep=own")
    assert [made.values(case) for case in range(made.cases)] == [{A: 0.1, B: 60.0}, {A: 0.2, B: 90.0}]


def test_designs_that_come_with_atmis_can_be_made():
    for name, runs in (
        ("all_scenarios", 1),
        ("attacks_lhs", 64),
        ("attacks_sobol", 256 * 10),
        ("difference_sobol", 256 * 10),
        ("screening", 10 * 34),
        ("pause_length", 7),
    ):
        data = cli.yaml.safe_load(cli.call("sweep", f"sweep={name}", "--cfg", "job").out)
        assert design.count(Sweep.model_validate(data["sweep"])) == runs, name


# --- Bad designs: the words, and what the sentence must hold ---

RANGE = "{low: 0.1, high: 0.2}"
BAD: dict[str, tuple[str, ...]] = {
    "zip of unequal lengths": ("zip", f"{{{A}: [0.1, 0.2], {B}: [60]}}", "zip", "one length"),
    "zip of a range": ("zip", f"{{{A}: {RANGE}}}", "zip", "lists"),
    "sobol of 3": ("sobol sweep.points=3", f"{{{A}: {RANGE}}}", "3", "power of two"),
    "sobol of 0": ("sobol sweep.points=0", f"{{{A}: {RANGE}}}", "sweep.points: 0 is out of range", "at least 1"),
    "sobol of nothing": ("sobol", "{}", "sobol", "parameters"),
    "grid of nothing": ("grid", "{}", "grid", "parameters"),
    "grid of an empty list": ("grid", f"{{{A}: []}}", f"sweep.parameters.{A}", "0 items", "at least 1"),
    "list without cases": ("list", "{}", "list", "cases"),
    "grid with cases": ("grid sweep.cases=[{host:weak}]", f"{{{A}: [0.1]}}", "grid", "cases"),
    "one with parameters": ("one", f"{{{A}: [0.1]}}", "one", "parameters", "grid"),
    "kind": ("gird", f"{{{A}: [0.1]}}", "sweep.design: 'gird'", "did you mean 'grid'?"),
    "key": ("grid", "{opposition.attacks.raid: [0.1]}", "opposition.attacks.raid'", "did you mean 'raids'?"),
    "block": ("grid", "{opposition.atacks.raids: [0.1]}", "'atacks'", "did you mean 'attacks'?"),
    "root": ("grid", "{oposition.attacks.raids: [0.1]}", "'oposition'", "did you mean 'opposition'?"),
    "group": ("grid", "{evidenc: [smidt]}", "'evidenc'", "did you mean 'evidence'?"),
    "choice of a group": ("grid", "{host: [weak, stong]}", "'stong'", "did you mean 'strong'?"),
    "range of a group": ("grid", "{host: {low: 1, high: 2}}", "host", "a name"),
    "no key": ("grid", "{Opposition: [1]}", "'Opposition'", "such as opposition.attacks.raids"),
    "a block as a value": ("grid", "{opposition.attacks: [3]}", "opposition.attacks: 3", "block"),
    "period": ("grid", "{period.end: [2022-05-15]}", "'period.end'", "cannot vary"),
    "seed": ("grid", "{seed: [1, 2]}", "'seed'", "cannot vary"),
    "replicates": ("grid", "{replicates: [1, 2]}", "'replicates'", "cannot vary"),
    "scenario": ("grid", "{scenario: [mine]}", "'scenario'", "cannot vary"),
    "seed in a case": ("list sweep.cases=[{seed:3}]", "{}", "'seed'", "cannot vary"),
    "low above high": ("grid", f"{{{A}: {{low: 0.2, high: 0.1}}}}", A, "0.2", "less than high, 0.1"),
    "low at high": ("grid", f"{{{A}: {{low: 0.1, high: 0.1}}}}", "0.1", "less than high"),
    "no high": ("grid", f"{{{A}: {{low: 0.1}}}}", f"sweep.parameters.{A}.high", "missing"),
    "a middle": ("grid", f"{{{A}: {{low: 0.1, mid: 0.2, high: 0.3}}}}", f"sweep.parameters.{A}.mid", "unknown"),
    "NaN": ("grid", f"{{{A}: {{low: 0.1, high: nan}}}}", f"sweep.parameters.{A}.high", "nan is not"),
    "infinity": ("grid", f"{{{A}: {{low: 0.1, high: inf}}}}", f"sweep.parameters.{A}.high", "inf is not"),
    "a number alone": ("grid", f"{{{A}: 3}}", f"sweep.parameters.{A}", "3 is not"),
    "value out of range": ("grid", f"{{{A}: [0.1, -1]}}", f"{A}: -1 is out of range", "at least 0", "scenario mine"),
    "end out of range": ("latin_hypercube", f"{{{A}: {{low: 0.0, high: 99.0}}}}", f"{A}: 99", "at most 10"),
    "a text": ("grid", f"{{{A}: [abc]}}", f"{A}: 'abc' is not a number"),
    "yes": ("grid", f"{{{A}: [yes]}}", A, "is not a number"),
    "part of a whole": ("grid", "{opposition.recruitment.review_days: {low: 5, high: 9.5}}", "9.5", "whole number"),
    "null": (f"list sweep.cases=[{{{A}:null}}]", "{}", "sweep.cases.0", "null"),
    "too many": ("grid sweep.points=1001", f"{{{A}: {RANGE}, {B}: {{low: 60, high: 5000}}}}", "1,002,001", "1,000,000"),
    "endless": ("grid sweep=screening", "{}", "cases", "1,000,000"),
    "changes the tables": ("grid", "{theatre.zones.elsewhere: [1]}", "theatre.zones.elsewhere"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "told"), [(v[0], v[1], v[2:]) for v in BAD.values()], ids=list(BAD))
def test_bad_designs_are_told(my, kind, given, told):
    refused((f"sweep.design={kind.split()[0]}", *kind.split()[1:], f"+sweep.parameters={given}"), told)


WORDS: dict[str, tuple[str, ...]] = {
    "scenario": ("sweep.scenarios=[mine,min]", "'min'", "did you mean 'mine'?"),
    "scenarios is a name": ("sweep.scenarios=mine", "sweep.scenarios: 'mine'", "a list", "all"),
    "design of that name": ("sweep=pause_lenght", "'pause_lenght'", "did you mean 'pause_length'?"),
    "executor": ("executor=thread", "'thread'", "did you mean 'threads'?"),
    "executor's name": ("executor.name=ray", "executor.name: 'ray'", "dask"),
    "limit": ("executor.limit_seconds=-1", "executor.limit_seconds: -1 is out of range", "at least 0"),
    "memory of threads": ("executor.memory_mib=100", "memory_mib", "executor=processes"),
    "scheduler of threads": ("executor.scheduler=tcp://a:1", "scheduler", "executor=dask"),
    "scheduler": ("executor=dask executor.scheduler=abc", "scheduler", "'abc'", "tcp://"),
    "chunk": ("chunk=-1", "chunk: -1 is out of range", "at least 0"),
    "folder's name": ("sweep.name=../other", "sweep.name: '../other'", "small letters"),
    "precision": ("precision=-1", "precision: -1 is out of range"),
    "precision of one": ("precision=1", "precision", "'planned'", "sweep.scenarios"),
    "precision of a date": (
        "precision=1 sweep.scenarios=[mine,other] baseline=other headline=border_could_open_first_date",
        "headline", "'border_could_open_first_date'",
    ),
    "headline": (
        "precision=1 sweep.scenarios=[mine,other] baseline=other headline=atacks_total",
        "headline", "did you mean 'attacks_total'?",
    ),
    "baseline": ("precision=1 sweep.scenarios=[mine,other] baseline=othr", "'othr'"),
    "several names": ("-m sweep.name=a,b", "sweep.name", "the same"),
    "several seeds": ("-m seed=1,2", "seed", "the same"),
    "several counts": ("-m replicates=2,3", "replicates", "the same"),
    "option": ("--dryrun", "'--dryrun'", "--help"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "told"), [(v[0], v[1:]) for v in WORDS.values()], ids=list(WORDS))
def test_bad_words_are_told(my, words, told):
    (my / "scenario/other.yaml").write_text(cli.SCENARIO.replace("name: mine", "name: other"))
    refused(tuple(words.split()), told)


def refused(words: tuple[str, ...], told: tuple[str, ...]) -> None:
    """One sentence that holds what it must, exit code 2, nothing run and nothing left behind."""
    before = cli.paths_below(Path())
    said = cli.call(*MINE, *words, *([] if "sweep.name=" in str(words) else ["sweep.name=tried"]))
    assert (said.code, said.out) == (2, ""), said
    assert said.err.startswith("atmis: ")
    assert said.err.count("\n") == 1
    assert all(part in said.err for part in told), said.err
    assert "override 'sweep.name=tried'" not in said.err, "the wrong word is blamed"
    assert cli.paths_below(Path()) == before


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "morris", "grid"])
def test_a_range_of_a_parameter_that_need_not_be_whole_goes_through_all_numbers(kind):
    """`{low: 0, high: 1}` of a share is not 0 or 1; days stay whole."""
    share, exposure, days = "host.readiness.handover", "theatre.zones.gedo.exposure", "plan.pauses.somali_request.days"
    about = {"name": "t", "assumes": "T.", "scenarios": [], "cases": [], "design": kind, "points": 4}
    spread = {share: {"low": 0, "high": 1}, exposure: {"low": 0, "high": 2}, days: {"low": 1, "high": 90}}
    points = design.points(Sweep.model_validate({**about, "parameters": spread}), 1)
    assert {0 < point[share] < 1 for point in points} >= {True}
    assert len({point[exposure] for point in points}) > 3
    assert all(isinstance(point[days], int) for point in points)
    assert all(isinstance(point[share], float) for point in points)
