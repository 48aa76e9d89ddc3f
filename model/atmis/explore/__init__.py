"""A page in the browser: one run day by day, two futures under the same luck, and what comes of it as YAML.

The page is plain HTML, CSS and JavaScript in `page/`; it computes nothing that the model computes. `server` answers it,
on this machine only.
"""

from atmis.explore.explorer import Explorer
from atmis.explore.futures import Future, Futures
from atmis.explore.saving import Place
from atmis.explore.server import application

__all__ = ["Explorer", "Future", "Futures", "Place", "application"]
