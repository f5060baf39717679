"""The whole life of a queue with other clients than the current boto3 in this process."""

import subprocess
import sys
from pathlib import Path

import pytest

from broker import REPOSITORY, clean_environment

CLIENTS = Path(__file__).parent / "clients"
CURRENT = sys.executable


def run_client(python, script, *arguments):
    ended = subprocess.run(
        [str(python), str(CLIENTS / script), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=clean_environment(),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "done with" in ended.stdout


def python_of(environment):
    python = REPOSITORY / ".venvs" / environment / "bin/python"
    if not python.exists():
        pytest.fail(f"{python} is missing: run Tests/EndToEnd/environments.sh")
    return python


@pytest.mark.parametrize("script", ["boto3_life_cycle.py", "boto3_fifo_life_cycle.py"])
def test_the_current_boto3_runs_a_full_life_cycle(broker, name, script):
    run_client(CURRENT, script, broker.url, name[-60:], "1.")


@pytest.mark.parametrize("script", ["boto3_life_cycle.py", "boto3_fifo_life_cycle.py"])
@pytest.mark.parametrize("version", ["1.34.162", "1.26.165"])
def test_an_older_boto3_runs_a_full_life_cycle(broker, name, script, version):
    run_client(python_of(f"boto3-{version}"), script, broker.url, name[-60:], version)


def test_aiobotocore_runs_a_full_life_cycle(broker, name):
    run_client(python_of("aiobotocore"), "aiobotocore_life_cycle.py", broker.url, name)
