// The end of a channel of transport raw-tcp: a user-space TCP for what the script leaves out, and segments of the script's own.
import { invariant } from '../../base/invariant.ts';
import type { Instruction, RawDefaults } from '../../model/script.ts';
import { type Tcp, createTcp } from '../../roles/endpoint/tcp/tcp.ts';
import type { TcpEvent } from '../../roles/endpoint/tcp/event.ts';
import { type TcpEnds, packetsOf } from '../../roles/endpoint/tcp/packets.ts';
import type { TcpSegment } from '../../roles/endpoint/tcp/segment.ts';
import { TIMEOUT, unknownFailure } from '../../traffic/failure.ts';
import type { PlayCommand } from '../../traffic/script/play.ts';
import type { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';
import type { ChannelContext, ChannelEnds, RawChannel } from './channel.ts';
import { type CraftedSegment, toCraftedSegment } from './crafted-segment.ts';
import { craftedFlags } from './crafted-flags.ts';
import { describePacket } from './describe-packet.ts';
import { SegmentTemplates } from './segment-templates.ts';
import { digestWith } from './tcp-digest.ts';

const { FIN, RST, SYN } = TCP_FLAG;

export class TcpChannel implements RawChannel {
  readonly #context: ChannelContext;
  readonly #tcp: Tcp;
  /** All flags of segments that the program crafts: the stack sends no SYN or FIN where the script does. */
  readonly #crafted: number;
  #isOpen = false;
  #hasData = false;
  #hasPeerFinished = false;
  #hasTold = false;
  #wasReset = false;
  #isFinishing = false;
  /** Of a send that waits until its last byte has left. */
  #isSending = false;
  /** RFC 2385: of the segment that is crafted now. */
  #md5Key: string | null = null;
  #ends: { readonly of: ChannelEnds; readonly tcp: TcpEnds } | null = null;
  readonly #templates = new SegmentTemplates();

  constructor(
    context: ChannelContext,
    { mss, ack, retransmit }: RawDefaults,
    program: readonly Instruction[],
  ) {
    this.#context = context;
    this.#crafted = craftedFlags(program, context.channel);
    this.#tcp = createTcp({
      // Without timestamps a segment holds as much as the path's MTU says.
      settings: { maximumSegmentSize: mss, timestamps: false },
      policy: { ack, retransmit, handshake: this.#crafts(SYN) ? 'script' : 'stack' },
      random: context.random,
      output: {
        emit: (segment) => this.#emit(segment),
        report: (event) => this.#note(event),
      },
    });
    if (!context.isSource) this.#tcp.listen();
  }

  get nextDue(): number {
    return this.#tcp.nextDue;
  }

  get isOver(): boolean {
    const { state, policy } = this.#tcp;
    if (!this.#isFinishing || state === 'closed' || state === 'time-wait') return true;
    // Nobody tells us that our FIN has come, and we would not send it again.
    return !policy.retransmit && (state === 'last-ack' || state === 'closing');
  }

  start(now: number): void {
    if (!this.#context.isSource) return;
    if (this.#crafts(SYN)) this.#tellOpen();
    else this.#tcp.open(now);
  }

  perform(command: PlayCommand, now: number): 'done' | 'pending' {
    const tcp = this.#tcp;
    switch (command.kind) {
      case 'send':
        return this.#send(command, now);
      case 'craft':
        this.#craft(
          toCraftedSegment(command.segment, command.bytes, () => tcp.stamp(now)),
          now,
        );
        return 'done';
      case 'stack': {
        const { ack, retransmit } = command;
        tcp.configure(
          { ack: ack ?? tcp.policy.ack, retransmit: retransmit ?? tcp.policy.retransmit },
          now,
        );
        return 'done';
      }
      case 'close':
        if (command.how === 'reset') tcp.reset(now);
        else tcp.close(now);
        return 'done';
    }
  }

  receive(packet: PacketView, now: number): void {
    const { channel, tell, isSource } = this.#context;
    if (!isSource) this.#tellOpen();
    tell({ kind: 'packet', channel, packet: describePacket(packet) });
    this.#tcp.receive(packet, now);
    this.#settle(now);
  }

  tick(now: number): void {
    this.#tcp.tick(now);
    this.#settle(now);
  }

  finish(now: number): void {
    if (this.#crafts(FIN | RST) || this.#wasReset) return;
    this.#isFinishing = true;
    // What the script leaves to us is done as it should be: a FIN that nobody acknowledges is sent again and again.
    if (this.#tcp.policy.ack === 'piggyback') this.#tcp.configure({ ack: 'now' }, now);
    if (this.#context.isSource || this.#hasPeerFinished) this.#tcp.close(now);
  }

  abort(now: number): void {
    this.#tcp.reset(now);
  }

  #crafts(flags: number): boolean {
    return (this.#crafted & flags) !== 0;
  }

  #send(
    { bytes, framing, ip }: Extract<PlayCommand, { kind: 'send' }>,
    now: number,
  ): 'done' | 'pending' {
    const tcp = this.#tcp;
    const { segmentSize } = tcp.numbers;
    const sizes = framing === 'stream' ? [] : framing;
    const longest = Math.max(0, ...sizes);
    if (longest > segmentSize) {
      const limit = `the maximum segment size of ${segmentSize} bytes`;
      return this.#fail(`A segment of ${longest} bytes does not fit ${limit}`);
    }
    invariant(ip === undefined, 'IP fields make a segment a crafted one');
    if (!tcp.send(bytes, now, sizes)) return this.#fail('Our stream has ended');
    if (tcp.numbers.unsent === 0) return 'done';
    this.#isSending = true;
    this.#checkWindow();
    return 'pending';
  }

  /** A segment that is to leave whole, and that nothing on its way will make room for. */
  #checkWindow(): void {
    const { oversized, peerWindow } = this.#tcp.numbers;
    if (!this.#isSending || oversized === null) return;
    this.#isSending = false;
    this.#fail(
      `A segment of ${oversized} bytes does not fit the peer's window of ${peerWindow} bytes`,
    );
  }

  #craft({ spec, md5Key }: CraftedSegment, now: number): void {
    this.#md5Key = md5Key;
    this.#tcp.craft(spec, now);
    this.#md5Key = null;
  }

  #emit(segment: TcpSegment): void {
    const { emitter, path } = this.#context;
    const ends = this.#endsOf(path.ends);
    const key = segment.origin === 'script' ? this.#md5Key : null;
    const template = key === null ? this.#templates.fit(segment, ends) : null;
    if (template) emitter.write(path.exit, template);
    else {
      const packets = packetsOf(segment, ends, key === null ? undefined : digestWith(key));
      for (const packet of packets) emitter.send(path.exit, packet);
    }
  }

  /** The same object as long as the ends are the same. */
  #endsOf(ends: ChannelEnds): TcpEnds {
    if (this.#ends?.of !== ends) {
      const { own: source, peer: destination, ownPort, peerPort } = ends;
      const tcp = { source, destination, sourcePort: ownPort, destinationPort: peerPort };
      this.#ends = { of: ends, tcp };
    }
    return this.#ends.tcp;
  }

  #note(event: TcpEvent): void {
    const { channel, tell } = this.#context;
    switch (event.kind) {
      case 'established':
        this.#tellOpen();
        return;
      case 'data':
        this.#hasData = true;
        return;
      case 'fin':
        this.#hasPeerFinished = true;
        return;
      case 'reset':
        // Whether or not a sound TCP would obey it: the script judges.
        this.#wasReset = true;
        tell({ kind: 'reset', channel });
        return;
      case 'timeout':
        this.#fail(`Nobody acknowledged what was sent ${event.transmissions} times`, TIMEOUT);
        return;
      case 'segment':
      case 'dropped':
      case 'acked':
      case 'closed':
        return;
    }
  }

  /** After what happened to the connection: what came is told in order. */
  #settle(now: number): void {
    const { channel, tell } = this.#context;
    if (this.#hasData) {
      this.#hasData = false;
      tell({ kind: 'data', channel, bytes: this.#tcp.read(now) });
    }
    if (this.#hasPeerFinished && !this.#hasTold) {
      this.#hasTold = true;
      tell({ kind: 'end', channel });
      if (this.#isFinishing) this.#tcp.close(now);
    }
    if (this.#isSending && this.#tcp.numbers.unsent === 0) {
      this.#isSending = false;
      tell({ kind: 'sent', channel });
    }
    this.#checkWindow();
  }

  #tellOpen(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const { channel, tell } = this.#context;
    tell({ kind: 'open', channel });
  }

  #fail(detail: string, failure: string = unknownFailure(detail)): 'pending' {
    const operation = this.#isOpen ? 'write' : 'connect';
    this.#context.tell({ kind: 'failed', fault: { failure, operation, detail } });
    return 'pending';
  }
}
