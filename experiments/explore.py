"""atmis explore: serve the explorer, a page in the browser."""

import json
import secrets
import socket
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from atmis.scenario.errors import InputError

from .browser import opened
from .hydra_app import compose_jobs, parse_config_dir, split_names
from .recomposer import Recomposer, concerns_scenario
from .resources import check_memory

_HERE = "127.0.0.1"
_SAVE_IN = "my_conf"  # default folder for saved scenarios


def main(arguments: list[str]) -> int:
    """Serve the page until interrupted."""
    names, words = split_names(arguments)
    config_dir = parse_config_dir(words)
    jobs = compose_jobs(words, "explore")
    if not jobs:
        return 0
    if len(jobs) > 1 or len(names) > 1:
        raise InputError("explore opens one scenario, and at most one folder or view; the page compares it with others")
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise InputError(f"explore needs {' and '.join(missing)}; install them with: pip install 'atmis[explore]'")
    query = _page_query(names[0]) if names else {}
    settings = _check_settings(*jobs[0])
    with listen(settings.port) as listening:
        port, token = listening.getsockname()[1], secrets.token_urlsafe(24)
        address = f"http://{_HERE}:{port}/?{urlencode({**query, 'token': token})}"
        print(f"atmis explore: {address}  (Ctrl-C ends it)", flush=True)
        with opened(address, port, settings.open):
            explorer = build_explorer(*jobs[0], config_dir)
            explorer.token = token
            threading.Thread(target=explorer.warm_up, daemon=True).start()
            build_server(explorer, listening).run(sockets=[listening])
    return 0


def _check_settings(data: dict[str, Any], origin: Any) -> Any:
    """The settings, checked together with the scenario. Raises InputError."""
    from atmis.scenario.build import build_all
    from atmis.scenario.levers import KEPT, ExploreSettings

    scenario, settings = build_all(data, origin, ExploreSettings)
    check_memory([(scenario, settings.replicates)] * KEPT, origin.location_prefix("replicates"))
    return settings


def build_explorer(data: dict[str, Any], origin: Any, config_dir: Path | None) -> Any:
    """The explorer of a composed configuration."""
    from atmis.explore import Explorer, Futures, SaveTarget
    from atmis.scenario.build import build_all
    from atmis.scenario.conf_files import conf_folder, key_of
    from atmis.scenario.levers import ExploreSettings

    settings = build_all(data, origin, ExploreSettings)[1]
    words = [word for word in origin.words if concerns_scenario(word) and key_of(word) != "scenario"]
    save_target = SaveTarget(Path(settings.save_in or config_dir or _SAVE_IN), words)
    folders = [conf_folder(), *([config_dir] if config_dir else [])]
    name = origin.choices["scenario"]
    return Explorer(
        Futures(Recomposer(data, origin, config_dir), settings.levers, folders, name), settings, save_target, name
    )


def _page_query(word: str) -> dict[str, str]:
    """The query of the page's address: a folder, or the view stored in a file."""
    path = Path(word)
    if path.suffix != ".json" or not path.is_file():
        return {"folder": word}
    try:
        view = json.loads(path.read_text(encoding="utf-8"))["atmis_view"]
        return {str(key): str(value) for key, value in view.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{path} holds no view of atmis explore") from None


def listen(port: int) -> socket.socket:
    """A socket that listens on this machine only. Raises InputError when the port cannot be used."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HERE, port))
        listening.listen()  # connections made before the server is ready wait
    except OSError as error:
        listening.close()
        raise InputError(f"port={port} cannot be used: {(error.strerror or str(error)).lower()}") from None
    return listening


def build_server(explorer: Any, listening: socket.socket) -> Any:
    """The server of an explorer on a socket, for whoever knows its token; `run(sockets=[listening])` starts it."""
    import uvicorn

    from atmis.explore import application

    app = application(explorer, int(listening.getsockname()[1]))
    quiet: Any = {"log_level": "warning", "access_log": False}  # addresses hold the token
    return uvicorn.Server(uvicorn.Config(app, **quiet, timeout_graceful_shutdown=1, lifespan="off"))
