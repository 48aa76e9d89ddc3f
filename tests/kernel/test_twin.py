"""The compiled model against its twin in plain Mesa, which was written from the ODD alone (benchmarks/twin.py).

Where nothing is drawn the two agree up to rounding. Where something is drawn they agree in distribution, by two-sample
Kolmogorov-Smirnov tests with fixed seeds, so that a test always passes or always fails. With new seeds the chance of a
false alarm would be 10⁻⁴ a test.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import atmis
from atmis.kernel import recorder
from atmis.runs.ensemble import Ensemble, simulate
from atmis.scenario.scenario import Scenario

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from compare import holm, of_ensemble, of_twins, p_values
from twin import Twin

FALSE_ALARM = 1e-4
TWIN_RUNS, COMPILED_RUNS = 18, 300
OUTCOMES_AT_LEAST = 20

# Each has a mechanism of its own; the other scenarios differ from these only in numbers.
SCENARIOS = (
    "actual", "aussom", "cliff_edge", "full_border_redeployment", "history", "offensive_in_jubaland", "pause_90_days",
    "ras_kamboni_split",
)  # fmt: skip
NO_CELLS = ["opposition.cells.fighters=0"]
LATE = ["period.start=2023-08-01", "period.end=2024-02-29"]
# Phase 1 lies before such a start and takes effect on day 0; phase 2 (17 to 30 September) lies inside.
# Without tempo runs vary less, so that smaller differences between the two programs show.
STEADY = ["opposition.tempo.spread=0"]
SLIPPING = "+plan.slips.late={phase: phase_2, days: 40, class: assumed, source: [judgement]}"
SHOCK = (
    "+host.shocks.rift={name: Rift, date: 2023-11-01, force: federal_army, troops: 4500, readiness: 0.5, "
    "class: assumed, source: [judgement]}"
)
INCIDENTS = [
    f"+plan.incidents.{base}={{base: {base}, date: 2023-09-20, killed: 40, abandoned: {abandoned}, "
    "class: assumed, source: [judgement]}"
    for base, abandoned in (("geriley", "false"), ("dhobley", "false"), ("tabda", "true"))
]
HOLDING = [
    "plan.rules.quiet_in_jubaland.when.above=24",
    "plan.rules.quiet_in_jubaland.at_most_days=60",
]
MECHANISMS = [
    "plan=conditions_based",
    *HOLDING,
    "evidence=smidt",
    "evidence.spike=2",
    "evidence.neighbours=0.5",
    "evidence.civilians=0.5",
    "opposition.attacks.spoiling=2",
    "opposition.assault.newly_held=3",
    "opposition.assault.massing=0.1",
    "opposition.relocation.rate=0.01",
    "opposition.relocation.recall=0.05",
    "opposition.response.rest_share=0.1",
    "plan.redeployment.share=0.8",
    "kenya.reopening.unconditional=true",
    "period.start=2023-07-01",
    "period.end=2023-12-31",
]


def assert_same_distributions(scenario: Scenario) -> None:
    """Fail with the outcomes in which the two programs differ."""
    compiled = of_ensemble(simulate(scenario, COMPILED_RUNS, seed=11))
    twins = of_twins([Twin(scenario, rng=70_000 + k).run() for k in range(TWIN_RUNS)])
    p = p_values(compiled, twins)
    assert len(p) >= OUTCOMES_AT_LEAST
    differ = holm(p, FALSE_ALARM)
    assert not differ, [
        f"{name}: compiled {compiled[name].mean():.6g}, twin {twins[name].mean():.6g}, p = {p[name]:.1e}"
        for name in differ
    ]


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("planned", ["period.start=2022-07-01", "period.end=2023-01-31"]),  # an offensive begins; phase 1
        ("planned", [*LATE, *STEADY]),
        ("planned", [*MECHANISMS, *STEADY]),
    ],
    ids=["phase_1", "phase_2", "mechanisms_that_are_off"],
)
def test_the_twin_has_the_same_distributions(name: str, overrides: list[str]) -> None:
    assert_same_distributions(load(name, overrides))


def load(name: str, overrides: Sequence[str]) -> Scenario:
    """A scenario without draws: the twin has none."""
    return atmis.load(name, ["draws=none", *overrides])


def assert_equal(scenario: Scenario) -> tuple[Ensemble, Twin]:
    """Fail unless the two agree up to rounding in the records by month and by day, and in the bases at the end."""
    compiled, twin = simulate(scenario, 1, workers=1), Twin(scenario, rng=1).run()
    for name, _, _ in recorder.INDICATORS:
        np.testing.assert_allclose(
            twin.indicator(name), compiled.indicator(name)[0], rtol=1e-9, atol=1e-9, err_msg=name
        )
    deployed = [[day[name] for name in scenario.theatre.contingents] for day in twin.days]
    np.testing.assert_array_equal(deployed, compiled.deployed[0])
    could_open = compiled.days["could_open"][0] > 0
    np.testing.assert_array_equal([day["could_open"] for day in twin.days], could_open)
    for name in ("ceiling", "open_segments"):
        np.testing.assert_array_equal([day[name] for day in twin.days], compiled.days[name][0], err_msg=name)
    for name in ("garrison", "readiness", "handed"):
        ours = [float(getattr(base, name)) for base in twin.base_list]
        np.testing.assert_allclose(ours, compiled.bases[name][0], rtol=1e-9, atol=1e-9, err_msg=name)
    for name in ("authorised", "deployed", "withdrawn", "killed"):
        ours = [getattr(contingent, name) for contingent in twin.contingents.values()]
        np.testing.assert_array_equal(ours, compiled.contingents[name][0], err_msg=name)
    return compiled, twin


@pytest.mark.parametrize("name", SCENARIOS)
def test_without_cells_the_twin_agrees_to_rounding(name: str) -> None:
    short = ["period.end=2017-06-30"] if name == "history" else []  # all three incidents lie before
    assert_equal(load(name, [*NO_CELLS, *short]))


def test_without_cells_the_twin_agrees_in_what_no_scenario_has() -> None:
    compiled, _ = assert_equal(load("planned", [*NO_CELLS, *LATE, SLIPPING, SHOCK, *INCIDENTS]))
    assert compiled.contingents["killed"].sum() == 80  # of three incidents, one is at a base handed over before
    assert_equal(load("actual", [*NO_CELLS, "period.start=2025-02-01"]))  # the successor is there from day 0


def test_a_difference_is_detected() -> None:
    changes = ["opposition.attacks.rate=0.009", "opposition.severity.host_base.median=4"]
    first, second = load("planned", [*LATE, *STEADY]), load("planned", [*LATE, *STEADY, *changes])
    runs, other_runs = simulate(first, COMPILED_RUNS, seed=11), simulate(second, TWIN_RUNS, seed=12)
    assert {"attacks", "deaths host"} <= holm(p_values(of_ensemble(runs), of_ensemble(other_runs)), FALSE_ALARM)
