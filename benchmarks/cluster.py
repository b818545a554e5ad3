"""Many runs on a Ray cluster of several node processes on this machine: what is lost, what waits, what it costs.

    python -m benchmarks.cluster --runs 200 --cancelled 20
    python -m benchmarks.cluster --paper --overhead 0.5

The nodes say that they have two logical CPUs each, whatever the machine has. In the middle one is killed. All runs
are submitted at once, each by another owner. `--paper` starts nothing: it computes how long students wait.
"""

import argparse
import glob
import heapq
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.backend.runs.queue import NICENESS, Runs
from demo.backend.work.process import ChildProcess
from gan.models.registry import WEIGHTS_FILE
from gan.settings.config import TrainConfig

NODE = {"num_cpus": 2, "include_dashboard": False, "object_store_memory": 200 * 2**20}
SMALL = {"data": "glyphs", "limit": 256, "width": 8, "batch": 16}
EMPTY = 100
STUDENTS, STUDENT_SECONDS, NODE_CPUS = 200, 60.0, 4


def nothing(pipe) -> None:
    """Work that ends at once."""
    pipe.recv()
    pipe.send(("done", None))


@contextmanager
def cluster_of_two() -> Iterator[tuple[object, list]]:
    """(the cluster, its two nodes): a head without CPUs, and two nodes."""
    os.environ |= {"RAY_AUTH_MODE": "disabled", "PYTHONPATH": str(Path(__file__).parents[1])}
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args=NODE | {"num_cpus": 0})
    nodes = [cluster.add_node(**NODE) for _ in range(2)]
    ray.init(address=cluster.address, log_to_driver=False)
    yield cluster, nodes
    ray.shutdown()
    cluster.shutdown()


def overhead_of_empty_tasks() -> list[float]:
    """Seconds that a piece of work takes which does nothing, one after another."""
    from demo.backend.work.ray_queue import RayQueue

    queue, took = RayQueue("benchmarks.cluster.nothing", listens=True), []
    for _ in range(EMPTY):
        began = time.perf_counter()
        last = [message for message in queue.messages(queue.submit(None)) if message][-1]
        assert last == ("done", None), last
        took.append(time.perf_counter() - began)
    queue.close()
    return took


def train_many(folder: Path, cluster, nodes: list, count: int, cancelled: int, seconds: float) -> None:
    from demo.backend.work.cluster import queue_of_runs

    runs = Runs(folder, cluster=queue_of_runs())
    began, ends, started = time.perf_counter(), {}, {}
    all_runs = [
        runs.start(TrainConfig(**SMALL, seconds=seconds, seed=seed), f"student {seed}")
        for seed in range(count)
    ]
    for run in all_runs:
        run.count_watcher(1)
    last, places, memory, stopped = all_runs[-1], [], [], {}
    chosen, killed = all_runs[count // 4 :: max(1, count // 2 // max(cancelled, 1))][:cancelled], None
    while len(ends) < count:
        now = time.perf_counter() - began
        for run in all_runs:
            if run.state in ("starting", "running") and run.id not in started:
                started[run.id] = now
            if run.over and run.id not in ends:
                ends[run.id] = now
        if not stopped and len(ends) >= count // 8:
            for run in chosen:
                runs.stop(run)
                stopped[run.id] = now
        if killed is None and len(ends) >= count // 2:
            killed = now
            cluster.remove_node(nodes[1], allow_graceful=False)
        if not places or places[-1][1] != runs.place(last):
            places.append((now, runs.place(last)))
        if len(memory) < 1 + 8 * len(ends) // count:
            memory.append(resident(os.getpid()))
        time.sleep(0.05)
    states = Counter(run.state for run in all_runs)
    print(
        f"{count} runs of {seconds:g} s: {dict(states)} in {max(ends.values()):.0f} s; {killed=:.0f} s"
    )
    finished = [run for run in all_runs if run.state == "finished"]
    kept = sum((run.folder / WEIGHTS_FILE).is_file() for run in finished)
    print(f"finished with weights at home: {kept} of {len(finished)}")
    print(
        f"went on elsewhere: {sum(bool(run.notes) for run in all_runs)}; failed: {failures(all_runs)}"
    )
    took = [ends[run.id] - stopped[run.id] for run in chosen]
    print(
        f"cancelled {len(took)}: {Counter(run.state for run in chosen)}, ended within {max(took):.2f} s"
    )
    print(f"place of the last one: {[place for _, place in places][:: max(1, len(places) // 20)]}")
    undisturbed = [run for run in finished if not run.notes and run.id in started]
    spent = [ends[run.id] - started[run.id] - run.points[-1]["seconds"] for run in undisturbed]
    print(f"a run's time on its CPU beyond training: median {statistics.median(spent):.2f} s")
    print(f"memory of the server, MB, at each eighth of the runs: {[round(each) for each in memory]}")
    runs.close()


def failures(runs: list) -> list[str]:
    return [run.message for run in runs if run.state == "failed"]


def resident(process: int) -> float:
    """Its memory in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def waits(slots: int, overhead: float, within: float) -> list[float]:
    """How long each of `STUDENTS` waits who press Train evenly `within` so many seconds, with `slots` runs at once."""
    free, waited = [0.0] * slots, []
    for student in range(STUDENTS):
        asked = within * student / STUDENTS
        begins = max(asked, heapq.heappop(free))
        heapq.heappush(free, begins + STUDENT_SECONDS + overhead)
        waited.append(begins - asked)
    return waited


def paper(overhead: float) -> None:
    """The table of docs/hosting.md."""
    print(
        f"| nodes of {NODE_CPUS} CPUs | all at once: median, last | within five minutes: median, longest |"
    )
    print("|---|---|---|")
    for nodes in (1, 2, 5, 10, 25, 50):
        cells = []
        for within in (0.0, 300.0):
            waited = waits(nodes * NODE_CPUS, overhead, within)
            cells.append(f"{statistics.median(waited):.0f} s, {max(waited):.0f} s")
        print(f"| {nodes} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--cancelled", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--paper", action="store_true")
    parser.add_argument("--overhead", type=float, default=1.0, help="of a run, for --paper")
    options = parser.parse_args()
    if options.paper:
        return paper(options.overhead)
    # Once, or all first runs would draw the data.
    ChildProcess("demo.workers.train.cache_default_data", NICENESS).start().process.join()
    with cluster_of_two() as (cluster, nodes), tempfile.TemporaryDirectory() as folder:
        took = overhead_of_empty_tasks()
        print(
            f"an empty task: median {statistics.median(took) * 1000:.0f} ms, p95 {sorted(took)[-6] * 1000:.0f} ms"
        )
        train_many(Path(folder), cluster, nodes, options.runs, options.cancelled, options.seconds)
    time.sleep(3.0)
    print(f"processes of Ray that are left: {ray_processes()}")
    print(f"folders that are left: {glob.glob(tempfile.gettempdir() + '/ganscope-node-*')}")


def ray_processes() -> list[str]:
    names = [
        Path(path).read_bytes().split(b"\0")[0].decode() for path in glob.glob("/proc/[0-9]*/cmdline")
    ]
    return [
        name for name in names if name.startswith("ray::") or name.endswith(("/raylet", "/gcs_server"))
    ]


if __name__ == "__main__":
    main()
