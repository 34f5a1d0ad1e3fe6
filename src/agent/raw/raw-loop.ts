// The loop of the thread of raw endpoints: block until a packet comes, something is due or the main thread says something; let
// everybody act; send all of it.
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { type IpAddress, parseIp } from '../../base/addresses.ts';
import { seededRandom } from '../../base/random.ts';
import { FrameMemory, type PacketRing } from '../../kernel/packet-ring.ts';
import { Waiter } from '../../kernel/waiter.ts';
import { type LossCounter, lossCounter } from '../packet/loss-report.ts';
import { toAgentFault } from '../rpc.ts';
import { FrameEmitter } from './frame-emitter.ts';
import type { EndOrder, PartyOrder, PlaceOrder, RawReply, RawRequest } from './order.ts';
import { type RawEnd, RawParty } from './raw-party.ts';
import { RawPlace } from './raw-place.ts';
import type { RawScript } from './raw-script.ts';

/** Address space for rings and frames; taken from the machine as it is touched. */
const MEMORY_BYTES = 2 ** 30;
/** Frames of one ring before the others have their turn: more than a party sends in one. */
const BATCH = 1024;
/** Microseconds before a send during which the thread stays awake. */
const SPIN = 80;
/** Microseconds between two reports of losses. */
const REPORT_EVERY = 1e6;

interface KnownScript {
  readonly script: RawScript;
  /** The plan's. */
  readonly seed: number;
}

interface Play {
  readonly name: string;
  readonly parties: readonly RawParty[];
  /** Microseconds since the epoch; Infinity: nobody has said so yet. */
  start: number;
  isStarted: boolean;
}

export class RawLoop {
  readonly #waiter: Waiter;
  readonly #memory = new FrameMemory(MEMORY_BYTES);
  readonly #emitter = new FrameEmitter(this.#memory);
  readonly #post: (reply: RawReply) => void;
  readonly #scripts = new Map<string, KnownScript>();
  readonly #places = new Map<string, RawPlace>();
  readonly #sources: { readonly place: RawPlace; readonly ring: PacketRing }[] = [];
  readonly #plays = new Map<string, Play>();
  readonly #counters: LossCounter[] = [];
  #reported = 0;

  /** `event` is the descriptor of the event that ends its wait. */
  constructor(event: number, post: (reply: RawReply) => void) {
    this.#waiter = new Waiter(event);
    this.#post = post;
    this.#count(
      'lab',
      () => this.#emitter.lost,
      'packets of scripts lost: an interface did not take them',
    );
  }

  /** Serves until `isStopped`; `nextRequest` gives undefined when there is none. */
  run(isStopped: () => boolean, nextRequest: () => RawRequest | undefined): void {
    while (!isStopped()) {
      const readable = this.#waiter.wait(this.#nextDue, SPIN);
      this.#turn(readable);
      for (let request = nextRequest(); request; request = nextRequest()) this.#serve(request);
      this.#reportLosses(false);
    }
    this.#reportLosses(true);
    for (const { ring } of this.#sources) ring.close();
    this.#waiter.close();
  }

  get #nextDue(): number {
    let due = Infinity;
    for (const { isStarted, start, parties } of this.#plays.values())
      if (!isStarted) due = Math.min(due, start);
      else for (const party of parties) due = Math.min(due, party.nextDue);
    return due;
  }

  #turn(readable: number): void {
    const { now } = this.#waiter;
    this.#emitter.emitted = 0;
    this.#act(now);
    // What is due leaves before what has come is looked at.
    this.#emitter.flush();
    for (let index = 0; index < readable; index += 1) {
      const source = this.#sources[this.#waiter.ready[index] ?? 0];
      source?.place.serve(source.ring, BATCH, now);
    }
    this.#emitter.flush();
    for (let index = 0; index < readable; index += 1)
      this.#sources[this.#waiter.ready[index] ?? 0]?.ring.release();
    this.#conclude(now);
  }

  #act(now: number): void {
    for (const play of this.#plays.values())
      if (play.isStarted) {
        for (const party of play.parties) if (party.nextDue <= now) party.tick(now);
      } else if (play.start <= now) {
        play.isStarted = true;
        for (const party of play.parties) party.start(now);
      }
  }

  #conclude(now: number): void {
    for (const { name, isStarted, parties } of this.#plays.values()) {
      if (!isStarted || !parties.every((party) => party.isOver(now))) continue;
      this.#plays.delete(name);
      for (const party of parties) party.release();
      this.#post({ kind: 'ended', play: name, reports: parties.map((party) => party.report()) });
    }
  }

  #serve(request: RawRequest): void {
    switch (request.kind) {
      case 'flow':
        this.#scripts.set(request.flow, request);
        return;
      case 'open':
        try {
          this.#open(request);
          this.#post({ kind: 'opened', play: request.play });
        } catch (error) {
          this.#post({ kind: 'refused', play: request.play, fault: toAgentFault(error) });
        }
        return;
      case 'run': {
        const play = this.#plays.get(request.play);
        invariant(play, `Play "${request.play}" is open`);
        play.start = request.at ?? 0;
        return;
      }
      case 'giveUp': {
        const play = this.#plays.get(request.play);
        if (!play || play.parties.some(({ hasMet }) => hasMet)) return;
        this.#plays.delete(play.name);
        for (const party of play.parties) party.release();
        this.#post({ kind: 'ended', play: play.name, reports: [] });
      }
    }
  }

  #open({ play, flow, attempt, parties }: Extract<RawRequest, { kind: 'open' }>): void {
    const known = this.#scripts.get(flow);
    invariant(known, `The script of flow "${flow}" is known`);
    const made = parties.map((order) => this.#makeParty(order, known, `${flow}/${attempt}`));
    if (!made.every((party) => party.register())) {
      for (const party of made) party.release();
      throw new Fault('run', `Flow "${flow}" plays already between the same addresses and ports`, {
        help: 'Let one play end before the next begins, or give each its own ports',
      });
    }
    this.#plays.set(play, { name: play, parties: made, start: Infinity, isStarted: false });
  }

  #makeParty(
    { party, place: placeOrder, ends }: PartyOrder,
    { script, seed }: KnownScript,
    play: string,
  ): RawParty {
    const { transport, timeout, raw: defaults } = script;
    const scripted = script.parties[party];
    invariant(scripted, 'A party that plays is one of the script');
    const place = this.#place(placeOrder);
    return new RawParty({
      ...{ party: scripted, transport, timeout, seed, place, defaults },
      random: seededRandom(seed, `${play}/${scripted.name}`),
      ends: ends.map((end) => makeEnd(end, place)),
      emitter: this.#emitter,
    });
  }

  #place(order: PlaceOrder): RawPlace {
    const { node } = order;
    const place = this.#places.get(node) ?? new RawPlace(this.#memory, node);
    this.#places.set(node, place);
    for (const { ring, name } of place.open(order)) {
      this.#waiter.watch(ring.fd, this.#sources.length);
      this.#sources.push({ place, ring });
      this.#count(node, () => ring.countDrops(), `frames lost: the ring of ${name} was full`);
      const longer = `frames lost: longer than the ring of ${name} can hold`;
      this.#count(node, () => ring.truncated, longer);
    }
    return place;
  }

  #count(place: string, read: () => number, what: string): void {
    const tell = (count: number): void => this.#post({ kind: 'loss', place, count, what });
    this.#counters.push(lossCounter(read, tell));
  }

  #reportLosses(isLast: boolean): void {
    const { now } = this.#waiter;
    if (!isLast && now - this.#reported < REPORT_EVERY) return;
    for (const counter of this.#counters) counter.report();
    this.#reported = now;
  }
}

const makeEnd = (
  { channel, isSource, own, peer, isPeerHidden, hop }: EndOrder,
  place: RawPlace,
): RawEnd => ({
  channel,
  isSource,
  path: {
    ends: {
      own: planned(own.address),
      ownPort: own.port,
      peer: planned(peer.address),
      peerPort: peer.port,
    },
    exit: place.exit(hop),
    isPeerHidden,
  },
});

function planned(text: string): IpAddress {
  const address = parseIp(text);
  invariant(address.ok, address.ok ? '' : `A plan holds whole addresses. ${address.error}`);
  return address.value;
}
