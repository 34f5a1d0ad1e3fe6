"""Messages of OpenFlow as os-ken reads and builds them.

Standard input: messages in hexadecimal, one a line. Standard output: a JSON object for each of them that os-ken can read, and one for
each that it built: what it is called there, its bytes, and what its attributes say by path. Bytes are {"hex": ...}.
With the argument "constants": the numbers that it has for names, by version.
"""
import json
import logging
import sys

from os_ken.ofproto import ofproto_parser, ofproto_protocol
from os_ken.ofproto import ofproto_v1_0, ofproto_v1_2, ofproto_v1_3, ofproto_v1_5
from os_ken.ofproto import ofproto_v1_0_parser as p10
from os_ken.ofproto import ofproto_v1_3_parser as p13

# Kept for os-ken alone, or said in another form beside.
INNER = {"datapath", "buf", "version", "msg_type", "msg_len", "fields", "actions_len", "buf_len"}
OPENFLOW10 = ofproto_protocol.ProtocolDesc(version=1)
OPENFLOW13 = ofproto_protocol.ProtocolDesc(version=4)


def leaves(value, path, found):
    if isinstance(value, (int, str)):
        found[path] = str(value)
    elif isinstance(value, (bytes, bytearray)):
        found[path] = {"hex": value.hex()}
    elif isinstance(value, p13.OFPActionSetField):
        oxm(value.key, value.value, path, found)
    elif isinstance(value, p13.OFPMatch):
        for index, (name, said) in enumerate(value._fields2):
            oxm(name, said, f"{path}[{index}]", found)
    elif isinstance(value, p13.OFPOxmId):
        found[f"{path}.field"] = value.type
        found[f"{path}.hasmask"] = str(int(value.hasmask))
    elif isinstance(value, p13.OFPHelloElemVersionBitmap):
        bits = sum(1 << version for version in value.versions)
        found[f"{path}.bitmaps[0].bitmap"] = str(bits)
    elif isinstance(value, dict):
        leaves(list(value.values()), path, found)
    elif isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        for index, element in enumerate(value):
            leaves(element, f"{path}[{index}]", found)
    elif value is not None:
        named = value._asdict() if hasattr(value, "_fields") else vars(value)
        for name, inner in named.items():
            if name not in INNER and not name.startswith("_"):
                # Of a queue's property it is a list of numbers.
                octets = bytes(inner) if name == "data" and isinstance(inner, list) else inner
                leaves(octets, f"{path}.{name}" if path else name, found)


def oxm(name, said, path, found):
    value, mask = said if isinstance(said, tuple) else (said, None)
    found[f"{path}.field"] = name
    found[f"{path}.value"] = str(value)
    if mask is not None:
        found[f"{path}.mask"] = str(mask)


def tell(message, octets, source):
    found = {}
    leaves(message, "", found)
    name = type(message).__name__
    print(json.dumps({"source": source, "name": name, "hex": octets.hex(), "leaves": found}))


def read(octets):
    version = OPENFLOW10 if octets[0] == 1 else OPENFLOW13
    message = ofproto_parser.msg(version, octets[0], octets[1], len(octets), 42, octets)
    if message is not None:
        tell(message, octets, "read")


def build(message):
    message.set_xid(42)
    message.serialize()
    tell(message, bytes(message.buf), "built")


def built_10(dp):
    match = p10.OFPMatch(in_port=1, dl_type=0x800, nw_proto=6, nw_src="10.0.0.1", tp_dst=80)
    actions = [
        p10.OFPActionOutput(2, 128),
        p10.OFPActionVlanVid(7),
        p10.OFPActionVlanPcp(3),
        p10.OFPActionStripVlan(),
        p10.OFPActionSetDlSrc("02:00:00:00:00:01"),
        p10.OFPActionSetDlDst("02:00:00:00:00:02"),
        p10.OFPActionSetNwSrc("1.2.3.4"),
        p10.OFPActionSetNwDst("5.6.7.8"),
        p10.OFPActionSetNwTos(32),
        p10.OFPActionSetTpSrc(80),
        p10.OFPActionSetTpDst(443),
        p10.OFPActionEnqueue(2, 1),
    ]
    yield p10.OFPHello(dp)
    yield p10.OFPErrorMsg(dp, 1, 6, b"\x01\x02")
    yield p10.OFPEchoRequest(dp, b"abc")
    yield p10.OFPEchoReply(dp, b"abc")
    yield p10.OFPFeaturesRequest(dp)
    yield p10.OFPGetConfigRequest(dp)
    yield p10.OFPSetConfig(dp, 1, 128)
    yield p10.OFPPacketOut(dp, 0xFFFFFFFF, 1, actions, b"packet")
    yield p10.OFPFlowMod(dp, match, 0x1234, 1, 5, 60, 100, 0xFFFFFFFF, 0xFFFF, 3, actions)
    yield p10.OFPPortMod(dp, 1, "02:00:00:00:00:01", 1, 0x41, 0x80)
    yield p10.OFPDescStatsRequest(dp, 0)
    yield p10.OFPFlowStatsRequest(dp, 0, match, 0xFF, 0xFFFF)
    yield p10.OFPAggregateStatsRequest(dp, 0, match, 3, 2)
    yield p10.OFPTableStatsRequest(dp, 0)
    yield p10.OFPPortStatsRequest(dp, 0, 0xFFFF)
    yield p10.OFPQueueStatsRequest(dp, 0, 0xFFFC, 0xFFFFFFFF)
    yield p10.OFPBarrierRequest(dp)
    yield p10.OFPQueueGetConfigRequest(dp, 1)
    vendor = p10.OFPVendor(dp)
    vendor.vendor = 0x4F4E4600
    vendor.data = b"\x01\x02\x03\x04"
    yield vendor


def built_13(dp):
    match = p13.OFPMatch(
        in_port=1,
        metadata=(5, 0xFF),
        eth_dst=("01:00:00:00:00:00", "01:00:00:00:00:00"),
        eth_src="02:00:00:00:00:01",
        eth_type=0x86DD,
        vlan_vid=(0x1000, 0x1000),
        ip_proto=58,
        ipv6_src=("fe80::", "ffff:ffff:ffff:ffff::"),
        ipv6_dst="fd00::1",
        ipv6_flabel=5,
        icmpv6_type=135,
        ipv6_nd_target="fe80::1",
        pbb_isid=7,
        tunnel_id=8,
        ipv6_exthdr=16,
    )
    actions = [
        p13.OFPActionOutput(0xFFFFFFFD, 128),
        p13.OFPActionCopyTtlOut(),
        p13.OFPActionCopyTtlIn(),
        p13.OFPActionSetMplsTtl(64),
        p13.OFPActionDecMplsTtl(),
        p13.OFPActionPushVlan(0x8100),
        p13.OFPActionPopVlan(),
        p13.OFPActionPushMpls(0x8847),
        p13.OFPActionPopMpls(0x800),
        p13.OFPActionSetQueue(1),
        p13.OFPActionGroup(7),
        p13.OFPActionSetNwTtl(63),
        p13.OFPActionDecNwTtl(),
        p13.OFPActionSetField(eth_dst="02:00:00:00:00:09"),
        p13.OFPActionSetField(ipv6_src="fd00::2"),
        p13.OFPActionSetField(ip_dscp=10),
        p13.OFPActionPushPbb(0x88E7),
        p13.OFPActionPopPbb(),
        p13.OFPActionExperimenterUnknown(0x4F4E4600, b"\x01\x02\x03\x04\x05\x06\x07\x08"),
    ]
    instructions = [
        p13.OFPInstructionGotoTable(5),
        p13.OFPInstructionWriteMetadata(0x12, 0xFF),
        p13.OFPInstructionActions(3, actions[:1]),
        p13.OFPInstructionActions(4, actions),
        p13.OFPInstructionActions(5, []),
        p13.OFPInstructionMeter(1),
    ]
    buckets = [p13.OFPBucket(3, 1, 0xFFFFFFFF, actions[:3]), p13.OFPBucket(5, 2, 9, [])]
    bands = [
        p13.OFPMeterBandDrop(1000, 100),
        p13.OFPMeterBandDscpRemark(2000, 200, 1),
        p13.OFPMeterBandExperimenter(1, 2, 0x4F4E4600),
    ]
    properties = [
        p13.OFPTableFeaturePropInstructions(
            0, instruction_ids=[p13.OFPInstructionId(1), p13.OFPInstructionId(4)]
        ),
        p13.OFPTableFeaturePropNextTables(2, table_ids=[2, 3]),
        p13.OFPTableFeaturePropActions(4, action_ids=[p13.OFPActionId(0), p13.OFPActionId(22)]),
        p13.OFPTableFeaturePropActions(6, action_ids=[]),
        p13.OFPTableFeaturePropOxm(8, oxm_ids=[p13.OFPOxmId("eth_dst", hasmask=1)]),
        p13.OFPTableFeaturePropOxm(10, oxm_ids=[p13.OFPOxmId("in_port")]),
        p13.OFPTableFeaturePropOxm(12, oxm_ids=[p13.OFPOxmId("ipv6_src")]),
    ]
    table = p13.OFPTableFeaturesStats(1, b"first", 1, 2, 3, 4, properties)
    yield p13.OFPHello(dp)
    yield p13.OFPErrorMsg(dp, 1, 6, b"\x01\x02")
    yield p13.OFPErrorExperimenterMsg(dp, exp_type=7, experimenter=0x4F4E4600, data=b"\x01")
    yield p13.OFPEchoRequest(dp, b"abc")
    yield p13.OFPEchoReply(dp, b"abc")
    yield p13.OFPExperimenter(dp, 0x4F4E4600, 1, b"\x01\x02")
    yield p13.OFPFeaturesRequest(dp)
    yield p13.OFPGetConfigRequest(dp)
    yield p13.OFPSetConfig(dp, 1, 128)
    yield p13.OFPPacketOut(dp, 0xFFFFFFFF, 0xFFFFFFFD, actions, b"packet")
    yield p13.OFPFlowMod(
        dp, 0x1234, 0xFFFF, 1, 2, 5, 60, 100, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 3, match, instructions
    )
    yield p13.OFPGroupMod(dp, 0, 1, 7, buckets)
    yield p13.OFPPortMod(dp, 1, "02:00:00:00:00:01", 1, 0x21, 0x80)
    yield p13.OFPTableMod(dp, 0xFF, 3)
    yield p13.OFPMeterMod(dp, 1, 5, 1, bands)
    yield p13.OFPDescStatsRequest(dp, 0)
    yield p13.OFPFlowStatsRequest(dp, 0, 0xFF, 1, 2, 3, 4, match)
    yield p13.OFPAggregateStatsRequest(dp, 0, 0xFF, 1, 2, 3, 4, match)
    yield p13.OFPTableStatsRequest(dp, 0)
    yield p13.OFPPortStatsRequest(dp, 0, 0xFFFFFFFF)
    yield p13.OFPQueueStatsRequest(dp, 0, 0xFFFFFFFF, 0xFFFFFFFF)
    yield p13.OFPGroupStatsRequest(dp, 0, 7)
    yield p13.OFPGroupDescStatsRequest(dp, 0)
    yield p13.OFPGroupFeaturesStatsRequest(dp, 0)
    yield p13.OFPMeterStatsRequest(dp, 0, 1)
    yield p13.OFPMeterConfigStatsRequest(dp, 0, 1)
    yield p13.OFPMeterFeaturesStatsRequest(dp, 0)
    yield p13.OFPTableFeaturesStatsRequest(dp, 1, [table])
    yield p13.OFPPortDescStatsRequest(dp, 0)
    yield p13.OFPExperimenterStatsRequest(dp, 0, 0x4F4E4600, 1, b"\x01\x02")
    yield p13.OFPBarrierRequest(dp)
    yield p13.OFPQueueGetConfigRequest(dp, 0xFFFFFFFF)
    yield p13.OFPRoleRequest(dp, 2, 9)
    yield p13.OFPGetAsyncRequest(dp)
    yield p13.OFPSetAsync(dp, [7, 4], [7, 1], [15, 0])


def constants(module):
    return {name: value for name, value in vars(module).items() if isinstance(value, int)}


def main():
    if sys.argv[1:] == ["constants"]:
        modules = {"1.0": ofproto_v1_0, "1.2": ofproto_v1_2, "1.3": ofproto_v1_3, "1.5": ofproto_v1_5}
        print(json.dumps({version: constants(module) for version, module in modules.items()}))
        return
    # What it cannot read it would print with a traceback each.
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        read(bytes.fromhex(line))
    for built in (*built_10(OPENFLOW10), *built_13(OPENFLOW13)):
        build(built)


main()
