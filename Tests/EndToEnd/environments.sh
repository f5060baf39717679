#!/bin/bash
# Makes the environments of SDKs that can't live beside the current boto3: the version our users pin, the last one that
# speaks the Query protocol, aiobotocore, which pins botocore narrowly, and Celery. Does nothing where they exist.
set -euo pipefail
cd "$(dirname "$0")/../.."

# environment NAME REQUIREMENT...
environment() {
    local directory=".venvs/$1"
    shift
    # The stamp is written last, so an interrupted installation is made again.
    if [ "$(cat "$directory/requirements.stamp" 2>/dev/null)" = "$*" ]; then
        return
    fi
    echo "making $directory: $*"
    rm -rf "$directory"
    python3 -m venv "$directory"
    "$directory/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    echo "$*" > "$directory/requirements.stamp"
}

environment boto3-1.34.162 boto3==1.34.162 botocore==1.34.162 "pytest>=8"
# 1.26 speaks the Query protocol; the tests take its model of the service, too (query_client.py).
environment boto3-1.26.165 boto3==1.26.165 botocore==1.29.165
environment aiobotocore aiobotocore
environment celery "celery[sqs]>=5.5"
