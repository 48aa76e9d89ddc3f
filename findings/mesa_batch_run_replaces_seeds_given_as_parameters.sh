#!/bin/bash
# Mesa's batch_run takes model parameters, seeds among them: until Mesa 3.4 seeds were given as
# parameters={"rng": [1, 2, 3]}, so that each row could be run again by its seed.
# Expected: Mesa 3.5 runs the models with these seeds, or says that it does not.
# What happens: batch_run of 3.5.1 has an own argument rng (default None) and puts it over the one in `parameters`,
# without a word (mesa/batchrunner.py, batch_run: kwargs[rng_kwarg_name] = rng_i). The rows are there, as many as seeds
# were given, but rng is None in each, the models drew fresh entropy, and no run can be repeated.
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
cat >"$folder/seeds.py" <<'PYTHON'
import sys

import mesa


class Walk(mesa.Model):
    def __init__(self, rng=None):
        super().__init__(rng=rng)
        self.datacollector = mesa.DataCollector(model_reporters={"first": "first"})
        self.first = None

    def step(self):
        self.first = float(self.rng.random())
        self.datacollector.collect(self)


def rows():
    found = mesa.batch_run(Walk, parameters={"rng": [1, 2, 3]}, max_steps=1, display_progress=False)
    return [(row["rng"], row["first"]) for row in found]


if __name__ == "__main__":
    one, two = rows(), rows()
    print("mesa", mesa.__version__, "seeds in the rows:", [seed for seed, _ in one], "same again:", one == two)
    sys.exit(not (one == two if mesa.__version__ == "3.3.1" else [seed for seed, _ in one] == [None] * 3 and one != two))
PYTHON
"$folder/old/bin/python" "$folder/seeds.py"
"$folder/new/bin/python" "$folder/seeds.py"
# Seen:
# mesa 3.3.1 seeds in the rows: [1, 2, 3] same again: True
# mesa 3.5.1 seeds in the rows: [None, None, None] same again: False
