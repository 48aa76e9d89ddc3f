"""Whatever stands in a file of YAML, it is a scenario or is refused in one sentence: never another exception.

Mutants are numbered, so that each can be made again; `benchmarks/hostile.py --fuzz 20000` makes many more.
"""

import cli
import fuzz
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from atmis.scenario.build import build
from atmis.scenario.compose import compose
from atmis.scenario.conf_files import EVERY_GROUP
from atmis.scenario.reading import check_user_file


@pytest.fixture
def data(tmp_path):
    """A small scenario as composed."""
    return compose(["scenario=mine"], cli.own_folder(tmp_path / "my"))[0]


def test_mutants_of_files_are_read_or_refused(tmp_path):
    said = [fuzz.read_mutant(number, tmp_path) for number in range(400)]
    assert 100 < sum(map(bool, said)) < 400


def test_mutants_of_files_compose_or_are_refused(tmp_path):
    said = [fuzz.compose_mutant(number, tmp_path / "my") for number in range(15)]
    assert 5 < sum(map(bool, said)) <= 15


def test_mutants_of_data_are_built_or_refused(data):
    data.pop("seed")
    said = [fuzz.build_mutant(number, data) for number in range(200)]
    assert 100 < sum(map(bool, said)) <= 200


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=12,
)
FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@FEW
@given(st.text(max_size=60) | ANYTHING.map(lambda value: yaml.safe_dump(value, allow_unicode=True)))
def test_any_document_is_read_or_refused(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    fuzz.refusal(check_user_file, file, EVERY_GROUP)


@FEW
@given(st.dictionaries(st.sampled_from(["scenario", "period", *EVERY_GROUP]), ANYTHING, max_size=4))
def test_any_data_are_built_or_refused(values):
    assert fuzz.refusal(build, values)
