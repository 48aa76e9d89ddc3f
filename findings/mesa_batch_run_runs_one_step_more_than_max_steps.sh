#!/bin/bash
# Mesa's batch_run: "max_steps (int, optional): Maximum number of model steps after which the model halts".
# Expected: with max_steps=10 a model makes 10 steps, in every version of Mesa 3.
# What happens: Mesa 3.3.1 makes 11 (mesa/batchrunner.py, _model_run_func: while model.running and
# model.steps <= max_steps), and calls the last row Step 10; Mesa 3.5.1 makes 10. Sums over a batch (here of 1 a step)
# differ by a step between versions, and rows called alike are of other days.
set -eu
python=
for candidate in python3.13 python3.12 "$(command -v pyenv >/dev/null && ls "$(pyenv root)"/versions/3.1[2-9]*/bin/python3 2>/dev/null | tail -1)"; do
    [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && python=$candidate && break
done
[ -n "$python" ] || { echo "needs Python 3.12 or later"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/old" && "$folder/old/bin/pip" -q install "mesa==3.3.1" networkx >/dev/null 2>&1
"$python" -m venv "$folder/new" && "$folder/new/bin/pip" -q install "mesa==3.5.1" networkx >/dev/null 2>&1
cat >"$folder/steps.py" <<'PYTHON'
import sys

import mesa


class Count(mesa.Model):
    def __init__(self, rng=None):
        super().__init__(rng=rng)
        self.days = 0
        self.datacollector = mesa.DataCollector(model_reporters={"days": "days"})

    def step(self):
        self.days += 1
        self.datacollector.collect(self)


if __name__ == "__main__":
    (row,) = mesa.batch_run(Count, parameters={}, max_steps=10, display_progress=False)
    print("mesa", mesa.__version__, "max_steps=10: Step", int(row["Step"]), "steps made", row["days"])
    sys.exit(row["days"] != int(sys.argv[1]))
PYTHON
"$folder/old/bin/python" "$folder/steps.py" 11
"$folder/new/bin/python" "$folder/steps.py" 10
# Seen:
# mesa 3.3.1 max_steps=10: Step 10 steps made 11
# mesa 3.5.1 max_steps=10: Step 10 steps made 10
