"""The Ray cluster that GANSCOPE_RAY names, and its queues. The only door to Ray: without one it is never imported."""

import contextlib
import socket

import ray
from ray.exceptions import RayError

from demo.backend.jobs import jobs
from demo.backend.runs import queue as run_queue
from demo.backend.work.luggage import pack_job, pack_run
from demo.backend.work.ray_queue import RayQueue

ANSWER_SECONDS = 5.0


def connect(address: str) -> None:
    """Join the cluster at an address, "auto" or HOST:PORT; SystemExit where there is none."""
    if address.startswith("ray://"):
        raise SystemExit(
            "GANSCOPE_RAY must be auto or HOST:PORT: Ray's client (ray://) cannot stream what tasks send. Make "
            "this machine a node without CPUs: ray start --address=HOST:6379 --num-cpus=0, then GANSCOPE_RAY=auto."
        )
    try:
        if address != "auto":
            _knock(address)
        ray.init(address, log_to_driver=False)
    except (OSError, ValueError, RuntimeError, RayError) as error:
        raise SystemExit(f"GANSCOPE_RAY: no cluster could be joined at {address!r}: {error}") from error


def _knock(address: str) -> None:
    """OSError or ValueError where nobody answers: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    with contextlib.closing(socket.create_connection((host, int(port)), ANSWER_SECONDS)):
        pass


def queue_of_runs(cpus: int = 1) -> RayQueue:
    """A queue of training runs, each with so many logical CPUs."""
    return RayQueue(run_queue.ENTRY, cpus, True, run_queue.CLUSTER_STOP_SECONDS, pack_run)


def queue_of_jobs() -> RayQueue:
    """A queue of jobs: each has one logical CPU and a process of its own."""
    return RayQueue(jobs.ENTRY, pack=pack_job)
