#!/usr/bin/env python3
# Resets TCP to port 81 for good, drops that to port 82, names what goes to port 83, and lets the rest pass.
import json
import sys

PORTS = {81: {"action": "reset", "flow": True}, 82: {"action": "drop", "flow": True}}


def judge(packet):
    segment = packet.get("tcp") or {}
    port = segment.get("dstport")
    if port in PORTS:
        return {"id": packet["id"], "note": f"port {port}", **PORTS[port]}
    return {"id": packet["id"], "action": "pass"}


def answer(items):
    for item in items:
        if "hello" in item:
            yield {"ready": 1}
        elif "id" in item:
            yield judge(item)


for line in sys.stdin:
    heard = json.loads(line)
    answers = list(answer(heard if isinstance(heard, list) else [heard]))
    print(json.dumps(answers), flush=True)
