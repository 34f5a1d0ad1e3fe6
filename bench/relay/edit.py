# For mitmproxy's raw TCP: tells the OpenFlow messages of the client apart, and rewrites the port that the first action of a FLOW_MOD's first
# instruction outputs to, as a field. It reads and writes them by OS-Ken, as addons do that do not count bytes themselves.
from os_ken.ofproto import ofproto_parser, ofproto_protocol
from os_ken.ofproto.ofproto_v1_3 import OFP_HEADER_SIZE, OFP_VERSION, OFPT_FLOW_MOD

VERSION = ofproto_protocol.ProtocolDesc(version=OFP_VERSION)


def edited(raw):
    version, kind, length, xid = ofproto_parser.header(raw)
    if version != OFP_VERSION or kind != OFPT_FLOW_MOD:
        return raw
    message = ofproto_parser.msg(VERSION, version, kind, length, xid, raw)
    actions = getattr(next(iter(message.instructions), None), "actions", [])
    if not actions or not hasattr(actions[0], "port"):
        return raw
    actions[0].port = 7
    message.buf = None
    message.serialize()
    return bytes(message.buf)


class Edit:
    def __init__(self):
        self.rest = {}

    def tcp_message(self, flow):
        message = flow.messages[-1]
        # Nobody looks at them afterwards.
        flow.messages.clear()
        if not message.from_client:
            return
        data = self.rest.get(flow.id, b"") + message.content
        passed = []
        at = 0
        while len(data) - at >= OFP_HEADER_SIZE:
            end = at + int.from_bytes(data[at + 2 : at + 4], "big")
            if end < at + OFP_HEADER_SIZE or end > len(data):
                break
            passed.append(edited(data[at:end]))
            at = end
        self.rest[flow.id] = data[at:]
        message.content = b"".join(passed)


addons = [Edit()]
