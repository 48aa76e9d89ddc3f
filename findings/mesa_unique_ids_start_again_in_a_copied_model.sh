#!/bin/bash
# Mesa: "unique_id is unique relative to a model instance" (mesa/agent.py, Agent).
# Expected: an agent made in a copy of a model (copy.deepcopy, pickle: a branch, or a model that comes back from another
# process) has an id that no other agent of that model has.
# What happens: Mesa 3.3.1 counts ids in a dictionary of the class by model instance (Agent._ids), which no copy takes
# along: the first agent made in a copy has the id 1 again, that of a living agent. What is collected by AgentID then
# mixes two agents, without a word.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/env" && "$folder/env/bin/pip" -q install "mesa==3.3.1" networkx >/dev/null 2>&1
cat >"$folder/ids.py" <<'PYTHON'
import copy
import pickle
import sys

import mesa


class Flock(mesa.Model):
    def __init__(self):
        super().__init__(rng=1)
        mesa.Agent.create_agents(self, 3)


model = Flock()
print("mesa", mesa.__version__, "next id in the model itself:", mesa.Agent(model).unique_id)
doubled = []
for name, branch in (("deepcopy", copy.deepcopy(model)), ("pickle", pickle.loads(pickle.dumps(model)))):
    mesa.Agent(branch)
    ids = [agent.unique_id for agent in branch.agents]
    doubled.append(len(ids) > len(set(ids)))
    print(name, "ids after one more:", ids)
sys.exit(not all(doubled))
PYTHON
"$folder/env/bin/python" "$folder/ids.py"
# Seen:
# mesa 3.3.1 next id in the model itself: 4
# deepcopy ids after one more: [1, 2, 3, 4, 1]
# pickle ids after one more: [1, 2, 3, 4, 1]
