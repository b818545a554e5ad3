"""A Ray cluster of several node processes on this machine, for tests; they skip without Ray."""

import os
import sys
from pathlib import Path

import pytest

STORE_BYTES = 100 * 2**20


@pytest.fixture(scope="module")
def cluster():
    """One node of one logical CPU; `add_node(num_cpus=1)` adds more."""
    pytest.importorskip("ray")
    import ray
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        # It hears this machine alone, and a token would be left in the home of whoever runs the tests.
        patch.setenv("RAY_AUTH_MODE", "disabled")
        tests = str(Path(__file__).parents[1])
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(tests).parent), tests, *sys.path]))
        nodes = {"include_dashboard": False, "object_store_memory": STORE_BYTES}
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, **nodes})
        ray.init(address=cluster.address, log_to_driver=False)
        yield cluster
        ray.shutdown()
        cluster.shutdown()
