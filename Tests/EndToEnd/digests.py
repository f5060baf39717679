"""The MD5s of SQS, computed anew from the Developer Guide's description."""

import hashlib
import struct


def md5_of(text):
    return hashlib.md5(text.encode()).hexdigest()


def md5_of_attributes(attributes):
    """Of message attributes in boto3's form: names sorted; lengths as 4 bytes, big endian."""

    def measured(data):
        return struct.pack(">I", len(data)) + data

    digest = hashlib.md5()
    for name in sorted(attributes):
        attribute = attributes[name]
        digest.update(measured(name.encode()) + measured(attribute["DataType"].encode()))
        if "BinaryValue" in attribute:
            digest.update(b"\x02" + measured(attribute["BinaryValue"]))
        else:
            digest.update(b"\x01" + measured(attribute["StringValue"].encode()))
    return digest.hexdigest()
