"""The composed configuration that cases share, and the scenarios made by setting values at dotted keys in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atmis.scenario.build import build
from atmis.scenario.errors import InputError, suggest
from atmis.scenario.scenario import Scenario
from atmis.scenario.sweep import Value


@dataclass(frozen=True)
class ScenarioSource:
    """A composed configuration: what cases share before parameters are set."""

    scenario: str
    data: Mapping[str, Any]

    def with_values(self, values: Mapping[str, Value]) -> Scenario:
        """The scenario with some values set. Raises InputError, which names the values, when it is not valid."""
        try:
            return build(apply_values(self.data, values))
        except InputError as error:
            assigned = ", ".join(f"{path}={value}" for path, value in values.items())
            raise InputError(f"{error} (scenario {self.scenario}{' with ' + assigned if assigned else ''})") from None


def apply_values(data: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    """A copy of composed data with values set at dotted keys. Raises InputError when a block does not exist."""
    result = dict(data)
    for path, value in values.items():
        *blocks, last = path.split(".")
        place: Any = result
        for block in blocks:
            if not isinstance(place.get(block), dict):
                hint = suggest(block, place)
                raise InputError(f"sweep.parameters: '{path}': there is no block '{block}'{hint}")
            place[block] = dict(place[block])
            place = place[block]
        place[last] = value
    return _kept(result, values)


def _kept(data: dict[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    """The data with the drawn parameters among some keys noted as set, so that they are not drawn."""
    draws = data.get("draws", {})
    said = [path for path in values if path in draws.get("instead_of", {}) and path not in draws.get("kept", [])]
    return data | {"draws": draws | {"kept": [*draws.get("kept", []), *said]}} if said else data
