"""Asks the service at HOST PORT for COUNT sums in one connection, and uploads 100 kB in it at the end."""

import json
import sys
from http.client import HTTPConnection

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
connection = HTTPConnection(host, port, timeout=10)


def ask(method, path, body=None):
    connection.request(method, path, body)
    return json.load(connection.getresponse())


for number in range(count):
    assert ask("GET", f"/sum?a={number}&b=1")["sum"] == number + 1
assert ask("POST", "/", bytes(100_000))["bytes"] == 100_000
