// The end of a channel of transport raw-udp or raw-ip: each send is one packet, each packet that comes is one datagram.
import { invariant } from '../../base/invariant.ts';
import type { IpFields } from '../../model/script.ts';
import type { PlayCommand } from '../../traffic/script/play.ts';
import { buildIp, buildUdp } from '../../wire/build.ts';
import { fragmentPacket } from '../../wire/fragment.ts';
import { PacketView } from '../../wire/packet.ts';
import { rewritePacket } from '../../wire/rewrite.ts';
import type { ChannelContext, RawChannel } from './channel.ts';
import { describePacket } from './describe-packet.ts';

type Send = Extract<PlayCommand, { kind: 'send' }>;

export class DatagramChannel implements RawChannel {
  readonly nextDue: number = Infinity;
  readonly isOver = true;
  readonly #context: ChannelContext;
  readonly #isUdp: boolean;
  /** IPv4 identifications, and those of fragments of either family: none is used twice within a play. */
  #id: number;
  readonly #view = new PacketView();

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

  #send({ bytes, ip = {}, protocol }: Send): void {
    const { emitter, path } = this.#context;
    this.#id = (this.#id + 1) & 0xffff;
    const packet = this.#build(bytes, ip, protocol);
    const { fragments } = ip;
    const packets = fragments ? fragmentPacket(packet, fragments, ip.id ?? this.#id) : [packet];
    for (const each of packets) emitter.send(path.exit, each);
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
