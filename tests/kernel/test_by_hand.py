"""Every rule against cases computed on paper: tests/kernel/by_hand, run as plain Python.

Compiled, each rule called from a test would cost seconds of compilation; test_same_bytes.py asserts that plain Python
and machine code give the same bytes.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_cases_computed_by_hand() -> None:
    command = [sys.executable, "-m", "pytest", "tests/kernel/by_hand", "-q", "-p", "no:cacheprovider"]
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"\n{done.stdout}\n{done.stderr}"
