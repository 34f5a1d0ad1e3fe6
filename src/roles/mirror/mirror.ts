// A mirror in packet mode, without I/O: packets of clients, headers of the target's answers and times in, packets to the target and news out.
// It decides which sessions are copied and under which ports, and finds the one that a packet is of.
import { type IpAddress, parseIp } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import { type Random, seededRandom } from '../../base/random.ts';
import type { MirrorStatistics, RefusalCause } from '../../model/mirror-record.ts';
import type { PlanMirror } from '../../model/mirror.ts';
import { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';
import { Reassembler } from '../endpoint/reassembler.ts';
import { Timers } from '../relay/timers.ts';
import { Admission } from './admission.ts';
import { ClientMapping } from './client-mapping.ts';
import { DatagramSession } from './datagram-session.ts';
import { describeEnd, destinationKey, endKey, reverseKey, sessionKey } from './ends.ts';
import type { MakeHook } from './hook.ts';
import type { MirrorPort, PacketMirror } from './mirror-port.ts';
import type { CopyPlace, Session, SessionParts } from './session.ts';
import { Tally } from './tally.ts';
import { TcpSession } from './tcp-session.ts';

const { ACK, RST, SYN } = TCP_FLAG;

export interface MirrorOptions {
  readonly plan: PlanMirror;
  readonly seed: number;
  /** Of `plan.hook`; null: there is none. */
  readonly makeHook: MakeHook | null;
  readonly port: MirrorPort;
}

/**
 * Microseconds after which each session is looked at again, though nothing may be due: what is set for later is not taken back, and would keep
 * sessions in memory that are long over.
 */
const HORIZON = 5_000_000;

/** Sessions that are remembered so that they are refused once. */
const REFUSED_LIMIT = 65_536;

interface Entry {
  readonly session: Session;
  readonly key: string;
  readonly copies: readonly string[];
  /** When it is asked next, microseconds since the epoch. */
  scheduled: number;
}

interface CopyEntry {
  readonly entry: Entry;
  readonly index: number;
}

export const createMirror = (options: MirrorOptions): Mirror => new Mirror(options);

export class Mirror implements PacketMirror {
  readonly #options: MirrorOptions;
  readonly #targets: readonly IpAddress[];
  readonly #targetKeys: ReadonlySet<string>;
  readonly #onlineKeys: ReadonlySet<string>;
  readonly #admission: Admission;
  readonly #mapping: ClientMapping;
  readonly #random: Random;
  readonly #tally = new Tally();
  readonly #timers = new Timers();
  readonly #reassembler = new Reassembler();
  readonly #whole = new PacketView();
  /** By the whole 4-tuple at the online server, and copies by the client's end at the target. */
  readonly #sessions = new Map<string, Entry>();
  readonly #copies = new Map<string, CopyEntry>();
  /** All, with those whose ports have begun another session since. */
  readonly #all = new Set<Entry>();
  /** Sessions that are not copied, the oldest first: the sequence number of their SYN, or of the first that was seen. */
  readonly #refused = new Map<string, number>();
  #copyCount = 0;

  constructor(options: MirrorOptions) {
    const { plan, seed } = options;
    this.#options = options;
    this.#targets = plan.target.addresses.map(addressOf);
    this.#targetKeys = new Set(this.#targets.map((address) => endKey(address, plan.target.port)));
    this.#onlineKeys = new Set(
      plan.online.addresses.map((text) => endKey(addressOf(text), plan.online.port)),
    );
    this.#random = seededRandom(seed, `mirror ${plan.name}`);
    this.#admission = new Admission(plan, this.#random.below(2 ** 31));
    this.#mapping = new ClientMapping(plan.mapped);
  }

  fromClient(view: PacketView, now: number): void {
    this.#tally.captured += 1;
    if (view.isFragment) {
      const packet = this.#reassembler.push(view, now);
      if (packet === null || !this.#whole.load(packet, 0, packet.length)) return;
      this.#take(this.#whole, now);
      return;
    }
    this.#take(view, now);
  }

  fromOnline(view: PacketView, now: number): void {
    if (!this.#isOfProtocol(view)) return;
    const entry = this.#sessions.get(reverseKey(view));
    if (entry === undefined) return;
    entry.session.fromOnline(view, now);
    this.#afterwards(entry, now);
  }

  fromTarget(view: PacketView, now: number): void {
    // Of a datagram in pieces the first tells whose it is.
    if (view.fragmentOffset > 0) return;
    this.#tally.answers += 1;
    const found = this.#isFromTarget(view) ? this.#copies.get(destinationKey(view)) : undefined;
    if (found?.entry.session.fromTarget(found.index, view, now) !== true) this.#tally.strays += 1;
    if (found !== undefined) this.#afterwards(found.entry, now);
  }

  noteLeak(): void {
    this.#tally.leaked += 1;
  }

  get nextDue(): number {
    return this.#timers.nextDue;
  }

  onTime(now: number): void {
    this.#timers.run(now);
  }

  stop(now: number): void {
    for (const entry of [...this.#all]) {
      entry.session.stop(now);
      this.#remove(entry);
    }
  }

  statistics(): MirrorStatistics {
    return this.#tally.snapshot();
  }

  #take(view: PacketView, now: number): void {
    if (!this.#isOfProtocol(view) || !this.#onlineKeys.has(destinationKey(view))) return;
    const key = sessionKey(view);
    const isBeginning = view.isUdp || (view.flags & (SYN | ACK)) === SYN;
    const known = this.#sessions.get(key);
    const isOther = isBeginning && known?.session.isOpenedBy(view) === false;
    if (known !== undefined && isOther) {
      known.session.replace(now);
      this.#sessions.delete(key);
      this.#afterwards(known, now);
    }
    const entry = known === undefined || isOther ? this.#begin(view, key, isBeginning, now) : known;
    if (entry === null) return;
    entry.session.fromClient(view, now);
    this.#afterwards(entry, now);
  }

  /** Null: the packet's session is not copied. */
  #begin(view: PacketView, key: string, isBeginning: boolean, now: number): Entry | null {
    // Without a word of the client's there is nothing to copy yet.
    const isSilent = view.payloadLength === 0 || (view.flags & RST) !== 0;
    if (!isBeginning && isSilent) return null;
    const refusedBefore = this.#refused.get(key);
    if (refusedBefore !== undefined && (view.isUdp || !isBeginning)) return null;
    if (refusedBefore === view.sequence && isBeginning && view.isTcp) return null;
    this.#tally.seen += 1;
    const cause = this.#admission.refuse(view, isBeginning, now);
    const places = cause ?? this.#places(view);
    if (typeof places === 'string') {
      this.#refuse(key, view, places, now);
      return null;
    }
    const session = this.#create(view, places, now);
    const entry: Entry = {
      session,
      key,
      copies: places.map(({ ends }) => endKey(ends.source, ends.sourcePort)),
      scheduled: Number.POSITIVE_INFINITY,
    };
    this.#sessions.set(key, entry);
    this.#all.add(entry);
    this.#refused.delete(key);
    this.#tally.open += 1;
    for (const [index, copy] of entry.copies.entries()) this.#copies.set(copy, { entry, index });
    return entry;
  }

  #create(view: PacketView, copies: readonly CopyPlace[], now: number): Session {
    const { plan, makeHook, port } = this.#options;
    const number = this.#tally.seen;
    const parts: SessionParts = {
      number,
      spec: plan,
      copies,
      makeHook,
      random: this.#random.fork(`session ${number}`),
      tally: this.#tally,
      port,
    };
    return view.isUdp ? new DatagramSession(parts, view, now) : new TcpSession(parts, view, now);
  }

  /** Where each copy of a session speaks to the target. */
  #places(view: PacketView): readonly CopyPlace[] | RefusalCause {
    const { plan } = this.#options;
    if (this.#sessions.size >= plan.limits.sessions) return 'too-many-sessions';
    const { source, sourcePort } = view;
    const destination = this.#targets.find(({ family }) => family === source.family);
    if (destination === undefined) return 'no-target-of-its-family';
    const places: CopyPlace[] = [];
    const taken = new Set<string>();
    for (let copy = 0; copy < plan.multiply; copy += 1) {
      const end = this.#mapping.take(source, sourcePort, copy, ({ address, port }) => {
        const key = endKey(address, port);
        return taken.has(key) || this.#copies.has(key);
      });
      if (end === null) return 'no-free-port';
      taken.add(endKey(end.address, end.port));
      const ends = {
        source: end.address,
        sourcePort: end.port,
        destination,
        destinationPort: plan.target.port,
      };
      places.push({ number: (this.#copyCount += 1), ends });
    }
    return places;
  }

  #refuse(key: string, view: PacketView, cause: RefusalCause, now: number): void {
    const client = describeEnd(view.source, view.sourcePort);
    this.#tally.noteRefusal(cause);
    this.#options.port.tell({ kind: 'refused', time: now, client, cause });
    this.#refused.delete(key);
    this.#refused.set(key, view.sequence);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > REFUSED_LIMIT && oldest !== undefined) this.#refused.delete(oldest);
  }

  #isOfProtocol(view: PacketView): boolean {
    return this.#options.plan.protocol === 'udp' ? view.isUdp : view.isTcp;
  }

  #isFromTarget(view: PacketView): boolean {
    return this.#isOfProtocol(view) && this.#targetKeys.has(endKey(view.source, view.sourcePort));
  }

  /** Sets the session's clock, and forgets it when it is over. */
  #afterwards(entry: Entry, now: number): void {
    if (entry.session.isOver) {
      this.#remove(entry);
      return;
    }
    const due = Math.min(entry.session.nextDue, now + HORIZON);
    // What was set for later finds out then that it came too early.
    if (due >= entry.scheduled) return;
    entry.scheduled = due;
    this.#timers.set(due, (now) => this.#expire(entry, due, now));
  }

  #expire(entry: Entry, due: number, now: number): void {
    if (entry.scheduled !== due || !this.#all.has(entry)) return;
    entry.scheduled = Number.POSITIVE_INFINITY;
    if (entry.session.nextDue <= now) entry.session.expire(now);
    this.#afterwards(entry, now);
  }

  #remove(entry: Entry): void {
    if (!this.#all.delete(entry)) return;
    this.#tally.open -= 1;
    if (this.#sessions.get(entry.key) === entry) this.#sessions.delete(entry.key);
    for (const copy of entry.copies)
      if (this.#copies.get(copy)?.entry === entry) this.#copies.delete(copy);
  }
}

function addressOf(text: string): IpAddress {
  const address = parseIp(text);
  invariant(address.ok, 'a plan has addresses where it says so');
  return address.value;
}
