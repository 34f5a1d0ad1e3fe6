// The end of a channel of transport raw-udp or raw-ip: each send is one packet, each packet that comes is one datagram.
import { invariant } from '../../base/invariant.ts';
import type { IpFields } from '../../model/script.ts';
import type { PlayCommand } from '../../traffic/script/play.ts';
import { buildIp, buildUdp } from '../../wire/build.ts';
import { fragmentPacket } from '../../wire/fragment.ts';
import { renumberIpv4 } from '../../wire/ipv4.ts';
import { PacketView } from '../../wire/packet.ts';
import { rewritePacket } from '../../wire/rewrite.ts';
import type { ChannelContext, ChannelEnds, RawChannel } from './channel.ts';
import { describePacket } from './describe-packet.ts';

type Send = Extract<PlayCommand, { kind: 'send' }>;

/** A packet that was sent, and what it was made of. */
interface Sent {
  readonly bytes: Uint8Array;
  readonly ip: IpFields | undefined;
  readonly ends: ChannelEnds;
  readonly packet: Uint8Array;
}

export class DatagramChannel implements RawChannel {
  readonly nextDue: number = Infinity;
  readonly isOver = true;
  readonly #context: ChannelContext;
  readonly #isUdp: boolean;
  /** IPv4 identifications, and those of fragments of either family: none is used twice within a play. */
  #id: number;
  readonly #view = new PacketView();
  /** UDP: the last packet, where it was a whole one. */
  #last: Sent | null = null;

  constructor(context: ChannelContext, transport: 'raw-udp' | 'raw-ip') {
    this.#context = context;
    this.#isUdp = transport === 'raw-udp';
    this.#id = context.random.below(2 ** 16);
  }

  start(): void {
    this.#context.tell({ kind: 'open', channel: this.#context.channel });
  }

  perform(command: PlayCommand): 'done' | 'pending' {
    invariant(command.kind !== 'craft', 'Only TCP segments are crafted');
    if (command.kind === 'send') this.#send(command);
    return 'done';
  }

  receive(packet: PacketView): void {
    const { channel, tell } = this.#context;
    tell({ kind: 'packet', channel, packet: describePacket(packet) });
    if (this.#isUdp && packet.verifyTransportChecksum() === 'invalid') return;
    const { memory, transportStart, payloadStart, payloadEnd } = packet;
    const start = this.#isUdp ? payloadStart : transportStart;
    tell({ kind: 'data', channel, bytes: memory.slice(start, payloadEnd) });
  }

  tick(): void {
    // Nothing is due by itself.
  }

  finish(): void {
    // Nothing is under way.
  }

  abort(): void {
    // Nobody is told.
  }

  #send({ bytes, ip, protocol }: Send): void {
    const { emitter, path } = this.#context;
    this.#id = (this.#id + 1) & 0xffff;
    const again = this.#repeat(bytes, ip);
    if (again) {
      emitter.send(path.exit, again);
      return;
    }
    const packet = this.#build(bytes, ip ?? {}, protocol);
    const { fragments, id = this.#id } = ip ?? {};
    const packets = fragments ? fragmentPacket(packet, fragments, id) : [packet];
    for (const each of packets) emitter.send(path.exit, each);
    this.#last = this.#isUdp && !fragments ? { bytes, ip, ends: path.ends, packet } : null;
  }

  /** The last packet once more, when this one is the same but for its identification: what flat-out sending needs. */
  #repeat(bytes: Uint8Array, ip: IpFields | undefined): Uint8Array | undefined {
    const last = this.#last;
    if (last?.bytes !== bytes || last.ip !== ip || last.ends !== this.#context.path.ends)
      return undefined;
    const { packet, ends } = last;
    if (ends.own.family === 4 && ip?.id === undefined) renumberIpv4(packet, 0, this.#id);
    return packet;
  }

  #build(bytes: Uint8Array, ip: IpFields, protocol: number | undefined): Uint8Array {
    const { ends } = this.#context.path;
    const { ttl, trafficClass, flowLabel, id = this.#id, checksum, fragments } = ip;
    const { dontFragment = fragments === undefined } = ip;
    const { own: source, peer: destination } = ends;
    if (this.#isUdp)
      return buildUdp({
        source,
        destination,
        ttl,
        trafficClass,
        flowLabel,
        id,
        dontFragment,
        checksum,
        sourcePort: ends.ownPort,
        destinationPort: ends.peerPort,
        payload: bytes,
      });
    if (protocol !== undefined) {
      const fields = { ttl, trafficClass, flowLabel, id, dontFragment, ipChecksum: checksum };
      return buildIp({ source, destination, ...fields }, protocol, bytes);
    }
    return this.#rewrite(bytes);
  }

  /** A whole packet as captured gets our ends; ports stay unless the channel has some. */
  #rewrite(bytes: Uint8Array): Uint8Array {
    const { ends } = this.#context.path;
    const packet = Uint8Array.from(bytes);
    const isWhole = this.#view.load(packet, 0, packet.length);
    if (!isWhole || this.#view.version !== ends.own.family) return packet;
    rewritePacket(this.#view, {
      source: ends.own,
      destination: ends.peer,
      ...(ends.ownPort !== 0 && { sourcePort: ends.ownPort }),
      ...(ends.peerPort !== 0 && { destinationPort: ends.peerPort }),
    });
    return packet;
  }
}
