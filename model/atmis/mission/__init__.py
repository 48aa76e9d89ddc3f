"""The Mesa face: `Mission` is a mesa.Model, one step is one day, and its agents are views on the tables of the state.

There is no second implementation: `step` calls the compiled rules of `atmis.kernel.schedule`, so a run by steps, by
cells activated one by one in any order, and by the compiled loop of `atmis.simulate` leaves the same bytes.
"""

from atmis.mission.agents import Base, Cell, Contingent, View, Zone
from atmis.mission.collector import HeadlineCollector
from atmis.mission.model import Mission

__all__ = ["Base", "Cell", "Contingent", "HeadlineCollector", "Mission", "View", "Zone"]
