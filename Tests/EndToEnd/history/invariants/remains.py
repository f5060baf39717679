"""I13: the file is whole, the write-ahead log under its cap, memory and descriptors back to where they were."""

INVARIANT = "I13"

# A checkpoint is due at 16 MiB, and one batch may come on top.
LOG_SIZE_BYTES_MAX = 64 * 1_048_576
MEMORY_GROWTH_BYTES_MAX = 128 * 1_048_576
DESCRIPTORS_GROWTH_MAX = 8


def violations(history):
    resources = []
    for mark in history.marks:
        if mark.get("logSizeBytes", 0) > LOG_SIZE_BYTES_MAX:
            yield "database", f"the write-ahead log has {mark['logSizeBytes']} bytes"
        if mark["mark"] == "files":
            yield from _files(mark)
        elif mark["mark"] == "resources":
            resources.append(mark)
    if len(resources) > 1:
        yield from _growth(resources[0], resources[-1])


def _files(mark):
    if mark["integrity"] != ["ok"]:
        yield "database", f"integrity_check: {mark['integrity'][:3]}"
    if mark["foreignKeys"]:
        yield "database", f"foreign_key_check: {mark['foreignKeys'][:3]}"


def _growth(first, last):
    memory = last["memorySizeBytes"] - first["memorySizeBytes"]
    if memory > MEMORY_GROWTH_BYTES_MAX:
        yield "broker", f"its memory has grown by {memory} bytes"
    descriptors = last["descriptors"] - first["descriptors"]
    if descriptors > DESCRIPTORS_GROWTH_MAX:
        yield "broker", f"it has {descriptors} descriptors more than before"
