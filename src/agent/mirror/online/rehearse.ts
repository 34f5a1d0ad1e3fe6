// Connections of a mirror's own, before it sees any: a client and a target in memory play them to the end. What comes first is otherwise
// carried by code that has never run, many times slower, and the rings fill meanwhile.
import type { PlanMirror } from '../../../model/mirror.ts';
import { clockMicros } from '../../../kernel/waiter.ts';
import { type Mirror, createMirror } from '../../../roles/mirror/mirror.ts';
import { buildTcp } from '../../../wire/build.ts';
import { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { emitTcpOptions } from '../../../wire/tcp-options.ts';
import { plannedIp } from '../../../model/planned-address.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAG;
/** RFC 5737: nobody's. */
const CLIENT = '192.0.2.1';
const ONLINE = '192.0.2.2';
const TARGET = '192.0.2.3';
const ANSWER = new Uint8Array(100);
/** Bytes of requests: small ones, a whole segment, and segments that an interface has joined. */
const REQUESTS = [200, 1448, 200, 20_000].map((size) => new Uint8Array(size));
const REQUESTS_EACH = 8;
const CONNECTIONS = 600;
const WINDOW = 60_000;
/** Microseconds that it takes at most, and that pass for the mirror between two packets. */
const LIMIT = 500_000;
const STEP = 100;
const STAMPS = emitTcpOptions([
  { kind: 'no-operation' },
  { kind: 'no-operation' },
  { kind: 'timestamps', value: 1, echo: 1 },
]);
const OFFER = emitTcpOptions([
  { kind: 'maximum-segment-size', size: 1460 },
  { kind: 'sack-permitted' },
  { kind: 'timestamps', value: 1, echo: 0 },
  { kind: 'no-operation' },
  { kind: 'window-scale', shift: 7 },
]);

export function rehearse(plan: PlanMirror): void {
  if (plan.protocol === 'udp') return;
  const stage = new Stage(plan);
  const until = clockMicros() + LIMIT;
  for (let connection = 0; connection < CONNECTIONS && clockMicros() < until; connection += 1)
    stage.play(1024 + connection);
}

interface Said {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly [source: number, destination: number];
  readonly flags: number;
  readonly numbers: readonly [sequence: number, acknowledgment: number];
  readonly payload?: Uint8Array;
}

class Stage {
  readonly #mirror: Mirror;
  readonly #view = new PacketView();
  readonly #ports: { readonly online: number; readonly target: number };
  #sent: Uint8Array[] = [];
  #now = clockMicros();
  /** Of the target, the next. */
  #sequence = 0;

  constructor(plan: PlanMirror) {
    const { online, target } = plan;
    this.#ports = { online: online.port, target: target.port };
    this.#mirror = createMirror({
      plan: {
        ...{ ...plan, clients: [], mapped: [], multiply: 1, sample: 1, ramp: 0 },
        ...{ compare: null, hook: null },
        online: { ...online, addresses: [ONLINE] },
        target: { ...target, addresses: [TARGET] },
      },
      ...{ seed: 1, makeHook: null },
      port: {
        send: (packet) => void this.#sent.push(packet),
        tell: () => undefined,
        heard: () => undefined,
      },
    });
  }

  play(port: number): void {
    const ports = [port, this.#ports.online] as const;
    const back = [this.#ports.online, port] as const;
    const client = (flags: number, numbers: Said['numbers'], payload?: Uint8Array): void => {
      this.#say({ from: CLIENT, to: ONLINE, ports, flags, numbers, ...(payload && { payload }) });
      this.#mirror.fromClient(this.#view, this.#now);
      this.#answer();
    };
    const online = (flags: number, numbers: Said['numbers'], payload?: Uint8Array): void => {
      this.#say({
        ...{ from: ONLINE, to: CLIENT, ports: back, flags, numbers },
        ...(payload && { payload }),
      });
      this.#mirror.fromOnline(this.#view, this.#now);
      this.#answer();
    };
    let [said, heard] = [1000, 5000];
    client(SYN, [said, 0]);
    said += 1;
    online(SYN | ACK, [heard, said]);
    heard += 1;
    client(ACK, [said, heard]);
    for (let request = 0; request < REQUESTS_EACH; request += 1) {
      const payload = REQUESTS[request % REQUESTS.length] ?? ANSWER;
      client(ACK, [said, heard], payload);
      said += payload.length;
      online(ACK, [heard, said], ANSWER);
      heard += ANSWER.length;
    }
    client(FIN | ACK, [said, heard]);
    online(FIN | ACK, [heard, said + 1]);
    client(ACK, [said + 1, heard + 1]);
  }

  /** The target has heard all that the mirror said, and the mirror its answers. */
  #answer(): void {
    if (this.#mirror.nextDue <= this.#now) this.#mirror.onTime(this.#now);
    while (this.#sent.length > 0) {
      const sent = this.#sent;
      this.#sent = [];
      for (const packet of sent) this.#hear(packet);
    }
  }

  #hear(packet: Uint8Array): void {
    const view = this.#view;
    view.load(packet, 0, packet.length);
    const { flags, sequence, payloadLength, sourcePort } = view;
    const isBeginning = (flags & SYN) !== 0;
    const isEnd = (flags & FIN) !== 0;
    if ((flags & RST) !== 0 || !(isBeginning || isEnd || payloadLength > 0)) return;
    if (isBeginning) this.#sequence = 9000;
    const length = payloadLength + (isBeginning || isEnd ? 1 : 0);
    this.#say({
      ...{ from: TARGET, to: CLIENT, ports: [this.#ports.target, sourcePort] },
      flags: (flags & (SYN | FIN)) | ACK,
      numbers: [this.#sequence, (sequence + length) >>> 0],
      ...(payloadLength > 0 && { payload: ANSWER }),
    });
    this.#sequence += (payloadLength > 0 ? ANSWER.length : 0) + (isBeginning || isEnd ? 1 : 0);
    this.#mirror.fromTarget(view, this.#now);
  }

  /** Loads the packet. */
  #say({ from, to, ports, flags, numbers, payload }: Said): void {
    this.#now += STEP;
    const packet = buildTcp({
      ...{ source: plannedIp(from), destination: plannedIp(to) },
      ...{ sourcePort: ports[0], destinationPort: ports[1] },
      ...{ sequence: numbers[0], acknowledgment: numbers[1], flags, window: WINDOW },
      options: (flags & SYN) === 0 ? STAMPS : OFFER,
      ...(payload && { payload }),
    });
    this.#view.load(packet, 0, packet.length);
  }
}
