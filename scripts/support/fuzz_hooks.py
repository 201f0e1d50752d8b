"""Hooks of schemathesis for scripts/fuzz.mjs: calls reach an instance that exists, and none waits for long."""

import json
import os
import random

import schemathesis

GROUP = os.environ["FUZZ_GROUP"]
INSTANCE = os.environ["FUZZ_INSTANCE"]
TOPIC = os.environ["FUZZ_TOPIC"]
# Milliseconds a read waits, and a produce request for its acknowledgement: a shorter time might end with 503 or 504.
LONGEST_WAIT = 50
PATIENCE = 10_000
# Share of calls sent to the existing instance or topic; random names would answer 404 and nothing else.
KNOWN_SHARE = 0.75
MAX_NAME = 255
# The embedded broker's topics have this many.
PARTITIONS = 4
ON_PARTITIONS = {"assign", "seek", "seekToFirst", "seekToLast", "commitOffsets", "getCommittedOffsets"}


@schemathesis.serializer("application/x-ndjson")
def write_lines(context, value):
    """The document can only say that such a body is a text: a text becomes a line with a record, anything else is none."""
    line = {"value": value} if isinstance(value, str) else [value]
    return json.dumps(line).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw.get("operationId")
    move(case.query, "timeout", 0, 300_000, LONGEST_WAIT)
    move(case.query, "timeoutMs", 1, 2**31 - 1, PATIENCE)
    move(case.body, "consumer.request.timeout.ms", 0, 300_000, LONGEST_WAIT)
    move(case.body, "requestWaitMs", 0, 300_000, LONGEST_WAIT)
    # Deleting the instance would leave the other calls without one.
    if operation != "deleteConsumerInstance" and random.random() < KNOWN_SHARE:
        use_known(case, operation)


def use_known(case, operation):
    path = case.path_parameters
    if not isinstance(path, dict):
        return
    if "instance" in path and is_name(path["instance"]) and is_name(path["group"]):
        path["group"], path["instance"] = GROUP, INSTANCE
    if isinstance(case.body, dict) and operation in ON_PARTITIONS:
        for place in places(case.body):
            if is_topic(place.get("topic")) and is_partition(place.get("partition")):
                place["topic"], place["partition"] = TOPIC, place["partition"] % PARTITIONS


def places(body):
    for name in ("partitions", "offsets", "timestamps"):
        entries = body.get(name)
        # Of several, two could become the same partition, which is refused.
        if isinstance(entries, list) and len(entries) == 1 and isinstance(entries[0], dict):
            yield entries[0]


def move(values, name, least, most, wanted):
    """Replaces what is valid, so that the request stays as valid as it was."""
    if not isinstance(values, dict) or isinstance(values.get(name), bool):
        return
    value = values.get(name)
    is_text = isinstance(value, str) and value.isascii() and value.isdigit()
    if (is_text or isinstance(value, int)) and least <= int(value) <= most:
        values[name] = str(wanted) if is_text else wanted


def is_name(value):
    is_control = lambda character: character < " " or "\x7f" <= character <= "\x9f"
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and not any(map(is_control, value))


def is_topic(value):
    return isinstance(value, str) and 0 < len(value) <= 249 and value.isascii() and value not in (".", "..")


def is_partition(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2**31 - 1
