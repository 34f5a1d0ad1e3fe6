// A playbook: packets in, dispositions, emitted packets and events out, on a clock that the test moves.
import { type IpAddress, parseIp } from '../../../src/base/addresses.ts';
import type {
  BlockPageAction,
  CensorAction,
  DnsAction,
  ResetAction,
  ThrottleAction,
} from '../../../src/model/censor-action.ts';
import {
  AS_TRIGGER,
  AT_ONCE,
  DEFAULT_CENSOR,
  DEFAULT_RESET,
} from '../../../src/model/censor-defaults.ts';
import type { MatchCondition } from '../../../src/model/censor-match.ts';
import type { CensorRule, CensorSpec } from '../../../src/model/censor.ts';
import type { CensorEvent, Disposition } from '../../../src/model/middlebox.ts';
import { createCensor } from '../../../src/roles/censor/create-censor.ts';
import type { TakesOver } from '../../../src/roles/intercept/interceptor.ts';
import { type TcpSpec, buildTcp, buildUdp } from '../../../src/wire/build.ts';
import { type DecodedPacket, decodePacket } from '../../../src/wire/decode.ts';
import { buildDnsQuery } from '../../../src/wire/dns.ts';
import { formatPacket } from '../../../src/wire/format.ts';
import { TCP_FLAG, maximumSegmentSizeOption } from '../../../src/wire/tcp.ts';
import { buildClientHello, buildTlsRecords } from '../../../src/wire/tls-build.ts';

export interface Emitted {
  readonly line: string;
  readonly bytes: Uint8Array;
  readonly packet: DecodedPacket;
  /** Microseconds since the playbook's start. */
  readonly at: number;
  readonly origin: 'injected' | 'forwarded';
}

export interface Ends {
  readonly client: string;
  readonly server: string;
  readonly clientPort: number;
  readonly serverPort: number;
}

export const V4: Ends = {
  client: '10.0.0.1',
  server: '10.0.0.2',
  clientPort: 40_000,
  serverPort: 443,
};
export const V6: Ends = {
  client: 'fd00::1',
  server: 'fd00::2',
  clientPort: 40_000,
  serverPort: 443,
};

const START = 1_700_000_000_000_000;
const { SYN, ACK, PSH } = TCP_FLAG;

export class Playbook {
  readonly censor: ReturnType<typeof createCensor>;
  now: number = START;
  emitted: Emitted[] = [];
  events: CensorEvent[] = [];

  constructor(
    rules: readonly CensorRule[],
    options: Partial<Omit<CensorSpec, 'rules'>> & {
      readonly position?: 'in-path' | 'on-path';
      readonly seed?: number;
      readonly interceptor?: TakesOver;
    } = {},
  ) {
    const { position = 'in-path', seed = 1, ...spec } = options;
    this.censor = createCensor('censor', { ...DEFAULT_CENSOR, ...spec, rules, position }, seed);
  }

  /** Hands a packet over in the middle of other memory, which is then overwritten: nobody may keep a view of it. */
  judge(packet: Uint8Array): Disposition {
    const memory = new Uint8Array(packet.length + 64).fill(0xee);
    memory.set(packet, 32);
    const disposition = this.censor.judge(memory, 32, 32 + packet.length, this.now, {
      emit: (bytes, at, origin) => {
        const copy = bytes.slice();
        const decoded = decodePacket(copy);
        if (!decoded.ok) throw new Error(`Emitted packet is malformed: ${decoded.error}`);
        const line = formatPacket(copy);
        this.emitted.push({ line, bytes: copy, packet: decoded.value, at: at - START, origin });
      },
      report: (event) => this.events.push(event),
    });
    memory.fill(0xee);
    return disposition;
  }

  /** Lines of what was emitted since the last call. */
  lines(): readonly string[] {
    const lines = this.emitted.map(({ line }) => line);
    this.emitted = [];
    return lines;
  }

  /** The actions reported, without the matches. */
  actions(): readonly string[] {
    return this.events.filter(({ action }) => action !== 'match').map(({ action }) => action);
  }

  wait(milliseconds: number): void {
    this.now += milliseconds * 1000;
  }
}

export function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

type Segment = Pick<TcpSpec, 'sequence' | 'flags'> & Partial<TcpSpec>;

export const fromClient = (ends: Ends, segment: Segment): Uint8Array =>
  buildTcp({
    source: ip(ends.client),
    destination: ip(ends.server),
    sourcePort: ends.clientPort,
    destinationPort: ends.serverPort,
    ...segment,
  });

export const fromServer = (ends: Ends, segment: Segment): Uint8Array =>
  buildTcp({
    source: ip(ends.server),
    destination: ip(ends.client),
    sourcePort: ends.serverPort,
    destinationPort: ends.clientPort,
    ...segment,
  });

/** SYN, SYN+ACK, ACK: the client's data starts at 1001, the server's at 5001. */
export const handshake = (ends: Ends, mss = 1460): readonly Uint8Array[] => [
  fromClient(ends, { sequence: 1000, flags: SYN, options: maximumSegmentSizeOption(mss) }),
  fromServer(ends, { sequence: 5000, acknowledgment: 1001, flags: SYN | ACK }),
  fromClient(ends, { sequence: 1001, acknowledgment: 5001, flags: ACK }),
];

/** Client data at an offset from the start of its stream. */
export const clientData = (
  ends: Ends,
  payload: Uint8Array,
  offset = 0,
  acknowledgment = 5001,
): Uint8Array =>
  fromClient(ends, { sequence: 1001 + offset, acknowledgment, flags: PSH | ACK, payload });

export const serverData = (
  ends: Ends,
  payload: Uint8Array,
  offset = 0,
  acknowledgment = 1001,
): Uint8Array =>
  fromServer(ends, { sequence: 5001 + offset, acknowledgment, flags: PSH | ACK, payload });

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

export const request = (host: string, path = '/'): Uint8Array =>
  text(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);

export const hello = (serverName: string, recordSize?: number): Uint8Array =>
  buildTlsRecords(buildClientHello({ serverName }), recordSize);

export function query(name: string, type = 1, id = 7): Uint8Array {
  const built = buildDnsQuery(id, name, type);
  if (!built.ok) throw new Error(built.error);
  return built.value;
}

export const datagram = (ends: Ends, payload: Uint8Array): Uint8Array =>
  buildUdp({
    source: ip(ends.client),
    destination: ip(ends.server),
    sourcePort: ends.clientPort,
    destinationPort: ends.serverPort,
    payload,
  });

export const RESET: ResetAction = DEFAULT_RESET;

export const DROP: Extract<CensorAction, { kind: 'drop' }> = {
  kind: 'drop',
  direction: 'both',
  scope: 'flow',
  after: null,
};

export const DNS: DnsAction = {
  kind: 'dns',
  pool: [],
  cname: null,
  rcode: 'NOERROR',
  recordTtl: { from: 'fixed', value: 300 },
  ttl: AS_TRIGGER,
  ipId: { from: 'fixed', value: 0 },
  dontFragment: true,
  delay: [0, 0],
  count: 1,
  authoritative: false,
  recursionAvailable: true,
  dropTrigger: true,
};

export const PAGE: BlockPageAction = {
  kind: 'blockpage',
  version: '1.1',
  status: 403,
  reason: 'Forbidden',
  headers: [],
  body: 'Blocked',
  flags: ['FIN', 'PSH', 'ACK'],
  ttl: AS_TRIGGER,
  window: { from: 'fixed', value: 65_535 },
  ipId: { from: 'fixed', value: 0 },
  teardown: { ...RESET, sides: 'server' },
  dropTrigger: true,
};

export const THROTTLE: ThrottleAction = {
  kind: 'throttle',
  mode: 'police',
  rate: 1e6,
  burst: 16_384,
  direction: 'both',
  per: 'flow',
};

export const rule = (
  match: readonly MatchCondition[],
  action: CensorAction,
  rest: Partial<CensorRule> = {},
): CensorRule => ({
  name: 'forbidden',
  match: { all: match },
  actions: [action],
  probability: 1,
  first: null,
  engageAfter: AT_ONCE,
  ...rest,
});

export const sniRule = (action: CensorAction, rest: Partial<CensorRule> = {}): CensorRule =>
  rule([{ field: 'tls.sni', names: ['blocked.example', '*.blocked.example'] }], action, rest);

export const hostRule = (action: CensorAction, rest: Partial<CensorRule> = {}): CensorRule =>
  rule([{ field: 'http.host', names: ['blocked.example'] }], action, rest);
