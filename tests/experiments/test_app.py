"""Mesa's own viewer shows a Mission: `experiments/app.py`."""

import warnings
from datetime import date
from importlib.util import find_spec

import pytest

if find_spec("solara") is None:
    pytest.skip("the extra atmis[viz] is not installed (Solara): Mesa's viewer was not tried", allow_module_level=True)

with warnings.catch_warnings():  # of Solara and the widgets below it, which are not ours
    warnings.simplefilter("ignore")
    from atmis.experiments import app


def test_the_page_is_made():
    assert type(app.page).__name__ == "Element"


def test_a_watched_mission_collects_what_its_agents_say():
    mission = app.Watched("planned", rng=2)
    for _ in range(5):
        mission.step()
    found = mission.datacollector.get_model_vars_dataframe()
    assert len(found) == 6
    assert found["troops"].iloc[-1] == sum(contingent.deployed for contingent in mission.contingents)
    assert found["attacks"].iloc[-1] == mission.today("attacks")
    assert mission.date == date(2022, 4, 6)


def test_the_page_renders():
    import solara

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        box, context = solara.render(app.page, handle_error=False)
    assert box.children
    context.close()
