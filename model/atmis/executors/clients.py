"""Clients of a Dask cluster, our own on this machine or somebody else's. Either is left within moments."""

import asyncio
import logging
import os
import signal
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from distributed import Client, LocalCluster

from atmis.executors import versions
from atmis.executors.relay import TaskSettings, end
from atmis.scenario.errors import InputError

_CONNECT_SECONDS, _GOODBYE_SECONDS, _KILL_SECONDS = 10, 0.5, 0.05
_WORKERS_SECONDS = 60  # that a cluster without workers has to get one


@asynccontextmanager
async def local(workers: int) -> AsyncIterator[Any]:
    """A client of a new cluster that only this machine can reach."""
    make_cluster: Callable[..., Any] = LocalCluster
    cluster = make_cluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        memory_limit=None,
        silence_logs=logging.CRITICAL,
        scheduler_kwargs={"dashboard": False, "dashboard_address": ":0"},
        asynchronous=True,
    )
    try:
        await cluster
        async with _client(cluster) as client:
            yield client
    finally:
        nannies = list(cluster.workers.values())
        closed = asyncio.ensure_future(cluster.close())
        while not closed.done():  # a worker that is only asked to end would wait seconds for its task
            for nanny in nannies:
                with suppress(ProcessLookupError, TypeError):  # it has no process at this moment
                    os.kill(nanny.pid, signal.SIGKILL)
            await asyncio.wait([closed], timeout=_KILL_SECONDS)


@asynccontextmanager
async def remote(scheduler: str, settings: TaskSettings) -> AsyncIterator[Any]:
    """A client of a running cluster, which goes on after us."""
    client = _client(scheduler, timeout=_CONNECT_SECONDS)
    try:
        try:
            with warnings.catch_warnings():  # about versions that matter to Dask; those that matter here are checked
                warnings.simplefilter("ignore")
                await client
        except OSError:
            raise InputError(f"no Dask scheduler answers at {scheduler}; waited {_CONNECT_SECONDS} s") from None
        try:
            await client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
        except TimeoutError:
            raise InputError(f"the Dask scheduler {scheduler} has no workers; waited {_WORKERS_SECONDS} s") from None
        yield client
        with suppress(Exception):
            await asyncio.wait_for(client.run(end, settings.name, on_error="ignore"), _GOODBYE_SECONDS)
    finally:
        with suppress(OSError):
            await client.close(timeout=_GOODBYE_SECONDS)


async def misfit(client: Any, expected: versions.Versions) -> str:
    """The sentence about a worker whose versions differ from those expected; empty where all fit."""
    told = await client.get_versions(packages=list(versions.PACKAGES))
    for worker, about in sorted(told["workers"].items()):
        differing = versions.difference(versions.of_dask(about), expected)
        if differing:
            return versions.sentence(differing, worker)
    return ""


def _client(cluster: Any, **settings: Any) -> Any:
    """A client that is not connected yet."""
    make_client: Callable[..., Any] = Client
    return make_client(cluster, asynchronous=True, set_as_default=False, **settings)
