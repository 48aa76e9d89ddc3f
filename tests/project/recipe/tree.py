"""Runs a copy of the tree as the package, in plain Python: `tree.py FOLDER`.

Reads commands as JSON, writes answers in the last line: exit codes, what was printed, the exit code of the cases by
hand, the digest of a run that does not set the new parameter.
"""

import importlib.util
import json
import sys
from pathlib import Path

TREE = Path(sys.argv[1])
PLACES = {"atmis": "model/atmis", "atmis.conf": "conf", "atmis.experiments": "experiments"}


class Finder:
    """Finds the package in the tree, where pip would find it installed."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """The place of a package in the tree."""
        if name not in PLACES:
            return None
        folder = TREE / PLACES[name]
        return importlib.util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )


if __name__ == "__main__":
    sys.meta_path.insert(0, Finder)
    sys.path.insert(0, str(TREE / "tests" / "support"))
    import cli
    import helpers
    import pytest

    from atmis.experiments import document

    asked = json.load(sys.stdin)
    answers = [[document.main([]), "", ""], *(list(cli.call(*words)) for words in asked["commands"])]
    by_hand = [
        "-q",
        "-p",
        "no:cacheprovider",
        str(TREE / "tests/kernel/by_hand/test_attacks.py"),
        "-k",
        "foil or watch",
    ]
    tested = int(pytest.main(by_hand))
    digest = helpers.digest(helpers.run(helpers.change(helpers.composed(), asked["small"]))[1])
    json.dump({"answers": answers, "tested": tested, "digest": digest}, sys.stdout)
