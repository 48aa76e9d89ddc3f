"""The explorer, a page in the browser: one run day by day, two futures with the same random draws, scenarios as YAML.

The page is plain HTML, CSS and JavaScript in `page/`; it computes nothing that the model computes. `server` answers
its requests, on this machine only.
"""

from atmis.explore.explorer import Explorer
from atmis.explore.futures import Future, Futures
from atmis.explore.saving import SaveTarget
from atmis.explore.server import application

__all__ = ["Explorer", "Future", "Futures", "SaveTarget", "application"]
