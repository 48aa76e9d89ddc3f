"""Outcomes by which the compiled model and the twin are compared, and the tests of their difference."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp
from twin import Twin

Values = NDArray[np.float64]

COUNTS = (
    "attacks", "attacks_mission_base", "attacks_host_base", "attacks_border_base", "attacks_civilians",
    "attacks_over_border", "foiled", "assaults", "overruns", "deaths_mission", "deaths_host", "deaths_kenya",
    "deaths_civilians", "deaths_group", "recorded_attacks", "recorded_lethal", "recorded_deaths", "recruited",
    "left", "cells_arrived", "returned",
)  # fmt: skip
STOCKS = ("fighters", "displaced", "abroad", "troops_host")


def of_ensemble(ensemble: Any) -> dict[str, Values]:
    """Outcomes of compiled runs, by name: one value for each run."""
    indicators = {name: ensemble.indicator(name) for name in (*COUNTS, *STOCKS, "control")}
    return {
        **_of_indicators(indicators, ensemble.scenario),
        "handed-over bases fallen": (ensemble.base_histories["fell_after"] >= 0).sum(axis=1).astype(float),
        "attacks on the most attacked base": ensemble.base_histories["attacks"].max(axis=1).astype(float),
    }


def of_twins(twins: list[Twin]) -> dict[str, Values]:
    """Outcomes of runs of the twin, by name."""
    indicators = {name: np.stack([twin.indicator(name) for twin in twins]) for name in (*COUNTS, *STOCKS, "control")}
    return {
        **_of_indicators(indicators, twins[0].inputs),
        "handed-over bases fallen": np.array([float(sum(b.fell_after >= 0 for b in t.base_list)) for t in twins]),
        "attacks on the most attacked base": np.array([float(max(b.attacks for b in t.base_list)) for t in twins]),
    }


def of_twin(twin: Twin) -> dict[str, float]:
    """Outcomes of one run of the twin, by name."""
    return {name: float(values[0]) for name, values in of_twins([twin]).items()}


def _of_indicators(indicators: dict[str, Values], scenario: Any) -> dict[str, Values]:
    """Outcomes from indicators [runs, months, zones]."""
    zones = scenario.theatre.zones.values()
    kenyan = np.array([zone.country == "kenya" for zone in zones])
    jubaland = np.array([zone.region == "jubaland" for zone in zones])
    attacks = indicators["attacks"]
    totals = {name.replace("_", " "): indicators[name].sum(axis=(1, 2)) for name in COUNTS}
    return {
        **totals,
        "attacks, Kenyan side": attacks[..., kenyan].sum(axis=(1, 2)),
        "attacks, Jubaland": attacks[..., jubaland].sum(axis=(1, 2)),
        "attacks, variance over months": attacks.sum(axis=2).var(axis=1),
        "attacks, worst month": attacks.sum(axis=2).max(axis=1),
        "control at the end, mean": indicators["control"][:, -1].mean(axis=1),
        **{f"{name.replace('_', ' ')} at the end": indicators[name][:, -1].sum(axis=1) for name in STOCKS},
    }


def p_values(compiled: dict[str, Values], twins: dict[str, Values]) -> dict[str, float]:
    """Two-sample Kolmogorov-Smirnov test of each outcome; a constant that is the same in both passes."""
    return {name: _p_value(values, twins[name]) for name, values in compiled.items()}


def _p_value(one: Values, other: Values) -> float:
    # What is not drawn agrees only up to rounding, which a test of ranks would take for a difference.
    digits = 9 - int(np.floor(np.log10(max(np.abs(one).max(), np.abs(other).max(), 1e-9))))
    return float(ks_2samp(np.round(one, digits), np.round(other, digits)).pvalue)


def holm(p: dict[str, float], alpha: float) -> set[str]:
    """Outcomes that differ, at a family-wise error rate (Holm's method)."""
    differ = set()
    for rank, name in enumerate(sorted(p, key=lambda name: p[name])):
        if p[name] > alpha / (len(p) - rank):
            break
        differ.add(name)
    return differ
