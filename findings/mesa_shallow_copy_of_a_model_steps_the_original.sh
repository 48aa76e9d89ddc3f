#!/bin/bash
# copy.copy of a Mesa model: another object, which shares what the model holds.
# Expected: copy.step() steps the copy (its counters, which are plain integers, move; those of the original do not).
# What happens: Model.__init__ stores the bound method self._wrapped_step in the instance (mesa/model.py), which the copy
# takes along: copy.step() steps the original, and the copy stands still, without a word. So in Mesa 3.3.1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/env" && "$folder/env/bin/pip" -q install "mesa==3.3.1" networkx >/dev/null 2>&1
cat >"$folder/shallow.py" <<'PYTHON'
import copy
import sys

import mesa


class Count(mesa.Model):
    def __init__(self):
        super().__init__(rng=1)
        self.days = 0

    def step(self):
        self.days += 1


original = Count()
branch = copy.copy(original)
for _ in range(5):
    branch.step()
print("mesa", mesa.__version__, "five steps of the copy: original", original.days, original.steps, "copy", branch.days, branch.steps)
sys.exit((original.days, branch.days) != (5, 0))
PYTHON
"$folder/env/bin/python" "$folder/shallow.py"
# Seen:
# mesa 3.3.1 five steps of the copy: original 5 5 copy 0 0
