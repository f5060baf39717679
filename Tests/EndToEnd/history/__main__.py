"""Judges a history that was kept: prints its violations; 1 if there are any.

2 if there are none, but the queues were not drained: of such a history it isn't known what was lost.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from history.judge import summary_of, violations_of  # noqa: E402
from history.reading import read_history  # noqa: E402


def main(paths):
    if not paths:
        print("usage: python Tests/EndToEnd/history FILE...", file=sys.stderr)
        return 64
    code = 0
    for path in paths:
        started = time.monotonic()
        history = read_history(path)
        violations = violations_of(history)
        print(f"{path}: {summary_of(history)}; {len(violations)} violations; {time.monotonic() - started:.1f} s")
        for violation in violations:
            print(f"  {violation}")
        if history.drained_at is None:
            print("  losses are not judged: was not drained")
        if violations:
            code = 1
        elif history.drained_at is None and code == 0:
            code = 2
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
