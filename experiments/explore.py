"""atmis explore: a page in the browser."""

import json
import socket
import threading
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from atmis.scenario.errors import InputError

from .composing import Composing, concerns_scenario
from .hydra_app import composed, names_apart, own_folder
from .room import check_memory

_HERE = "127.0.0.1"
_OWN = "my_conf"  # where scenarios are saved when nothing is said


def main(arguments: list[str]) -> int:
    """Answer the page until interrupted."""
    names, words = names_apart(arguments)
    own = own_folder(words)
    jobs = composed(words, "explore")
    if not jobs:
        return 0
    if len(jobs) > 1 or len(names) > 1:
        raise InputError("explore opens one scenario, and at most one folder or view; the page compares it with others")
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise InputError(f"explore needs {' and '.join(missing)}; install them by: pip install 'atmis[explore]'")
    asked = _asked(names[0]) if names else {}
    settings = _checked(*jobs[0])
    with listening_on(settings.port) as listening:
        address = f"http://{_HERE}:{listening.getsockname()[1]}/{'?' if asked else ''}{urlencode(asked)}"
        print(f"atmis explore: {address}  (Ctrl-C ends it)", flush=True)
        if settings.open:  # it waits for the answer while the rest is loaded
            threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
        explorer = made(*jobs[0], own)
        threading.Thread(target=explorer.warm_up, daemon=True).start()
        server(explorer, listening).run(sockets=[listening])
    return 0


def _checked(data: dict[str, Any], origin: Any) -> Any:
    """The settings, checked together with the scenario. Raises InputError."""
    from atmis.scenario.build import build_all
    from atmis.scenario.levers import KEPT, ExploreSettings

    scenario, settings = build_all(data, origin, ExploreSettings)
    check_memory([(scenario, settings.replicates)] * KEPT, origin.lead("replicates"))
    return settings


def made(data: dict[str, Any], origin: Any, own: Path | None) -> Any:
    """The explorer of a composed configuration."""
    from atmis.explore import Explorer, Futures, Place
    from atmis.scenario.build import build_all
    from atmis.scenario.conf_files import conf_folder, key_of
    from atmis.scenario.levers import ExploreSettings

    settings = build_all(data, origin, ExploreSettings)[1]
    words = [word for word in origin.words if concerns_scenario(word) and key_of(word) != "scenario"]
    place = Place(Path(settings.save_in or own or _OWN), words)
    folders = [conf_folder(), *([own] if own else [])]
    name = origin.choices["scenario"]
    return Explorer(Futures(Composing(data, origin, own), settings.levers, folders, name), settings, place, name)


def _asked(word: str) -> dict[str, str]:
    """What the address of the page says: a folder, or the view that a file holds."""
    path = Path(word)
    if path.suffix != ".json" or not path.is_file():
        return {"folder": word}
    try:
        view = json.loads(path.read_text(encoding="utf-8"))["atmis_view"]
        return {str(key): str(value) for key, value in view.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(f"{path} holds no view of atmis explore") from None


def listening_on(port: int) -> socket.socket:
    """A socket on this machine only."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((_HERE, port))
        made.listen()  # who comes before the server is ready waits
    except OSError as error:
        made.close()
        raise InputError(f"port={port} cannot be listened on: {(error.strerror or str(error)).lower()}") from None
    return made


def server(explorer: Any, listening: socket.socket) -> Any:
    """What answers on a socket; `run(sockets=[listening])` begins."""
    import uvicorn

    from atmis.explore import application

    made = application(explorer, int(listening.getsockname()[1]))
    return uvicorn.Server(uvicorn.Config(made, log_level="warning", timeout_graceful_shutdown=1, lifespan="off"))
