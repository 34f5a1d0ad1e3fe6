# For mitmproxy's raw TCP: tells the OpenFlow messages of the client apart and rewrites the port that each one's action outputs to.
PORT = slice(76, 80)


class Edit:
    def __init__(self):
        self.rest = {}

    def tcp_message(self, flow):
        message = flow.messages[-1]
        # Nobody looks at them afterwards.
        flow.messages.clear()
        if not message.from_client:
            return
        data = bytearray(self.rest.get(flow.id, b"") + message.content)
        at = 0
        while len(data) - at >= 8:
            end = at + int.from_bytes(data[at + 2 : at + 4], "big")
            if end > len(data):
                break
            data[at + PORT.start : at + PORT.stop] = b"\0\0\0\7"
            at = end
        self.rest[flow.id] = bytes(data[at:])
        message.content = bytes(data[:at])


addons = [Edit()]
