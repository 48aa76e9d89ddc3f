"""`atmis compare` as users meet it: names, folders, refusals, what is left, exit codes."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import cli
import pyarrow.parquet as pq
import pytest

from atmis.analysis.comparison import COLUMNS
from atmis.storage.files import read_sealed_json, to_sealed_json

SHORT = ("period.end=2022-06-15", "replicates=3")
PLAIN = (*SHORT, "figures=false", "report=false")
NAMES = ("comparison", "spillover", "openings", "survival")
TABLES = {"manifest.json", *(f"{name}{suffix}" for name in NAMES for suffix in (".csv", ".parquet"))}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a run, a sweep of scenarios and a sweep of points."""
    place = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert cli.call("run", "scenario=extended", *PLAIN[:3]).code == 0
        names = "sweep.scenarios=[planned,extended]"
        assert cli.call("sweep", names, "sweep.name=two", *PLAIN[:3]).code == 0
        varied = ("evidence=hks2014,smidt", "sweep.design=list", "sweep.cases=[{host.effect: 0.1}, {host.effect: 0.9}]")
        assert cli.call("sweep", "-m", names, "sweep.name=points", *varied, *PLAIN[:3]).code == 0
    return place


@pytest.fixture(autouse=True)
def _place(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own with the results of `home` in it."""
    (tmp_path / "results").mkdir()
    for kind in ("run", "sweep"):
        shutil.copytree(home / "results" / kind, tmp_path / "results" / kind)
    monkeypatch.chdir(tmp_path)


def fine(*words: str) -> Path:
    """A command that ends well; the folder that it leaves."""
    said = cli.call("compare", *words)
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    folder = Path(next(line for line in said.out.splitlines() if line.startswith("Files")).partition(": ")[2])
    assert (folder / "manifest.json").is_file()
    return folder


def rows(folder: Path, table: str = "comparison") -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(folder: Path) -> dict[str, Any]:
    return read_sealed_json(folder / "manifest.json")


def run() -> str:
    return str(next(Path("results/run/extended").iterdir()))


# --- what is compared ---


def test_what_is_left() -> None:
    folder = fine("extended", *SHORT)
    assert folder.parent == Path("results/compare/planned_and_1_more")
    assert {path.name for path in folder.iterdir()} == TABLES | {"figures", "report.html"}
    assert list(rows(folder)[0]) == list(COLUMNS)
    listed = json.loads((folder / "figures" / "figures.json").read_text(encoding="utf-8"))
    names = ["differences", "months_kenyan_border", "troops", "survival", "fan_extended", "change_extended"]
    assert [one["file"] for one in listed] == names
    files = {f"{name}.{kind}" for name in names for kind in ("png", "svg")} | {"figures.json"}
    assert {path.name for path in (folder / "figures").iterdir()} == files
    assert all(one["title"] and one["caption"] and one["alt"] for one in listed)
    told = manifest(folder)
    assert (told["baseline"], list(told["compared"])) == ("planned", ["planned", "extended"])
    side = told["compared"]["extended"]
    assert {key: side[key] for key in side if key != "config"} == {
        "scenario": "extended", "seed": 1, "replicates": 3, "from_folder": False,
    }  # fmt: skip
    assert side["config"]["plan"]["name"] == "extended"
    assert "theatre" not in side["config"]


def test_the_same_command_leaves_the_same_bytes() -> None:
    one, two = (fine("extended", *SHORT, "report=false", f"workers={workers}") for workers in (1, 2))
    assert one != two
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(names) > 15
    differ = [str(name) for name in names if (one / name).read_bytes() != (two / name).read_bytes()]
    assert differ == ["manifest.json"]  # it tells the time and the words of the command


def test_a_scenario_does_not_differ_from_itself() -> None:
    folder = fine("planned", "planned", *PLAIN)
    found = rows(folder)
    assert {row["scenario"] for row in found} == {"planned (2)"}
    assert {row["baseline"] for row in found} == {"planned"}
    assert {row["verdict"] for row in found} <= {"no difference", "undefined"}
    assert {row["mean_difference"] for row in found} <= {"0", ""}


@pytest.mark.parametrize("kind", ["run", "sweep"])
def test_a_folder_does_not_differ_from_its_scenario(kind: str) -> None:
    folder = run() if kind == "run" else "results/sweep/two"
    left = fine("extended", folder, "baseline=extended", *PLAIN)
    again = [row for row in rows(left) if row["scenario"] == "extended (2)"]
    assert {row["verdict"] for row in again} <= {"no difference", "undefined"}
    told = manifest(left)["compared"]
    assert [told[name]["from_folder"] for name in ("extended", "extended (2)")] == [False, True]


def test_scenarios_of_a_sweep_are_compared() -> None:
    swept, named = fine("results/sweep/two", *PLAIN[2:]), fine("extended", *PLAIN)
    assert rows(swept) == rows(named)
    assert (swept / "comparison.parquet").read_bytes() == (named / "comparison.parquet").read_bytes()


def test_a_folder_can_be_the_baseline() -> None:
    folder = fine("planned", f"baseline={run()}", *PLAIN)
    assert manifest(folder)["baseline"] == "extended"
    assert {(row["scenario"], row["baseline"]) for row in rows(folder)} == {("planned", "extended")}


def test_all_scenarios() -> None:
    said = cli.call("compare", "all", "period.end=2022-04-10", "replicates=1", "figures=false", "report=false")
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    folder = next(Path("results/compare/planned_and_17_more").iterdir())
    assert len({row["scenario"] for row in rows(folder)}) == 17
    assert said.out.count("against") == 0  # one table for all, and not one for each
    told = {line.split()[0]: line for line in said.out.splitlines() if line.split()[:1]}
    assert told["no_withdrawal"].rstrip().endswith(" plan")
    assert told["ras_kamboni_split"].rstrip().endswith(" host.shocks")


def test_what_differs_is_said_of_each_scenario() -> None:
    words = ("haiti_surge", "extended", "planned", "period.end=2022-04-10", "replicates=2", *PLAIN[2:])
    said = cli.call("compare", *words)
    assert [line for line in said.out.splitlines() if line.startswith("What differs")] == [
        "What differs: kenya.haiti.",
        "What differs: plan.",
    ]
    own = cli.call("compare", "planned", "planned", *words[3:])
    assert "\nWhat differs: nothing.\n" in own.out


def test_replicates_in_common_are_compared() -> None:
    folder = fine(run(), *PLAIN, "replicates=5")
    assert {row["replicates"] for row in rows(folder) if row["indicator"] == "attacks"} == {"3"}


# --- folders are called by what they are ---

RAIDS = "opposition.attacks.raids=0.1"


def made(*words: str) -> str:
    """The folder of a run of `planned` with some overrides."""
    before = {*Path("results/run").glob("*/*")}
    assert cli.call("run", *words, *PLAIN[:3]).code == 0
    (folder,) = {*Path("results/run").glob("*/*")} - before
    return str(folder)


def labels(folder: Path) -> list[str]:
    """What is compared, the baseline first."""
    told = manifest(folder)
    assert next(iter(told["compared"])) == told["baseline"]
    return list(told["compared"])


def test_a_folder_with_an_override_is_not_the_scenario_as_it_comes() -> None:
    """It is compared with `planned`, where it was taken for it; the plans of the two are one, the raids are not."""
    folder = fine(made(RAIDS), "extended", *SHORT, "figures=false")
    assert labels(folder) == ["planned", f"planned, {RAIDS}", "extended"]
    told = manifest(folder)["compared"]
    assert [side["from_folder"] for side in told.values()] == [False, True, False]
    assert [side["config"]["opposition"]["attacks"]["raids"] for side in told.values()] == [0.06, 0.1, 0.06]
    plain = fine("extended", *PLAIN)
    assert [row for row in rows(folder) if row["scenario"] == "extended"] == rows(plain)
    page = re.sub(r"<[^>]*>", "", (folder / "report.html").read_text(encoding="utf-8"))
    assert f"Not the plan alone: planned, {RAIDS} differs from planned in opposition.attacks, and" in page
    assert "extended differs from planned in" not in page


def test_a_folder_is_compared_with_its_scenario_as_it_comes() -> None:
    folder = made(RAIDS)
    for words in ((folder,), (f"{folder}/", "baseline=planned")):
        assert labels(fine(*words, *PLAIN)) == ["planned", f"planned, {RAIDS}"]
    said = cli.call("compare", folder, *PLAIN)
    assert "\nWhat differs: opposition.attacks.\n" in said.out
    assert f"planned, {RAIDS}: {folder}, made with {RAIDS}, period.end=2022-06-15\n" in said.out


def test_runs_of_one_scenario_with_other_settings() -> None:
    """Another parameter, none drawn, another reading of the evidence, a number by another name; one as it comes."""
    words = (RAIDS, "draws=none", "evidence=smidt", "scenario.name=mine", "host={effect: 0.1}")
    folders = [made(word) for word in words]
    names = [f"planned, {word}" for word in words]
    names[3] = "mine, scenario.name=mine"
    assert labels(fine(*folders, *PLAIN)) == ["planned", *names]
    assert labels(fine(*folders, f"baseline={folders[1]}/", *PLAIN)) == [names[1], names[0], *names[2:]]
    plain = made()
    assert labels(fine(plain, folders[0], *PLAIN)) == ["planned", names[0]]
    assert labels(fine("planned", "host=weak", f"baseline={plain}", *PLAIN)) == ["planned", "planned, host=weak"]
    assert labels(fine(folders[0], folders[0], *PLAIN)) == ["planned", "planned (2)"]
    assert labels(fine(folders[0], folders[0], plain, *PLAIN)) == ["planned", names[0], f"{names[0]} (2)"]


def test_a_sweep_under_other_settings() -> None:
    """By itself its `planned` is the baseline, for all share its settings; beside others it is not."""
    words = ("sweep.scenarios=[planned,extended]", "sweep.name=weak", "host=weak")
    assert cli.call("sweep", *words, *PLAIN[:3]).code == 0
    assert labels(fine("results/sweep/weak", *PLAIN[2:])) == ["planned", "extended"]
    mixed = fine("results/sweep/weak/", "no_withdrawal", *PLAIN)
    assert labels(mixed) == ["planned", "planned, host=weak", "extended, host=weak", "no_withdrawal"]
    two = fine("results/sweep/weak", "results/sweep/two", *PLAIN)
    assert labels(two) == ["planned", "planned, host=weak", "extended, host=weak", "extended"]
    other = fine("results/sweep/weak", "baseline=no_withdrawal", *PLAIN)
    assert labels(other) == ["no_withdrawal", "planned, host=weak", "extended, host=weak"]
    assert other.parent.name == "no_withdrawal_and_2_more"


def test_an_override_of_the_theatre_is_told_in_the_report() -> None:
    folder = fine(made("theatre.zones.lamu.exposure=3"), *SHORT, "figures=false")
    page = re.sub(r"<[^>]*>", "", (folder / "report.html").read_text(encoding="utf-8"))
    assert "theatre.zones.lamu.exposure=3 differs from planned in theatre.zones" in page


# --- over states of the world ---


def test_a_sweep_of_points() -> None:
    folder = fine("results/sweep/points")
    assert {path.name for path in folder.iterdir()} == TABLES | {
        *("spread.csv", "spread.parquet", "regret.csv", "regret.parquet", "figures", "report.html")
    }
    told = manifest(folder)
    assert told["worlds"] == {"readings": ["hks2014", "smidt"], "points": 2, "varied": ["host.effect"]}
    assert (told["compared"]["extended"]["replicates"], told["compared"]["extended"]["from_folder"]) == (3, True)
    table = pq.read_table("results/sweep/points/summary.parquet").to_pylist()
    attacks = {
        name: [row["attacks_total"] for row in table if row["scenario"] == name] for name in ("planned", "extended")
    }
    row = next(row for row in rows(folder) if (row["indicator"], row["group"]) == ("attacks", "all"))
    assert row["replicates"] == "12"
    assert float(row["mean_baseline"]) == pytest.approx(sum(attacks["planned"]) / 12)
    assert float(row["mean_scenario"]) == pytest.approx(sum(attacks["extended"]) / 12)
    assert {row["quantity"] for row in rows(folder, "spread")} == {"level", "difference"}
    assert {row["world"] for row in rows(folder, "regret")} == {"hks2014", "smidt"}
    assert rows(folder, "spillover") == []
    names = {path.stem for path in (folder / "figures").glob("*.png")}
    assert names == {"differences", "spread", "regret_attacks_kenyan_border", "regret_attacks_jubaland",
                     "regret_deaths_without_group_all"}  # fmt: skip


def test_of_a_sobol_design_only_the_sample_is_compared() -> None:
    """Two base points: four points that are drawn, and others that take all but one parameter from them."""
    small = ("sweep.points=2", "replicates=2", "period.end=2022-04-10", "figures=false")
    assert cli.call("sweep", "sweep=attacks_sobol", *small).code == 0
    cases = pq.read_table("results/sweep/attacks_sobol/summary.parquet", columns=["point"])["point"].unique()
    assert len(cases) == 20
    assert manifest(fine("results/sweep/attacks_sobol", "figures=false"))["worlds"]["points"] == 4
    assert cli.call("sweep", "sweep=screening", *small).code == 0
    said = cli.call("compare", "results/sweep/screening")
    assert (said.code, said.out) == (2, "")
    assert "screens parameters" in said.err


def test_evidence_all_is_every_reading() -> None:
    folder = fine("extended", "evidence=all", "period.end=2022-04-20", *PLAIN[1:])
    told = manifest(folder)["worlds"]
    assert (len(told["readings"]), told["points"], told["varied"]) == (6, 1, [])
    assert {row["readings"] for row in rows(folder, "spread")} == {"6"}


def test_a_command_and_a_sweep_say_the_same() -> None:
    words = ("-m", "evidence=hks2014,smidt", "host.effect=0.1,0.9")
    assert rows(fine("extended", *words, *PLAIN)) == rows(fine("results/sweep/points", *PLAIN[2:]))


# --- refusals ---

TWO = ("-m", "evidence=hks2014,smidt")
REFUSED: dict[str, tuple[tuple[str, ...], ...]] = {
    "nothing": ((), ("needs names", "atmis compare planned extended")),
    "one alone": (("planned",), ("'planned' alone cannot be compared", "baseline=")),
    "no such name": (("extendd",), ("'extendd' is neither a scenario nor a folder", "did you mean 'extended'?")),
    "hostile name": (("=1+1\n<script>",), ("is not of the form key=value",)),
    "hostile folder": (("<script>'\"",), ("is neither a scenario nor a folder",)),
    "no such baseline": (("extended", "baseline=plannd"), ("'plannd' is neither", "did you mean 'planned'?")),
    "several baselines": (("extended", "baseline=results/sweep/two"), ("stands for 2 scenarios", "name one")),
    "a scenario by its key": (("planned", "scenario=extended"), ("'scenario=extended'", "atmis compare extended")),
    "other seeds": (("RUN", "planned", "seed=2", "period.end=2022-06-15"), ("no replicates in common", "(2 and 1)")),
    "other periods": (("RUN", "planned", "baseline=planned"), ("no replicates in common", "periods differ")),
    "no folder of results": (("results",), ("holds neither a finished run nor a sweep", "manifest.json is missing")),
    "damaged run": (("DAMAGED",), ("is damaged",)),
    "run by other rules": (("OLD",), ("with other rules than these", "run it again")),
    "comparison": (("COMPARISON",), ("neither a run of atmis run nor a sweep",)),
    "unfinished sweep": (("UNFINISHED",), ("is not finished", "atmis resume")),
    "damaged sweep": (("BROKEN",), ("study.json is damaged",)),
    "sweep by other rules": (("STALE",), ("with other rules than these", "sweep again")),
    "sweep with failures": (("FAILED",), ("2 of its runs failed", "failures.csv")),
    "damaged table of a sweep": (("TORN",), ("summary.parquet: is damaged", "atmis resume")),
    "baseline not in the sweep": (("results/sweep/points", "baseline=actual"), ("no scenario 'actual'",)),
    "points beside others": (("results/sweep/points", "extended"), ("several points of a design", "name it alone")),
    "other overrides": (("RUN", "evidence=smidt", "period.end=2022-06-15"), ("was made without evidence=smidt",)),
    "seeds that vary": (("extended", "-m", "seed=1,2"), ("seed cannot vary within a comparison",)),
    "folders where choices vary": (("RUN", "planned", *TWO), ("only scenarios can be named",)),
    "other periods where choices vary": (("history", *TWO), ("no replicates in common", "periods differ")),
    "too much for memory where choices vary": (("extended", "replicates=1000000", "host=all"), ("GB of memory",)),
    "unknown choice": (("extended", "evidence=none"), ("evidence", "none")),
    "no place for results": (("extended", "results=a_file"), ("cannot be written", "override 'results=a_file'")),
    "too much for memory": (("extended", "replicates=1000000"), ("GB of memory", "at most")),
    "unknown key": (("extended", "replicats=3"), ("replicats", "did you mean 'replicates'?")),
}  # fmt: skip


def _made(name: str) -> str:
    """A folder in which something is wrong."""
    if name == "RUN":
        return run()
    if name in ("DAMAGED", "OLD"):
        path = Path(run()) / "manifest.json"
        _change(path, source_hash="another") if name == "OLD" else path.write_text("{}", encoding="utf-8")
        return run()
    if name == "COMPARISON":
        return str(fine("extended", *PLAIN))
    folder = Path("results/sweep", "points" if name == "TORN" else "two")
    match name:
        case "UNFINISHED":
            (folder / "manifest.json").unlink()
        case "BROKEN":
            (folder / "study.json").write_text("{", encoding="utf-8")
        case "STALE":
            _change(folder / "manifest.json", code="another")
        case "FAILED":
            runs = read_sealed_json(folder / "manifest.json")["runs"]
            _change(folder / "manifest.json", failed=2, runs=runs - 2)
        case "TORN":
            (folder / "summary.parquet").write_bytes(b"PAR1")
    return str(folder)


def _change(path: Path, **values: Any) -> None:
    """A manifest that says something else, with its right hash."""
    path.write_bytes(to_sealed_json({**read_sealed_json(path), **values}))


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_compared_is_refused_in_one_sentence(case: str) -> None:
    words, parts = REFUSED[case]
    Path("a_file").write_text("", encoding="utf-8")
    made = [_made(word) if word.isupper() else word for word in words]
    before = cli.paths_below(Path())
    said = cli.call("compare", *made)
    assert (said.code, said.out) == (2, "")
    line = said.err.removeprefix(cli.COMPILING)
    assert line.startswith("atmis: ")
    assert line.count("\n") == 1
    assert "Traceback" not in line
    for part in parts:
        assert part in line
    assert cli.paths_below(Path()) == before


def test_composed_configuration_is_printed() -> None:
    said = cli.call("compare", "planned", "extended", "--cfg", "job", "--package", "evidence")
    assert said.code == 0
    assert "hks2014" in said.out
    assert not Path("results/compare").exists()


def test_words_are_told_apart() -> None:
    from atmis.experiments.hydra_app import expand_all, split_names

    words = ["planned", "-cd", "mine", "seed=1", "a b", "--cfg", "job", "~plan.pauses", "-m", "x"]
    assert split_names(words) == (
        ["planned", "a b", "x"], ["-cd", "mine", "seed=1", "--cfg", "job", "~plan.pauses", "-m"],
    )  # fmt: skip
    assert expand_all(["host=all", "plan=all"]) == ["host=reference,strong,weak", "plan=all", "-m"]
    assert expand_all(["host=weak"]) == ["host=weak"]
