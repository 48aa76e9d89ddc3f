"""README.md and CONTRIBUTING.md are true: commands and code run, files and folders exist."""

import csv
import re
import shlex
import shutil
from pathlib import Path

import cli
import duckdb
import pandas
import pytest

from atmis.experiments import run

TOP = Path(__file__).resolve().parents[2]
README, CONTRIBUTING = ((TOP / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
TEXTS = {"README.md": README, "CONTRIBUTING.md": CONTRIBUTING}
# Overrides that make a run small; they come last, so they also override the replicates of a command.
SMALL = ("replicates=2", "figures=false", "period.end=2023-12-31")
SMALL_SWEEP = ("replicates=2", "period.end=2022-05-15", "precision=0", "figures=false")
SMALL_DESIGN = ("replicates=2", "period.end=2022-05-15", "sweep.points=2", "figures=false")
SMALL_COMPARISON = ("replicates=2", "period.end=2022-05-15", "figures=false", "report=false")
SMALL_CALIBRATION = (
    "period.end=2015-09-30", "calibration.window={first: 2015-03, last: 2015-09}", "calibration.levels=null",
    "calibration.waves=1", "calibration.runs=200", "calibration.draws=50", "calibration.tests=20", "figures=false",
)  # fmt: skip
SMALL_WINDOW = (
    "replicates=2",
    "window.start=2022-05-01",
    "window.end=2022-05-31",
    "mechanisms=[presence]",
    "figures=false",
)
SMALL_BACKTEST = ("replicates=3", "resamples=100", "figures=false")
SMALL_SCORECARD = ("replicates=2", "figures=false")
SMALLER = {
    "attribute": SMALL_WINDOW,
    "backtest": SMALL_BACKTEST,
    "calibrate": SMALL_CALIBRATION,
    "compare": SMALL_COMPARISON,
    "explore": ("--cfg", "job"),  # it would serve until interrupted; it has tests of its own
    "run": SMALL,
    "scorecard": SMALL_SCORECARD,
    "sensitivity": SMALL_DESIGN,
    "sweep": SMALL_SWEEP,
    # All of conf/ takes half a minute; other tests compose its scenarios, choices and designs.
    "validate": (str(TOP / "conf" / "evidence"),),
}
# tests/experiments/test_compare_command.py runs all of them.
FEWER = {"evidence=all": ("-m", "evidence=hks2014,smidt"), "all": ("no_withdrawal", "weak_host_force")}
EXAMPLES = re.findall(r"`(my_conf/\S+\.yaml)`[^\n]*:\n\n```yaml\n(.*?)```", README, re.DOTALL)


def blocks(text: str, language: str) -> list[str]:
    """Fenced code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


COMMANDS = [
    line.partition(" #")[0].strip()
    for text in TEXTS.values()
    for block in blocks(text, "sh")
    for line in block.splitlines()
    if line.startswith("atmis ")
]


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    """An empty working folder with the examples of the README in it."""
    _examples(tmp_path)
    monkeypatch.chdir(tmp_path)


def _examples(folder):
    assert len(EXAMPLES) == 2
    for name, text in EXAMPLES:
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def border(tmp_path_factory):
    """A small version of the sweep in the README's example."""
    folder = tmp_path_factory.mktemp("border")
    _examples(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.call("sweep", "--config-dir", "my_conf", "sweep=border", *SMALL_SWEEP).code == 0
    return folder / "results" / "sweep" / "border"


@pytest.fixture
def swept(border):
    """That sweep, in its place in the working folder."""
    shutil.copytree(border, "results/sweep/border")


def test_there_are_commands_and_code():
    assert len(COMMANDS) >= 8
    assert {command.split()[1] for command in COMMANDS} >= {"run", "list", "show", "facts", "validate"}
    assert len(blocks(README, "python")) == 4


def make_comparison(folder: Path) -> None:
    """Make a small comparison in the folder that the README names."""
    assert cli.call("compare", "pause_90_days", "extended", *SMALL, "report=false").code == 0
    (comparison,) = Path("results/compare").glob("*/*")
    comparison.rename(folder)


def small_arguments(command: str) -> list[str]:
    """Arguments of a command, and those that make it small."""
    words = [argument for word in shlex.split(command)[1:] for argument in FEWER.get(word, (word,))]
    return [*words, *SMALLER.get(words[0], ())]


@pytest.mark.parametrize("command", [command for command in COMMANDS if "my_events" not in command])
def test_command(command):
    words = small_arguments(command)
    if words[0] == "report":
        make_comparison(Path(words[1]))
    if words[:2] == ["compare", "results/sweep/spread"]:
        assert cli.call("sweep", "sweep=spread", *FEWER["evidence=all"], *SMALL_DESIGN).code == 0
    result = cli.call(*words)
    assert (result.code, result.err.removeprefix(cli.COMPILING)) == (0, "")
    assert result.out
    runs = len(list(Path().glob("results/run/*/*/manifest.json")))
    assert runs == (0 if words[0] != "run" else 2 if "-m" in words else 1)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("command", sorted({*re.findall(r"`(atmis [^`]+)`", README + CONTRIBUTING)} - {*COMMANDS}))
def test_command_inside_a_sentence(command):
    """Long commands are only composed here: they are run from a block, with other arguments."""
    words = small_arguments(command)
    result = cli.call(*words, *(["--cfg", "job"] if words[0] in ("calibrate", "sensitivity", "sweep") else []))
    assert (result.code, result.err.removeprefix(cli.COMPILING)) == (0, "")


@pytest.fixture(scope="module")
def actual(tmp_path_factory):
    """A small run of the scenario actual."""
    folder = tmp_path_factory.mktemp("actual")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.call("run", "scenario=actual", *SMALL).code == 0
    return next((folder / "results/run/actual").iterdir())


def test_sql(swept):
    """Every statement is run, and finds rows."""
    (block,) = blocks(README, "sql")
    statements = [part for part in block.split(";") if part.strip()]
    assert len(statements) == 5
    for statement in statements:
        assert duckdb.sql(statement).fetchall()


def test_survival_of_bases_counts_falls(actual):
    """Of handed-over bases only: those of the CSV file, counted by hand."""
    with (actual / "bases.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["censored"]]
    bases = pandas.read_parquet(actual / "bases.parquet")
    handed = bases[bases["days_survived"].notna()]
    assert len(handed) == len(rows) > 0
    assert (~handed["censored"].astype(bool)).sum() == sum(row["censored"] == "false" for row in rows)
    assert handed["days_survived"].sum() == sum(int(row["days_survived"]) for row in rows)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("code", blocks(README, "python"))
def test_python(code, capsys, actual):
    shutil.copytree(actual, "results/run/actual/2026-01-31T12-00-00")
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert len(capsys.readouterr().out.splitlines()) == code.count("print(")


def test_example_does_what_it_says():
    result = cli.call("show", "plan", "--config-dir", "my_conf", "scenario=longer_pause", "baseline=actual")
    changed = {"plan.pauses.second_request.days": "120", "plan.phases.phase_3.shares.kenya": "2"}
    for key, value in changed.items():
        assert re.search(rf"^{key} +\S+ +{value} *$", result.out, re.MULTILINE)
    for contingent, troops in (("kenya", "1,333"), ("uganda", "667")):
        assert re.search(rf"^phase_3 +2024-05-01 to 2024-06-30 +{contingent} +{troops} *$", result.out, re.MULTILINE)
    assert "\nDifferences from actual" in result.out
    assert "\nkenya." not in result.out, "it differs in its plan alone"
    assert cli.call("validate", "my_conf").err == ""


EVENTS = (
    "id", "type_of_violence", "dyad_name", "side_a", "side_b", "date_start", "date_end", "where_prec", "country",
    "adm_1", "adm_2", "latitude", "longitude", "best",
)  # fmt: skip


def write_events(file: Path) -> None:
    """Write events 2015 to 2021 in the columns of UCDP GED that are read: one per county every few months."""
    places = {"Mandera": (1, 3.4, 40.7), "Lamu": (1, -2.1, 40.8), "Garissa": (2, -0.5, 40.2), "Wajir": (4, 1.8, 40.0)}
    rows = [list(EVENTS)]
    for number, month in enumerate(f"{year}-{month:02d}" for year in range(2015, 2022) for month in range(1, 13)):
        for name, (every, *at) in places.items():
            if number % every == 0:
                when = f"{month}-07 00:00:00.000"
                dyad = ("Government of Kenya - Al-Shabaab", "Government of Kenya", "Al-Shabaab")
                place = ("1", "Kenya", f"{name} county", "", str(at[0]), str(at[1]))
                rows.append([str(len(rows)), "1", *dyad, when, when, *place, str(len(rows) % 4)])
    file.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")


def test_own_events_and_window():
    """The commands in their order: each reads what the one before wrote."""
    write_events(Path("my_events.csv"))
    own = [command for command in COMMANDS if "my_events" in command]
    assert [command.split()[1] for command in own] == ["data", "calibrate", "backtest"]
    for command in own:
        result = cli.call(*small_arguments(command))
        assert (result.code, result.err.removeprefix(cli.COMPILING)) == (0, "")
    assert "draws 'my_draws' were fitted to months up to 2015-09, before this window" in result.out


def test_table_of_files_is_true():
    table = re.search(r"\| File \| What \|\n\|---\|---\|\n((?:\|.*\n)+)", README)
    assert table is not None
    named = set(re.findall(r"^\| `(\S+)` \|", table[1], re.MULTILINE))
    assert cli.call("run", "replicates=2", "period.end=2022-06-30").code == 0
    folder = next(Path("results/run/planned").iterdir())
    assert {path.name + "/" * path.is_dir() for path in folder.iterdir()} == named
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}
    stems = {path.stem for path in (folder / "figures").iterdir()}
    assert {"troops", "map", "survival", "border"} <= stems


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("name", TEXTS)
def test_named_files_exist(name):
    text = re.sub(r"^```.*?^```", "", TEXTS[name], flags=re.DOTALL | re.MULTILINE)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    coded = [
        word for quoted in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"^[\w./-]+(?:/|\.\w+)$", quoted)
    ]
    results_files = {
        "summary.csv",
        "monthly.parquet",
        "days.parquet",
        "bases.csv",
        "events.parquet",
        "bases.parquet",
        "manifest.json",
        "report.html",
        "comparison.csv",
        "spillover.csv",
        "openings.csv",
        "survival.csv",
        "regret.csv",
        "spread.csv",
        "draws.csv",
        "parameters.csv",
        "patterns.csv",
        "ranks.csv",
        "figures/",
    }
    # CONTRIBUTING.md names modules without their folders.
    places = (TOP, TOP / "model" / "atmis", Path(), Path("results/sweep/border"))
    named = {word for word in [*linked, *coded] if word not in results_files and not word.startswith(("my_", ".venv/"))}
    named -= {word for word in named if re.fullmatch(r"atmis\.\w+|[A-Z]\w+\.\w+\(\)|[\d.]+", word)}
    assert named
    missing = [word for word in named if not any((place / word).exists() for place in places)]
    assert not missing


@pytest.mark.parametrize("name", TEXTS)
def test_named_make_targets_exist(name):
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([a-z]+)\b(?=`|\n)", TEXTS[name]))
    assert {"run", "test"} <= targets or name == "CONTRIBUTING.md"
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_completion_line_works():
    assert 'eval "$(atmis -sc install=bash)"' in README
    assert cli.call("-sc", "install=bash").out.rstrip().endswith("atmis")


def test_results_folder_is_named_as_the_readme_says():
    assert "results/run/<scenario>/<time>/" in README
    assert run.__doc__
