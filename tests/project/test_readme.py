"""What README.md and CONTRIBUTING.md say is true: commands run, code runs, files and folders are there."""

import re
import shlex
import shutil
from pathlib import Path

import cli
import pytest

from atmis.experiments import run

TOP = Path(__file__).resolve().parents[2]
README, CONTRIBUTING = ((TOP / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
TEXTS = {"README.md": README, "CONTRIBUTING.md": CONTRIBUTING}
# What tells a run to be a small one: of a command that says how many replicates, this has the last word.
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
    "explore": ("--cfg", "job"),  # it would answer until interrupted; tests of its own see that it does
    "run": SMALL,
    "scorecard": SMALL_SCORECARD,
    "sensitivity": SMALL_DESIGN,
    "sweep": SMALL_SWEEP,
    # All of conf/ takes half a minute; its scenarios, choices and designs are composed by tests of their own.
    "validate": (str(TOP / "conf" / "evidence"),),
}
# All of them: tests/experiments/test_compare_command.py.
FEWER = {"evidence=all": ("-m", "evidence=hks2014,smidt"), "all": ("no_withdrawal", "weak_host_force")}
EXAMPLES = re.findall(r"`(my_conf/\S+\.yaml)`[^\n]*:\n\n```yaml\n(.*?)```", README, re.DOTALL)


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
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
    """The sweep of the README's example, in small."""
    folder = tmp_path_factory.mktemp("border")
    _examples(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.call("sweep", "--config-dir", "my_conf", "sweep=border", *SMALL_SWEEP).code == 0
    return folder / "results" / "sweep" / "border"


@pytest.fixture
def swept(border):
    """That sweep, at its place in the working folder."""
    shutil.copytree(border, "results/sweep/border")


def test_there_are_commands_and_code():
    assert len(COMMANDS) >= 8
    assert {command.split()[1] for command in COMMANDS} >= {"run", "list", "show", "facts", "validate"}
    assert len(blocks(README, "python")) == 2


def compared(folder: Path) -> None:
    """A small comparison where the README has one."""
    assert cli.call("compare", "pause_90_days", "extended", *SMALL, "report=false").code == 0
    (made,) = Path("results/compare").glob("*/*")
    made.rename(folder)


def smaller(command: str) -> list[str]:
    """The words of a command, and those that make it small."""
    words = [one for word in shlex.split(command)[1:] for one in FEWER.get(word, (word,))]
    return [*words, *SMALLER.get(words[0], ())]


@pytest.mark.parametrize("command", [command for command in COMMANDS if "my_events" not in command])
def test_command(command):
    words = smaller(command)
    if words[0] == "report":
        compared(Path(words[1]))
    if words[:2] == ["compare", "results/sweep/spread"]:
        assert cli.call("sweep", "sweep=spread", *FEWER["evidence=all"], *SMALL_DESIGN).code == 0
    said = cli.call(*words)
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    assert said.out
    runs = len(list(Path().glob("results/run/*/*/manifest.json")))
    assert runs == (0 if words[0] != "run" else 2 if "-m" in words else 1)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("command", sorted({*re.findall(r"`(atmis [^`]+)`", README + CONTRIBUTING)} - {*COMMANDS}))
def test_command_inside_a_sentence(command):
    """Long ones stand in a block with other words, too: here they are composed."""
    words = smaller(command)
    said = cli.call(*words, *(["--cfg", "job"] if words[0] in ("calibrate", "sensitivity", "sweep") else []))
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("code", blocks(README, "python"))
def test_python(code, capsys):
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert len(capsys.readouterr().out.splitlines()) == code.count("print(")


def test_example_does_what_it_says():
    said = cli.call("show", "plan", "--config-dir", "my_conf", "scenario=longer_pause", "baseline=actual")
    changed = {"plan.pauses.second_request.days": "120", "plan.phases.phase_3.shares.kenya": "2"}
    for key, value in changed.items():
        assert re.search(rf"^{key} +\S+ +{value} *$", said.out, re.MULTILINE)
    for contingent, troops in (("kenya", "1,333"), ("uganda", "667")):
        assert re.search(rf"^phase_3 +2024-05-01 to 2024-06-30 +{contingent} +{troops} *$", said.out, re.MULTILINE)
    assert "\nDifferences from actual" in said.out
    assert "\nkenya." not in said.out, "it differs in its plan alone"
    assert cli.call("validate", "my_conf").err == ""


EVENTS = (
    "id", "type_of_violence", "dyad_name", "side_a", "side_b", "date_start", "date_end", "where_prec", "country",
    "adm_1", "adm_2", "latitude", "longitude", "best",
)  # fmt: skip


def my_events(file: Path) -> None:
    """Events in the columns of UCDP GED that count, 2015 to 2021: one in a county every so many months."""
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
    """The commands in their order: each reads what the one before it leaves."""
    my_events(Path("my_events.csv"))
    own = [command for command in COMMANDS if "my_events" in command]
    assert [command.split()[1] for command in own] == ["data", "calibrate", "backtest"]
    for command in own:
        said = cli.call(*smaller(command))
        assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    assert "draws 'my_draws' were fitted to months up to 2015-09, before this window" in said.out


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
def test_files_that_are_named_are_there(name):
    text = re.sub(r"^```.*?^```", "", TEXTS[name], flags=re.DOTALL | re.MULTILINE)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    coded = [
        word for quoted in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"^[\w./-]+(?:/|\.\w+)$", quoted)
    ]
    left = {
        "summary.csv",
        "monthly.parquet",
        "days.parquet",
        "bases.csv",
        "events.parquet",
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
    # CONTRIBUTING.md names modules without the folder they are in.
    places = (TOP, TOP / "model" / "atmis", Path(), Path("results/sweep/border"))
    named = {word for word in [*linked, *coded] if word not in left and not word.startswith(("my_", ".venv/"))}
    named -= {word for word in named if re.fullmatch(r"atmis\.\w+|[A-Z]\w+\.\w+\(\)", word)}
    assert named
    missing = [word for word in named if not any((place / word).exists() for place in places)]
    assert not missing


@pytest.mark.parametrize("name", TEXTS)
def test_make_targets_that_are_named_are_there(name):
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([a-z]+)\b(?=`|\n)", TEXTS[name]))
    assert {"run", "test"} <= targets or name == "CONTRIBUTING.md"
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_completion_line_is_the_one_that_works():
    assert 'eval "$(atmis -sc install=bash)"' in README
    assert cli.call("-sc", "install=bash").out.rstrip().endswith("atmis")


def test_a_run_is_called_what_the_readme_says():
    assert "results/run/<scenario>/<time>/" in README
    assert run.__doc__
