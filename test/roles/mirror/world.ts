// Clients of an online server, a mirror that sees their packets there, a target, and an assistant that sends back the headers of its answers.
// On a virtual clock: no waiting, the same each time. Clients, online server and target are TCPs of roles/endpoint, none of which knows of the mirror.
import { sameIp } from '../../../src/base/addresses.ts';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import { DEFAULT_MIRROR } from '../../../src/model/mirror-defaults.ts';
import type { MirrorNews } from '../../../src/model/mirror-record.ts';
import type { PlanMirror } from '../../../src/model/mirror.ts';
import { type TcpEnds, packetsOf } from '../../../src/roles/endpoint/tcp/packets.ts';
import type { TcpSettings } from '../../../src/roles/endpoint/tcp/settings.ts';
import { type Tcp, createTcp } from '../../../src/roles/endpoint/tcp/tcp.ts';
import type { MakeHook } from '../../../src/roles/mirror/hook.ts';
import type { Words } from '../../../src/roles/mirror/mirror-port.ts';
import { type Mirror, createMirror } from '../../../src/roles/mirror/mirror.ts';
import { Timers } from '../../../src/roles/relay/timers.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { TCP_FLAG, addSequence } from '../../../src/wire/tcp.ts';
import { swapped } from '../endpoint/tcp/playbook.ts';
import { ip } from '../forward/router.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAG;
export const START = 1_700_000_000_000_000;
export const SECOND = 1_000_000;
const MILLI = 1000;
export const ONLINE_PORT = 9999;
export const TARGET_PORT = 10_231;

export const PLAN: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'online', addresses: ['10.1.0.2', 'fd01::2'], port: ONLINE_PORT },
  target: { node: 'target', addresses: ['10.2.0.2', 'fd02::2'], port: TARGET_PORT },
  assistant: 'assistant',
};

/** Milliseconds, one way. */
export interface Link {
  readonly loss?: number;
  readonly duplicates?: number;
  readonly delay?: number;
  readonly jitter?: number;
}

export interface Request {
  readonly bytes: Uint8Array;
  /** Bytes that the online server answers. */
  readonly answer: number;
}

export interface Dialogue {
  readonly requests: readonly Request[];
  /** What the client does when all is answered. */
  readonly end?: 'close' | 'reset' | 'stay';
  /** Requests in which the mirror is not there yet. */
  readonly unseen?: number;
  readonly client?: Partial<TcpSettings>;
  readonly family?: 4 | 6;
  readonly port?: number;
  /** Milliseconds between an answer and the next request. */
  readonly pause?: number;
}

/** What the target does with a connection. */
export interface Conduct {
  /** What it answers to a request of which the online server answers so much. */
  readonly answer?: (bytes: number) => number;
  /** It closes after so many requests, though the client does not. */
  readonly closesAfter?: number;
  /** It resets when it has got so many bytes. */
  readonly resetsAfter?: number;
  /** Requests of the dialogue that were said before this connection. */
  readonly skips?: number;
  /** It says so much when the connection is there. */
  readonly greets?: number;
  /** It never reads: its window closes. */
  readonly hangs?: boolean;
  /** Nothing listens: RST. Or nobody is there: nothing. */
  readonly absent?: 'refuses' | 'silent';
  /** Bytes that it reads in a millisecond. */
  readonly reads?: number;
  readonly settings?: Partial<TcpSettings>;
}

export interface WorldOptions {
  readonly seed?: number;
  readonly plan?: Partial<PlanMirror>;
  readonly makeHook?: MakeHook | null;
  /** Between clients and the online server, from there to the target, and from the assistant back. */
  readonly links?: { readonly clients?: Link; readonly target?: Link; readonly assistant?: Link };
  /** Share of clients' packets that the capture loses. */
  readonly captureLoss?: number;
  /** Whether the mirror sees what the online server says. */
  readonly seesOnline?: boolean;
  /** Whether the assistant keeps payloads. */
  readonly keepsPayload?: boolean;
  readonly conduct?: (connection: number) => Conduct;
}

interface Peer {
  readonly tcp: Tcp;
  received: Uint8Array;
  scheduled: number;
  /** Does what its application does. */
  act: () => void;
}

export interface ClientSession {
  readonly dialogue: Dialogue;
  readonly ends: TcpEnds;
  readonly client: Peer;
  readonly online: Peer;
  said: number;
  answered: number;
}

export class World {
  now: number = START;
  readonly mirror: Mirror;
  readonly news: MirrorNews[] = [];
  readonly words: Words[] = [];
  readonly sessions: ClientSession[] = [];
  /** Packets of the mirror that went elsewhere than to the target. */
  astray = 0;
  /** RSTs that clients got. */
  clientResets = 0;
  /** Flags and sizes of packets to the target. */
  readonly sent: { readonly flags: number; readonly length: number }[] = [];
  readonly #options: WorldOptions;
  readonly #chance: Random;
  readonly #random: Random;
  readonly #queue = new Timers();
  readonly #targets = new Map<string, Peer[]>();
  #connections = 0;
  #mirrorScheduled = Infinity;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
    this.#chance = this.#random.fork('links');
    this.mirror = createMirror({
      plan: { ...PLAN, ...options.plan },
      seed: options.seed ?? 1,
      makeHook: options.makeHook ?? null,
      port: {
        send: (packet) => this.#toTarget(packet),
        tell: (news) => this.news.push(news),
        heard: (words) =>
          this.words.push({ ...words, bytes: words.bytes === null ? null : words.bytes.slice() }),
      },
    });
  }

  open(dialogue: Dialogue): ClientSession {
    const number = this.sessions.length;
    const isV4 = (dialogue.family ?? 4) === 4;
    const ends: TcpEnds = {
      source: ip(isV4 ? `10.9.${number >>> 7}.${(number & 0x7f) + 1}` : `fd09::${number + 1}`),
      destination: ip(isV4 ? '10.1.0.2' : 'fd01::2'),
      sourcePort: dialogue.port ?? 40_000 + (number % 20_000),
      destinationPort: ONLINE_PORT,
    };
    const isSeen = (): boolean => session.answered >= (dialogue.unseen ?? 0);
    const link = this.#options.links?.clients;
    const client = this.#peer(`client ${number}`, ends, dialogue.client, (packet) => {
      this.#carry(packet, link, (arrived) => {
        if (isSeen() && this.#chance.next() >= (this.#options.captureLoss ?? 0))
          this.#load(arrived, (view) => this.mirror.fromClient(view, this.now));
        this.#load(arrived, (view) => online.tcp.receive(view, this.now));
        this.#use(online);
        this.#scheduleMirror();
      });
    });
    const online = this.#peer(`online ${number}`, swapped(ends), {}, (packet) => {
      if (isSeen() && (this.#options.seesOnline ?? true))
        this.#load(packet, (view) => this.mirror.fromOnline(view, this.now));
      this.#scheduleMirror();
      this.#carry(packet, link, (arrived) => {
        this.#load(arrived, (view) => {
          if ((view.flags & RST) !== 0) this.clientResets += 1;
          client.tcp.receive(view, this.now);
        });
        this.#use(client);
      });
    });
    const session: ClientSession = { dialogue, ends, client, online, said: 0, answered: 0 };
    client.act = () => this.#actAsClient(session);
    online.act = () => this.#actAsServer(online, dialogue, (bytes) => bytes, {});
    online.tcp.listen();
    client.tcp.open(this.now);
    this.sessions.push(session);
    this.#use(client);
    return session;
  }

  /** Goes on until nothing is left to happen, or so many microseconds have passed, or `isDone`. */
  run(limit: number = 3600 * SECOND, isDone: () => boolean = () => false): void {
    const until = this.now + limit;
    while (!isDone() && this.#queue.nextDue <= until) {
      this.now = Math.max(this.now, this.#queue.nextDue);
      this.#queue.run(this.now);
    }
    if (!isDone()) this.now = Math.max(this.now, until);
  }

  /** Until every client and every copy is done. */
  finish(limit: number = 3600 * SECOND): void {
    this.run(limit, () => this.mirror.statistics().sessions.open === 0 && this.#areDone);
  }

  get #areDone(): boolean {
    return this.sessions.every(({ client }) => client.tcp.state === 'closed');
  }

  /** Connections of the target in their order, by the client's end. */
  get targets(): ReadonlyMap<string, readonly Peer[]> {
    return this.#targets;
  }

  /** Of a session, all that the target has read, connection by connection. */
  heardOf({ ends }: ClientSession): Uint8Array[] {
    const peers = this.#targets.get(keyOf(ends.source.bytes, ends.sourcePort)) ?? [];
    return peers.map(({ received }) => received);
  }

  outcomes(): Extract<MirrorNews, { kind: 'ended' }>[] {
    return this.news.flatMap((one) => (one.kind === 'ended' ? [one] : []));
  }

  #peer(
    name: string,
    from: TcpEnds,
    settings: Partial<TcpSettings> | undefined,
    emit: (packet: Uint8Array) => void,
  ): Peer {
    const tcp = createTcp({
      settings: { minimumTimeout: 50_000, ...settings },
      random: this.#random.fork(name),
      output: {
        emit: (segment) => packetsOf(segment, from).forEach(emit),
        report: () => undefined,
      },
    });
    return { tcp, received: new Uint8Array(0), scheduled: Infinity, act: () => undefined };
  }

  /** Lets an application do what it can, and sets its clock. */
  #use(peer: Peer): void {
    peer.act();
    const due = peer.tcp.nextDue;
    if (due >= peer.scheduled) return;
    peer.scheduled = due;
    this.#queue.set(due, () => {
      if (peer.scheduled !== due) return;
      peer.scheduled = Infinity;
      if (peer.tcp.nextDue <= this.now) peer.tcp.tick(this.now);
      this.#use(peer);
    });
  }

  #actAsClient(session: ClientSession): void {
    const { client, dialogue } = session;
    const { requests, end = 'close', pause = 0 } = dialogue;
    this.#read(client, Infinity);
    if (client.tcp.state !== 'established') return;
    const due = requests.slice(0, session.said).reduce((sum, { answer }) => sum + answer, 0);
    if (client.received.length < due) return;
    session.answered = session.said;
    const next = requests[session.said];
    if (next !== undefined) {
      session.said += 1;
      const say = (): void => {
        client.tcp.send(next.bytes, this.now);
        this.#use(client);
      };
      if (pause === 0 || session.said === 1) say();
      else this.#queue.set(this.now + pause * MILLI, say);
    } else if (end === 'close') client.tcp.close(this.now);
    else if (end === 'reset') client.tcp.reset(this.now);
  }

  /** Answers each request of the dialogue as soon as it is there, and closes when the client has. */
  #actAsServer(
    peer: Peer,
    dialogue: Dialogue | undefined,
    answerOf: (bytes: number) => number,
    conduct: Conduct,
  ): void {
    const before = peer.received.length;
    this.#read(peer, conduct.hangs === true ? 0 : Infinity);
    const { tcp } = peer;
    const state = answersOf(peer);
    if (conduct.greets !== undefined && !state.hasGreeted && tcp.state === 'established') {
      state.hasGreeted = true;
      tcp.send(new Uint8Array(conduct.greets), this.now);
    }
    // Nobody is there any more to read what comes: Linux resets.
    if (state.isShut && peer.received.length > before) {
      peer.received = peer.received.subarray(0, before);
      tcp.reset(this.now);
      return;
    }
    if (conduct.resetsAfter !== undefined && peer.received.length >= conduct.resetsAfter) {
      tcp.reset(this.now);
      return;
    }
    let bytes = 0;
    for (const [index, request] of (dialogue?.requests ?? []).slice(state.skipped).entries()) {
      bytes += request.bytes.length;
      if (bytes > peer.received.length) break;
      if (index < state.answered) continue;
      state.answered += 1;
      const answer = answerOf(request.answer);
      if (answer > 0) tcp.send(new Uint8Array(answer).fill(state.skipped + index), this.now);
      if (conduct.closesAfter !== state.answered) continue;
      state.isShut = true;
      tcp.close(this.now);
      return;
    }
    if (tcp.state === 'close-wait') tcp.close(this.now);
  }

  #read(peer: Peer, limit: number): void {
    const bytes = peer.tcp.read(this.now, limit);
    if (bytes.length > 0) peer.received = Buffer.concat([peer.received, bytes]);
  }

  #toTarget(packet: Uint8Array): void {
    this.#load(packet, (view) => {
      if (view.destinationPort !== TARGET_PORT || !/^(10\.2|fd02)/.test(view.destinationText))
        this.astray += 1;
      if (view.verifyTransportChecksum() !== 'valid' || view.verifyIpChecksum() === 'invalid')
        throw new Error('a packet to the target has a wrong checksum');
      this.sent.push({ flags: view.flags, length: view.payloadLength });
    });
    this.#carry(packet, this.#options.links?.target, (arrived) => this.#arriveAtTarget(arrived));
  }

  #arriveAtTarget(packet: Uint8Array): void {
    this.#load(packet, (view) => {
      const key = keyOf(view.source.bytes, view.sourcePort);
      const known = this.#targets.get(key) ?? [];
      let peer = known.at(-1);
      const isSyn = (view.flags & (SYN | ACK)) === SYN;
      const conduct = this.#options.conduct?.(this.#connections) ?? {};
      if (isSyn && (peer === undefined || peer.tcp.state === 'closed')) {
        if (conduct.absent === undefined) {
          peer = this.#listen(view, conduct, known.length);
          this.#targets.set(key, [...known, peer]);
        } else if (conduct.absent === 'silent') return;
      }
      if (peer === undefined || peer.tcp.state === 'closed') {
        this.#resetAtTarget(view);
        return;
      }
      peer.tcp.receive(view, this.now);
      this.#use(peer);
    });
  }

  #listen(view: PacketView, conduct: Conduct, generation: number): Peer {
    this.#connections += 1;
    const ends: TcpEnds = {
      source: view.destination,
      destination: view.source,
      sourcePort: view.destinationPort,
      destinationPort: view.sourcePort,
    };
    const emit = (packet: Uint8Array): void => this.#fromTarget(packet);
    const name = `target ${this.#connections}`;
    const peer = this.#peer(name, ends, { timeWait: 10_000, ...conduct.settings }, emit);
    const session = this.#sessionOf(view);
    const unseen = session?.dialogue.unseen ?? 0;
    const before = generation * (conduct.closesAfter ?? 0) + (conduct.skips ?? 0);
    states.set(peer, { answered: 0, skipped: unseen + before, isShut: false, hasGreeted: false });
    const answerOf = conduct.answer ?? ((bytes: number) => bytes);
    peer.act = () => this.#actAsServer(peer, session?.dialogue, answerOf, conduct);
    if (conduct.reads !== undefined) this.#readSlowly(peer, conduct.reads);
    peer.tcp.listen();
    return peer;
  }

  /** Whose copy it is: under the client's own end or, where that is mapped, by the end of its address. */
  #sessionOf({ source, sourcePort }: PacketView): ClientSession | undefined {
    const ofEnd = (whole: boolean) => (one: ClientSession) =>
      (sameIp(one.ends.source, source) && one.ends.sourcePort === sourcePort) ||
      (!whole && one.ends.source.bytes.at(-1) === source.bytes.at(-1));
    return this.sessions.find(ofEnd(true)) ?? this.sessions.find(ofEnd(false));
  }

  /** Its application reads so much each millisecond, and answers when it has read all. */
  #readSlowly(peer: Peer, bytes: number): void {
    const { act } = peer;
    peer.act = () => undefined;
    const turn = (): void => {
      this.#read(peer, bytes);
      if (peer.tcp.numbers.available === 0) act();
      this.#use(peer);
      if (peer.tcp.state !== 'closed') this.#queue.set(this.now + MILLI, turn);
    };
    this.#queue.set(this.now + MILLI, turn);
  }

  /** What a kernel answers that has no such connection (RFC 9293 section 3.10.7.1). */
  #resetAtTarget(view: PacketView): void {
    if ((view.flags & RST) !== 0) return;
    const length =
      view.payloadLength + ((view.flags & SYN) === 0 ? 0 : 1) + ((view.flags & FIN) === 0 ? 0 : 1);
    const isAck = (view.flags & ACK) !== 0;
    this.#fromTarget(
      buildTcp({
        source: view.destination,
        destination: view.source,
        sourcePort: view.destinationPort,
        destinationPort: view.sourcePort,
        sequence: isAck ? view.acknowledgment : 0,
        acknowledgment: isAck ? 0 : addSequence(view.sequence, length),
        flags: isAck ? RST : RST | ACK,
      }),
    );
  }

  /** By the route to the assistant, which keeps headers and forwards nothing. */
  #fromTarget(packet: Uint8Array): void {
    this.#carry(packet, this.#options.links?.assistant, (arrived) => {
      this.#load(arrived, (view) => {
        const end = this.#options.keepsPayload === true ? arrived.length : view.payloadStart;
        const head = new PacketView();
        if (!head.load(arrived.slice(0, end), 0, end, arrived.length))
          throw new Error(head.fault ?? '');
        this.mirror.fromTarget(head, this.now);
      });
      this.#scheduleMirror();
    });
  }

  #carry(packet: Uint8Array, link: Link = {}, arrive: (packet: Uint8Array) => void): void {
    const { loss = 0, duplicates = 0, delay = 0.1, jitter = 0 } = link;
    const copies = this.#chance.next() < duplicates ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#chance.next() < loss) continue;
      const at = this.now + (delay + jitter * this.#chance.next()) * MILLI;
      const bytes = packet.slice();
      this.#queue.set(at, () => arrive(bytes));
    }
  }

  #load(packet: Uint8Array, use: (view: PacketView) => void): void {
    const memory = packet.slice();
    const view = new PacketView();
    if (!view.load(memory, 0, memory.length)) throw new Error(view.fault ?? '');
    use(view);
    memory.fill(0xee);
  }

  #scheduleMirror(): void {
    const due = this.mirror.nextDue;
    if (due >= this.#mirrorScheduled || due === Infinity) return;
    this.#mirrorScheduled = due;
    this.#queue.set(due, () => {
      if (this.#mirrorScheduled !== due) return;
      this.#mirrorScheduled = Infinity;
      this.mirror.onTime(this.now);
      this.#scheduleMirror();
    });
  }
}

interface Answering {
  answered: number;
  readonly skipped: number;
  /** Whether the application has closed by itself. */
  isShut: boolean;
  hasGreeted: boolean;
}

const states = new WeakMap<Peer, Answering>();

function answersOf(peer: Peer): Answering {
  const known = states.get(peer) ?? { answered: 0, skipped: 0, isShut: false, hasGreeted: false };
  states.set(peer, known);
  return known;
}

const keyOf = (address: Uint8Array, port: number): string => `${address.join('.')}:${port}`;

/** Bytes that the seed decides. */
const noise = (seed: number, length: number): Uint8Array => seededRandom(seed).bytes(length);

/** All that a client says. */
export const wordsOf = ({ dialogue }: ClientSession): Uint8Array =>
  Buffer.concat(dialogue.requests.slice(dialogue.unseen ?? 0).map(({ bytes }) => bytes));

export const requests = (count: number, size: number, answer: number): Request[] =>
  Array.from({ length: count }, (_, index) => ({ bytes: noise(index + 1, size), answer }));
