"""The benchmark for developers, as `make bench` runs it."""

import subprocess

from broker import BINARY, REPOSITORY, clean_environment

BENCH = REPOSITORY / ".build/release/HoldfastBench"


def bench(subcommand, *arguments):
    """What a subcommand says of the broker's binary."""
    return subprocess.run(
        [BENCH, subcommand, "--broker", BINARY, *map(str, arguments)],
        capture_output=True, text=True, timeout=120, env=clean_environment(),
    )
