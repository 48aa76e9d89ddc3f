"""A finer theatre needs only YAML: a grid of 60 zones, written to a folder, runs without any code."""

from pathlib import Path

import grid
import numpy as np

import atmis


def test_a_grid_of_sixty_zones(tmp_path: Path):
    scenario = grid.load(6, 10, tmp_path, ["period.end=2022-12-31"])
    ensemble = atmis.simulate(scenario, replicates=4, seed=1)
    attacks = ensemble.indicator("attacks").sum(axis=(0, 1))
    assert attacks.shape == (60,)
    assert np.count_nonzero(attacks) > 40
    assert (ensemble.deployed[:, -1] == 0).all()
    assert (ensemble.bases["handed"] >= 0).all()
