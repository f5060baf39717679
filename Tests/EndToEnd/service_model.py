"""Requests that differ from a good one in one place, made from botocore's model of the service."""

import copy
from dataclasses import dataclass

from botocore.session import get_session

MODEL = get_session().get_service_model("sqs")

ABSENT = object()

WRONG_TYPES = {
    "string": [5, 1.5, True, [], {}, ["x"], {"x": "y"}],
    "integer": ["5", "", True, [], {}, 1.5, [5]],
    "blob": [5, True, [], {}, "not base64!"],
    "list": ["x", 5, True, {}, {"x": "y"}],
    "map": ["x", 5, True, [], ["x"]],
    "structure": ["x", 5, True, [], ["x"]],
}

OUT_OF_RANGE = [-1, -(2**31), 2**31 - 1, 2**31, 2**63, 2**64, 10**30]

LONG = 2 * 1_048_576


@dataclass
class Variant:
    """A request, what is odd about it, and whether that must be refused."""

    text: str
    payload: object
    must_be_refused: bool


def variants(operation, good):
    """Every member of an operation's input: missing, null, of a wrong type, empty, very long, out of range."""
    shape = MODEL.operation_model(operation).input_shape
    for path, member, is_required in _members(shape, good, ()):
        for value, must_be_refused in _values(member, is_required):
            where = ".".join(map(str, path))
            shown = "absent" if value is ABSENT else repr(value)[:40]
            yield Variant(f"{where} = {shown}", _replaced(good, path, value), must_be_refused)


def _members(shape, value, path):
    """All members below a shape, as (path, shape, whether it must be there)."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            inside = (*path, name)
            yield inside, member, name in shape.required_members
            if isinstance(value, dict) and name in value:
                yield from _members(member, value[name], inside)
    elif shape.type_name == "list" and value:
        yield (*path, 0), shape.member, False
        yield from _members(shape.member, value[0], (*path, 0))
    elif shape.type_name == "map" and value:
        key = next(iter(value))
        yield (*path, key), shape.value, False
        yield from _members(shape.value, value[key], (*path, key))


def _values(shape, is_required):
    """Odd values for a member, each with whether it must be refused."""
    yield ABSENT, is_required
    yield None, is_required
    for value in WRONG_TYPES[shape.type_name]:
        yield value, True
    if shape.type_name == "string":
        yield "", is_required
        yield "x" * LONG, is_required
        yield "\ud800", is_required
    elif shape.type_name == "integer":
        for value in OUT_OF_RANGE:
            yield value, True
    elif shape.type_name == "list":
        yield [], is_required
        yield [None], False
        yield [[[[]]]], True
    elif shape.type_name == "map":
        yield {}, False
        yield {"": "x"}, False
        yield {"x" * 100_000: "x"}, False
    elif shape.type_name == "structure":
        yield {}, False


def _replaced(good, path, value):
    payload = copy.deepcopy(good)
    at = payload
    for step in path[:-1]:
        at = at[step]
    if value is not ABSENT:
        at[path[-1]] = value
    elif isinstance(at, dict):
        at.pop(path[-1], None)
    else:
        del at[path[-1]]
    return payload
