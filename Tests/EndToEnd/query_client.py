"""boto3 as it was when it spoke the Query protocol: today's code with the model of the service from back then."""

import functools

import boto3
import pytest
from botocore.loaders import Loader
from botocore.session import get_session

from broker import REPOSITORY

ENVIRONMENT = REPOSITORY / ".venvs/boto3-1.26.165"


@functools.cache
def query_model():
    """The service model of botocore 1.29, which has the Query protocol's names, codes and statuses."""
    folders = list(ENVIRONMENT.glob("lib/python*/site-packages/botocore/data"))
    if not folders:
        pytest.fail(f"{ENVIRONMENT} is missing: run Tests/EndToEnd/environments.sh")
    loader = Loader(extra_search_paths=[str(folders[0])], include_default_search_paths=False)
    model = loader.load_service_model("sqs", "service-2")
    # The one member that came later.
    names = {"type": "list", "member": {"shape": "String", "locationName": "MessageSystemAttributeName"}}
    model["shapes"]["MessageSystemAttributeList"] = names | {"flattened": True}
    members = model["shapes"]["ReceiveMessageRequest"]["members"]
    members["MessageSystemAttributeNames"] = {"shape": "MessageSystemAttributeList"}
    return model


class QueryLoader(Loader):
    """Loads everything but the model of SQS as it is today."""

    def load_service_model(self, service_name, type_name, api_version=None):
        if (service_name, type_name) == ("sqs", "service-2"):
            return query_model()
        return super().load_service_model(service_name, type_name, api_version)


@functools.cache
def query_session():
    """A session whose SQS clients speak the Query protocol."""
    session = get_session()
    session.register_component("data_loader", QueryLoader())
    return boto3.Session(botocore_session=session)


def protocol_of(client):
    """`json` or `query`."""
    return client.meta.service_model.metadata["protocol"]
