#!/bin/bash
# Makes the environments of SDKs that can't live beside the current boto3: the version our users pin, and aiobotocore,
# which pins botocore narrowly. Does nothing where they exist already.
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
environment aiobotocore aiobotocore
