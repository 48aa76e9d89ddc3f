"""A composed configuration that cases have in common, and the scenarios that values at dotted keys make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atmis.scenario.build import build
from atmis.scenario.errors import InputError, nearest
from atmis.scenario.scenario import Scenario
from atmis.scenario.sweep import Value


@dataclass(frozen=True)
class Source:
    """A composed configuration: what cases have in common before parameters are put in."""

    scenario: str
    data: Mapping[str, Any]

    def with_values(self, values: Mapping[str, Value]) -> Scenario:
        """The scenario of some values. Raises InputError with the values that cannot be."""
        try:
            return build(changed(self.data, values))
        except InputError as error:
            told = ", ".join(f"{path}={value}" for path, value in values.items())
            raise InputError(f"{error} (scenario {self.scenario}{' with ' + told if told else ''})") from None


def changed(data: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    """Composed data with values at dotted keys; what is given stays as it is."""
    made = dict(data)
    for path, value in values.items():
        *blocks, last = path.split(".")
        place: Any = made
        for block in blocks:
            if not isinstance(place.get(block), dict):
                hint = nearest(block, place)
                raise InputError(f"sweep.parameters: '{path}': there is no block '{block}'{hint}")
            place[block] = dict(place[block])
            place = place[block]
        place[last] = value
    return made
