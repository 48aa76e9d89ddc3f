"""Arguments for small sweeps of a user's own scenario."""

import cli

A, B = "opposition.attacks.raids", "opposition.excitation.branching"
RANGES = f"{{{A}: {{low: 0.0, high: 0.5}}, {B}: {{low: 0.0, high: 0.6}}}}"
MINE = ("--config-dir", "my", "scenario=mine", "period.end=2022-05-10", "replicates=3", "workers=1", "figures=false")
OTHER = cli.SCENARIO.replace("name: mine", "name: other") + "\nopposition:\n  attacks:\n    coordination: 0.9\n"
