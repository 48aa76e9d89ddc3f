"""Run a copy of the tree as the package, in plain Python: `tree.py FOLDER`.

Reads commands as JSON from standard input. The last line of the output is JSON: results of the commands, the exit code
of the tests by hand, and the digest of a run that does not set the new parameter.
"""

import importlib.util
import json
import sys
from pathlib import Path

TREE = Path(sys.argv[1])
FOLDERS = {"atmis": "model/atmis", "atmis.conf": "conf", "atmis.experiments": "experiments"}


class Finder:
    """Finds the package in the tree instead of the installed one."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Where a package is in the tree."""
        if name not in FOLDERS:
            return None
        folder = TREE / FOLDERS[name]
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

    request = json.load(sys.stdin)
    answers = [[document.main([]), "", ""], *(list(cli.call(*words)) for words in request["commands"])]
    arguments = [
        "-q",
        "-p",
        "no:cacheprovider",
        str(TREE / "tests/kernel/by_hand/test_attacks.py"),
        "-k",
        "foil or watch",
    ]
    exit_code = int(pytest.main(arguments))
    digest = helpers.digest(helpers.run(helpers.change(helpers.composed(), request["small"]))[1])
    json.dump({"answers": answers, "tested": exit_code, "digest": digest}, sys.stdout)
