#!/bin/bash
# Mesa's DataCollector: an agent reporter may be an "Attribute string" (agent_reporters={"wealth": "wealth"}), the form of
# all its examples, and model reporters by attribute name are kept as texts.
# Expected: a model whose reporters are all names of attributes can be pickled, as one whose reporters are functions of a
# module can (to save it on a day, or to send it to a process).
# What happens: Mesa 3.3.1 makes of each name a function within a method (mesa/datacollection.py, _new_agent_reporter),
# which pickle cannot find: the plain name is the one form that cannot be pickled, operator.attrgetter("wealth") can.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/env" && "$folder/env/bin/pip" -q install "mesa==3.3.1" networkx >/dev/null 2>&1
cat >"$folder/collector.py" <<'PYTHON'
import operator
import pickle
import sys

import mesa


class Town(mesa.Model):
    def __init__(self, **reporters):
        super().__init__(rng=1)
        self.size = 3
        self.datacollector = mesa.DataCollector(**reporters)


FORMS = {
    "model reporter by name": {"model_reporters": {"size": "size"}},
    "agent reporter by attrgetter": {"agent_reporters": {"wealth": operator.attrgetter("wealth")}},
    "agent reporter by name": {"agent_reporters": {"wealth": "wealth"}},
}
found = []
print("mesa", mesa.__version__)
for form, reporters in FORMS.items():
    try:
        pickle.dumps(Town(**reporters))
        found.append(True)
        print(form + ": pickled")
    except (AttributeError, pickle.PicklingError) as error:
        found.append(False)
        print(form + ":", str(error)[:80])
sys.exit(found != [True, True, False])
PYTHON
"$folder/env/bin/python" "$folder/collector.py"
# Seen:
# mesa 3.3.1
# model reporter by name: pickled
# agent reporter by attrgetter: pickled
# agent reporter by name: Can't pickle local object 'DataCollector._new_agent_reporter.<locals>.attr_reporter' ...
