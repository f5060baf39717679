"""The Query protocol over plain connections: no SDK between a test and what happens."""

import http.client
import json
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote, urlencode

from query_client import query_model
from wire import Answer, read_answer

NAMESPACE = "http://queue.amazonaws.com/doc/2012-11-05/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class QueryAnswer(Answer):
    """An answer in XML."""

    @property
    def root(self):
        return ElementTree.fromstring(self.raw)

    @property
    def name(self):
        """The name of the outermost element, which must be in the namespace of SQS."""
        namespace, _, name = self.root.tag.rpartition("}")
        assert namespace == "{" + NAMESPACE, self
        return name

    def texts(self, *path):
        """The texts of all elements at a path below the outermost one."""
        where = "/".join(f"{{{NAMESPACE}}}{step}" for step in path)
        return [element.text or "" for element in self.root.findall(where)]

    def text(self, *path):
        [text] = self.texts(*path)
        return text

    @property
    def code(self):
        return self.text("Error", "Code")

    @property
    def message(self):
        return self.text("Error", "Message")


def encoded(parameters):
    """A form's text; parameters are pairs or a dictionary, bytes are allowed."""
    return urlencode(parameters, quote_via=quote, errors="surrogatepass")


class QueryCaller:
    """One keep-alive connection that speaks the Query protocol."""

    def __init__(self, broker, timeout=40):
        self.connection = http.client.HTTPConnection(broker.host, broker.port, timeout=timeout)

    def request(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        answer = read_answer(self.connection.getresponse())
        return QueryAnswer(answer.status, answer.headers, answer.raw)

    def post(self, action, parameters=(), path="/", headers=None):
        pairs = [("Action", action), ("Version", "2012-11-05"), *_pairs(parameters)]
        return self.request("POST", path, encoded(pairs), FORM | (headers or {}))

    def get(self, path, parameters=(), headers=None):
        return self.request("GET", f"{path}?{encoded(_pairs(parameters))}", headers=headers)

    def ok(self, action, parameters=(), **arguments):
        """An answer that must be a 200."""
        answer = self.post(action, parameters, **arguments)
        assert answer.status == 200, f"{action}: {answer}"
        return answer

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _pairs(parameters):
    return list(parameters.items()) if isinstance(parameters, dict) else list(parameters)


def flattened(operation, payload):
    """A request in JSON's form as the Query protocol's parameters: (name, value, type name) each."""
    model = query_model()
    shape = model["operations"][operation]["input"]["shape"]
    return list(_flattened(model["shapes"], {"shape": shape}, payload, ""))


def _flattened(shapes, reference, value, name):
    shape = shapes[reference["shape"]]
    if shape["type"] == "structure":
        for member, inside in value.items():
            below = shape["members"][member]
            yield from _flattened(shapes, below, inside, _joined(name, _wire_name(shapes, below, member)))
    elif shape["type"] == "list":
        for number, inside in enumerate(value, 1):
            yield from _flattened(shapes, shape["member"], inside, f"{name}.{number}")
    elif shape["type"] == "map":
        for number, (key, inside) in enumerate(value.items(), 1):
            yield f"{name}.{number}.{shape['key']['locationName']}", key, "string"
            where = f"{name}.{number}.{shape['value']['locationName']}"
            yield from _flattened(shapes, shape["value"], inside, where)
    else:
        yield name, str(value), shape["type"]


def _wire_name(shapes, reference, member):
    shape = shapes[reference["shape"]]
    # A flat list goes by the name of its elements.
    if shape["type"] == "list":
        return shape["member"]["locationName"]
    return reference.get("locationName") or shape.get("locationName") or member


def _joined(name, step):
    return f"{name}.{step}" if name else step


def is_json(answer):
    """Whether an answer is JSON by its header and its text."""
    return "json" in answer.headers["content-type"] and isinstance(json.loads(answer.raw), dict)
