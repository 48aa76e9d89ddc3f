"""A Mission in Mesa's own viewer: `solara run experiments/app.py`, with the extra atmis[viz].

`atmis explore` shows far more; this is for those who know Mesa and want to build on its viewer.
"""

from mesa import DataCollector
from mesa.visualization import SolaraViz, make_plot_component

from atmis import Mission


class Watched(Mission):
    """A mission whose daily counts are collected by Mesa."""

    def __init__(self, inputs: str = "actual", rng: int = 1) -> None:
        super().__init__(inputs, rng=rng)
        self.datacollector = DataCollector(
            {
                "attacks": lambda mission: mission.today("attacks"),
                "deaths": lambda mission: mission.today("deaths"),
                "troops": lambda mission: sum(contingent.deployed for contingent in mission.contingents),
                "bases handed over": lambda mission: sum(base.handed_over is not None for base in mission.bases),
            }
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Simulate one day and collect its counts."""
        super().step()
        self.datacollector.collect(self)


CHOICES = {
    "inputs": {"type": "Select", "value": "actual", "values": ["actual", "planned", "extended"], "label": "Scenario"},
    "rng": {"type": "SliderInt", "value": 1, "min": 1, "max": 100, "label": "Seed"},
}

page = SolaraViz(
    Watched(),
    components=[make_plot_component(name) for name in ("attacks", "deaths", "troops", "bases handed over")],
    model_params=CHOICES,
    name="The drawdown of ATMIS",
)
