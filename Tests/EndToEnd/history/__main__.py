"""Judges a history that was kept: prints its violations; 1 if there are any."""

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
    is_clean = True
    for path in paths:
        started = time.monotonic()
        history = read_history(path)
        violations = violations_of(history)
        print(f"{path}: {summary_of(history)}; {len(violations)} violations; {time.monotonic() - started:.1f} s")
        for violation in violations:
            print(f"  {violation}")
        is_clean = is_clean and not violations
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
