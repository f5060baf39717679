"""What a refused call looks like through boto3."""

from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError


@contextmanager
def refused(code, message=None, status=400):
    """The calls inside end with this error code (the Query protocol's, which SDKs show) and a text that holds this."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response
    assert error["Error"]["Code"] == code, error
    assert error["ResponseMetadata"]["HTTPStatusCode"] == status
    if message is not None:
        assert message in error["Error"]["Message"], error
