"""The AWS CLI, as it stands beside this Python, and shell scripts that call it.

Version 1 of the CLI, which is what PyPI has, ignores AWS_ENDPOINT_URL_SQS in the regions it knows (aws/aws-cli#8737:
`overridesslcommonname.py` puts queue.amazonaws.com in its place); only --endpoint-url is heard. Version 2 obeys both.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from broker import REGION, clean_environment

COMMAND = str(Path(sys.executable).parent / "aws")


def environment_of(broker, home, **additions):
    """What a user sets before calling the CLI, and nothing of the machine's own AWS settings."""
    return clean_environment(
        HOME=str(home),
        PATH=f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}",
        AWS_ENDPOINT_URL_SQS=broker.url,
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_MAX_ATTEMPTS="1",
        AWS_PAGER="",
        # Nothing here may leave the machine, were a command to go astray.
        AWS_EC2_METADATA_DISABLED="true",
        **additions,
    )


class CLI:
    """Calls `aws sqs`."""

    def __init__(self, broker, home):
        self.endpoint = broker.url
        self.environment = environment_of(broker, home)

    def run(self, *arguments):
        return subprocess.run(
            [COMMAND, "--endpoint-url", self.endpoint, "sqs", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environment,
        )

    def __call__(self, *arguments):
        """The answer of a call that must succeed."""
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    def error(self, *arguments):
        """What a call that must fail says."""
        ended = self.run(*arguments)
        assert ended.returncode != 0, ended.stdout
        return ended.stderr
