"""The examples of README.md, run as they stand there."""

import re
import subprocess
import sys

import pytest

from aws_cli import environment_of
from broker import REPOSITORY

README = REPOSITORY / "README.md"


def examples_under(heading):
    """The fenced blocks between a heading and the next one, as (language, text)."""
    text = README.read_text()
    section = re.search(rf"^### {re.escape(heading)}\n(.*?)(?=^#{{1,3}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"README.md has no section {heading}"
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    assert blocks, f"no example under {heading}"
    return blocks


def run_pasted(command, text, broker, home):
    """Runs an example with nothing set that its reader might not have set; only the port is another."""
    text = text.replace("localhost:9324", f"localhost:{broker.port}")
    text = text.replace("127.0.0.1:9324", f"{broker.host}:{broker.port}")
    assert str(broker.port) in text, "the example names no endpoint"
    environment = environment_of(broker, home)
    for name in [name for name in environment if name.startswith("AWS_") and name != "AWS_EC2_METADATA_DISABLED"]:
        del environment[name]
    # What a terminal would show in a pager; there is none here.
    environment["AWS_PAGER"] = ""
    ended = subprocess.run(
        [*command, text], capture_output=True, text=True, timeout=90, cwd=home, env=environment
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.parametrize(
    ("heading", "languages", "command"),
    [
        ("boto3", {"python"}, [sys.executable, "-c"]),
        ("AWS CLI", {"sh", "bash", "shell", "console"}, ["bash", "-e", "-o", "pipefail", "-c"]),
    ],
    ids=["boto3", "AWS CLI"],
)
def test_the_examples_work_when_pasted(own_broker, tmp_path, heading, languages, command):
    blocks = [text for language, text in examples_under(heading) if language in languages]
    assert blocks, f"no example in one of {languages}"
    # One after the other may build on what is set before, as in a terminal.
    run_pasted(command, "\n".join(blocks), own_broker, tmp_path)
