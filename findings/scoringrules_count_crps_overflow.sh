#!/usr/bin/env bash
# scoringrules 0.10.0: the CRPS of counts is infinite or NaN from 145 events or so on, without an error.
#
# Expected: crps_poisson(observation, mean) and crps_negbinom(observation, n, p) return the score of any forecast of
# counts, as they do for small ones; a month with 160 events against a forecast of 160 scores about 3.
# Seen: crps_poisson is inf from an observation of 145 (mean 140) or 160 (mean 100) on, NaN from 171 on whatever the
# mean, and NaN for every observation once the mean is 400. crps_negbinom is NaN for n = 10000 (nearly Poisson) even
# where mean and observation are 300. inf and NaN go on into means over months and hide which forecast is better.
# Whoever scores counts larger than a few dozen a month should sum the two distribution functions instead.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check scoringrules==0.10.0 numpy==2.2.6 scipy==1.15.3
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import scoringrules
from scipy import stats


def by_definition(observed, forecast):
    counts = np.arange(5000)
    return float(((forecast.cdf(counts) - (counts >= observed)) ** 2).sum())


print("scoringrules 0.10.0")
same = True
for observed, mean, expected in ((100, 100, "close"), (145, 140, "inf"), (160, 160, "inf"), (171, 100, "nan"), (5, 400, "nan")):
    got = float(scoringrules.crps_poisson(observed, float(mean)))
    exact = by_definition(observed, stats.poisson(mean))
    print(f"crps_poisson({observed}, {mean}) = {got:.4f}; by definition {exact:.4f}")
    seen = "inf" if np.isinf(got) else "nan" if np.isnan(got) else "close" if abs(got - exact) < 1e-4 * exact else "other"
    same &= seen == expected
for size, expected in ((20.0, "close"), (10000.0, "nan")):
    share = size / (size + 300.0)
    got = float(scoringrules.crps_negbinom(300, size, share))
    exact = by_definition(300, stats.nbinom(size, share))
    print(f"crps_negbinom(300, {size:.0f}, {share:.5f}), of mean 300 = {got:.4f}; by definition {exact:.4f}")
    seen = "nan" if np.isnan(got) else "close" if abs(got - exact) < 1e-4 * exact else "other"
    same &= seen == expected
print("as described" if same else "the behaviour has changed")
raise SystemExit(0 if same else 1)
PYTHON
