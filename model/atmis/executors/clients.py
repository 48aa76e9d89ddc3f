"""Ways to a Dask cluster: one of our own on this machine, or one of somebody else. Both are left within a moment."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from distributed import Client, LocalCluster

from atmis.executors.relay import Order, end
from atmis.scenario.errors import InputError

_CONNECT_SECONDS, _GOODBYE_SECONDS, _KILL_SECONDS = 10, 0.5, 0.05
_WORKERS_SECONDS = 60  # that a cluster without workers gets to have one


@asynccontextmanager
async def local(workers: int) -> AsyncIterator[Any]:
    """A client of a cluster of its own, that only this machine can reach."""
    cluster: Any = LocalCluster(
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
        async with Client(cluster, asynchronous=True, set_as_default=False) as client:
            yield client
    finally:
        nannies = list(cluster.workers.values())
        closed = asyncio.ensure_future(cluster.close())
        while not closed.done():  # only asked to end, a worker would wait seconds for its task
            for nanny in nannies:
                with suppress(ProcessLookupError, TypeError):  # it has no process at this moment
                    os.kill(nanny.pid, signal.SIGKILL)
            await asyncio.wait([closed], timeout=_KILL_SECONDS)


@asynccontextmanager
async def remote(scheduler: str, order: Order) -> AsyncIterator[Any]:
    """A client of a cluster that goes on after us."""
    client: Any = Client(scheduler, timeout=_CONNECT_SECONDS, asynchronous=True, set_as_default=False)
    try:
        try:
            await client
        except OSError:
            raise InputError(f"no Dask scheduler answers at {scheduler}; waited {_CONNECT_SECONDS} s") from None
        try:
            await client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
        except TimeoutError:
            raise InputError(f"the Dask scheduler {scheduler} has no workers; waited {_WORKERS_SECONDS} s") from None
        yield client
        with suppress(Exception):
            await asyncio.wait_for(client.run(end, order.name, on_error="ignore"), _GOODBYE_SECONDS)
    finally:
        with suppress(OSError):
            await client.close(timeout=_GOODBYE_SECONDS)
