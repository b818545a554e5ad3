"""The example files of docs/cluster, as far as one machine can check them."""

import pytest
from helpers.serving import ROOT

yaml = pytest.importorskip("yaml")
FOLDER = ROOT / "docs" / "cluster"


def test_the_autoscaler_takes_the_file_for_aws():
    pytest.importorskip("ray")
    from ray.autoscaler._private.util import prepare_config, validate_config

    config = prepare_config(yaml.safe_load((FOLDER / "aws.yaml").read_text(encoding="utf-8")))
    validate_config(config)
    trainer = config["available_node_types"]["trainer"]
    assert (trainer["resources"]["CPU"], trainer["max_workers"]) == (4, 10)


def test_kubernetes_files_know_one_token_and_the_pinned_ray():
    cluster, page = yaml.safe_load_all((FOLDER / "kuberay.yaml").read_text(encoding="utf-8"))
    pods = [cluster["spec"]["headGroupSpec"], *cluster["spec"]["workerGroupSpecs"], page["spec"]]
    tokens = [
        {each["name"]: each for each in pod["template"]["spec"]["containers"][0]["env"]} for pod in pods
    ]
    assert {each["RAY_AUTH_MODE"]["value"] for each in tokens} == {"token"}
    assert len({str(each["RAY_AUTH_TOKEN"]) for each in tokens}) == 1
    version = cluster["spec"]["rayVersion"]
    assert f'"ray[default]=={version}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
