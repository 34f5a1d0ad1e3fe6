#!/usr/bin/env python3
# Lets a client's first request of each connection through, and drops whatever it asks after that.
import json
import sys


def judge(packet):
    if packet["direction"] != "forward" or packet["payload"] == "":
        return {"id": packet["id"]}
    asked = (packet["data"] or 0) + 1
    if asked == 1:
        return {"id": packet["id"], "data": asked}
    return {"id": packet["id"], "action": "drop", "flow": True, "note": f"request {asked}"}


for line in sys.stdin:
    heard = json.loads(line)
    answers = []
    for item in heard if isinstance(heard, list) else [heard]:
        if "hello" in item:
            answers.append({"ready": 1})
        elif "id" in item:
            answers.append(judge(item))
    print(json.dumps(answers), flush=True)
