"""Carries frames between two interfaces, as a program of an experimenter's might: it answers what holds the forbidden word
with a RST in the server's name, and drops it. Arguments: the two interfaces, the word, a file to make when it carries."""
import select
import socket
import struct
import sys

ETH_P_ALL = 3
ETHERNET = 14
IPV4 = b'\x08\x00'
TCP = 6
RST_ACK = 0x14


def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def reset(frame):
    """The RST that answers an IPv4 frame without IP options."""
    source, destination = frame[26:30], frame[30:34]
    ports = frame[36:38] + frame[34:36]
    sequence, acknowledgment = struct.unpack('!II', frame[38:46])
    header = 4 * (frame[46] >> 4)
    length = struct.unpack('!H', frame[16:18])[0] - 20 - header
    tcp = ports + struct.pack(
        '!IIBBHHH', acknowledgment, (sequence + length) & 0xFFFFFFFF, 0x50, RST_ACK, 0, 0, 0
    )
    pseudo = destination + source + struct.pack('!HH', TCP, len(tcp))
    tcp = tcp[:16] + struct.pack('!H', checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(tcp), 0x1234, 0, 99, TCP, 0) + destination + source
    ip = ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:]
    return frame[6:12] + frame[0:6] + IPV4 + ip + tcp


def main(left, right, word, ready):
    sides = []
    for name in (left, right):
        side = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(ETH_P_ALL))
        side.bind((name, ETH_P_ALL))
        sides.append(side)
    open(ready, 'w').close()
    while True:
        for side in select.select(sides, [], [])[0]:
            frame, address = side.recvfrom(65536)
            if address[2] == socket.PACKET_OUTGOING:
                continue
            other = sides[1 - sides.index(side)]
            if frame[12:14] == IPV4 and frame[23] == TCP and word.encode() in frame:
                side.send(reset(frame))
            else:
                other.send(frame)


main(*sys.argv[1:])
