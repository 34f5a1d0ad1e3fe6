// What ngtcp2's gtlsclient says while it works, as far as it tells how a QUIC connection fares.
import type { FiveTuple, Observation, PathChanges } from '../model/observation.ts';
import { END_OF_FILE, TIMEOUT, unknownFailure } from './failure.ts';

/** What has happened, as its lines tell it. */
export interface QuicFacts {
  readonly fiveTuple: FiveTuple | null;
  /** The server's first packet has come. */
  readonly isAnswered: boolean;
  readonly isShaken: boolean;
  /** The server knows other versions. */
  readonly isRefused: boolean;
  /** The error code that the server closed the connection with, such as `CRYPTO_ERROR(0x178)`. */
  readonly closedBy: string | null;
  /** The error of the client's own library, such as `ERR_CRYPTO`. */
  readonly fault: string | null;
  readonly status: number | null;
  /** Bytes of the stream that the page came in, headers included, up to the last that came. */
  readonly received: number;
  /** The page has come as a whole. */
  readonly isWhole: boolean;
  readonly paths: PathChanges;
  /** The client's own addresses with their ports, in the order in which it began to send from them; and that to which the last packet came. */
  readonly locals: readonly string[];
  readonly reached: string | null;
  /** Of `locals` those that the client went over to, and on which the server had the path proven. */
  readonly proven: readonly string[];
  /** When the server last had the path proven, milliseconds since the client began. */
  readonly challengedAt: number | null;
  /** Smoothed round trip, milliseconds. */
  readonly rtt: number;
}

export const NO_FACTS: QuicFacts = {
  fiveTuple: null,
  isAnswered: false,
  isShaken: false,
  isRefused: false,
  closedBy: null,
  fault: null,
  status: null,
  received: 0,
  isWhole: false,
  paths: { challenged: 0, validated: 0, failed: 0 },
  locals: [],
  reached: null,
  proven: [],
  challengedAt: null,
  rtt: 0,
};

const ENDPOINTS = /local=\[([^\]]+)\]:(\d+) remote=\[([^\]]+)\]:(\d+)/;
const LOCAL = /local=(\[[^\]]+\]:\d+)/;

/** What a frame of the page says of where it stands. */
const PAGE_FRAME = /frm rx \d+ 1RTT STREAM\(0x\w+\) id=0x0 fin=\d offset=(\d+) len=(\d+)/;
const ROUND_TRIP = / rcv latest_rtt=\d+ min_rtt=\d+ smoothed_rtt=(\d+)/;
const CHALLENGE = /^I(\d+) \S+ frm rx \d+ 1RTT PATH_CHALLENGE/;
const VALIDATION = /^Path validation against path \S+ \S+ (succeeded|failed)/;

/** The facts with those of one more line. */
export function readQuicLine(facts: QuicFacts, line: string): QuicFacts {
  const frame = PAGE_FRAME.exec(line);
  if (frame) {
    const end = Number(frame[1]) + Number(frame[2]);
    return end > facts.received ? { ...facts, received: end } : facts;
  }
  if (line.startsWith('Sent packet:')) return withSent(facts, line);
  if (line.startsWith('Received packet:'))
    return { ...facts, isAnswered: true, reached: localOf(line) ?? facts.reached };
  if (line.startsWith('QUIC handshake has completed')) return { ...facts, isShaken: true };
  if (line.includes('ERR_RECV_VERSION_NEGOTIATION')) return { ...facts, isRefused: true };
  const status = /^http: stream 0x0 \[:status: (\d{3})\]/.exec(line)?.[1];
  if (status !== undefined) return { ...facts, status: Number(status) };
  // H3_NO_ERROR (RFC 9114 section 8.1): with any other code the page was broken off.
  if (line.startsWith('HTTP stream 0 closed with error code 256'))
    return { ...facts, isWhole: true };
  const rtt = ROUND_TRIP.exec(line)?.[1];
  if (rtt !== undefined) return { ...facts, rtt: Number(rtt) };
  const challenge = CHALLENGE.exec(line);
  if (challenge) return withChallenge(facts, Number(challenge[1]));
  const validation = VALIDATION.exec(line)?.[1];
  if (validation !== undefined) return withValidation(facts, validation === 'succeeded');
  const closedBy = /frm rx \d+ \w+ CONNECTION_CLOSE\(0x1[cd]\) error_code=(\S+)/.exec(line)?.[1];
  if (closedBy !== undefined) return { ...facts, closedBy };
  const fault = /^ngtcp2_\w+: (ERR_\w+)/.exec(line)?.[1];
  return fault === undefined ? facts : { ...facts, fault };
}

function withSent(facts: QuicFacts, line: string): QuicFacts {
  const local = localOf(line);
  if (local === null || facts.locals.includes(local)) return facts;
  const locals = [...facts.locals, local];
  if (facts.fiveTuple) return { ...facts, locals };
  const [, source = '', sourcePort, destination = '', port] = ENDPOINTS.exec(line) ?? [];
  const ports = { sourcePort: Number(sourcePort), destinationPort: Number(port) };
  return { ...facts, locals, fiveTuple: { protocol: 'udp', source, destination, ...ports } };
}

const localOf = (line: string): string | null => LOCAL.exec(line)?.[1] ?? null;

/**
 * Milliseconds beyond two round trips. ngtcp2's server has the new path proven and then the old one, two frames and a round trip each time:
 * what comes sooner after the last belongs to the same change.
 */
const LATE = 20;

function withChallenge(facts: QuicFacts, at: number): QuicFacts {
  const { paths, challengedAt, rtt, locals, reached, proven } = facts;
  const once = {
    ...facts,
    challengedAt: at,
    paths: { ...paths, challenged: paths.challenged + 1 },
  };
  if (locals.length > 1 && reached !== null) {
    // It moved by itself: its new address is proven once, however late and often that is asked for; what comes to the old one is of the same change.
    if (reached === locals[0] || proven.includes(reached)) return facts;
    return { ...once, proven: [...proven, reached] };
  }
  const isSame = challengedAt !== null && at - challengedAt <= 2 * rtt + LATE;
  return isSame ? { ...facts, challengedAt: at } : once;
}

const withValidation = (facts: QuicFacts, isValid: boolean): QuicFacts => {
  const { validated, failed, ...rest } = facts.paths;
  const paths = { ...rest, validated: validated + +isValid, failed: failed + +!isValid };
  return { ...facts, paths };
};

type Outcome = Pick<Observation, 'failure' | 'operation' | 'detail'>;

const SUCCESS: Outcome = { failure: null, operation: null };

/** What a connection amounts to, in OONI's words. `wantsPage`: a page was asked for. `isOutOfTime`: it was ended for that. */
export function quicOutcome(facts: QuicFacts, wantsPage: boolean, isOutOfTime: boolean): Outcome {
  const { isAnswered, isShaken, isRefused, closedBy, fault, isWhole } = facts;
  if (isShaken && (!wantsPage || isWhole)) return SUCCESS;
  const operation = isShaken ? 'read' : 'quic_handshake';
  if (isRefused)
    return {
      failure: 'quic_incompatible_version',
      operation,
      detail: 'The server answered with version negotiation',
    };
  if (closedBy !== null)
    return {
      failure: failureOfClose(closedBy, isShaken),
      operation,
      detail: `The server closed the connection: ${closedBy}`,
    };
  if (isOutOfTime || fault === 'ERR_HANDSHAKE_TIMEOUT' || fault === 'ERR_IDLE_CLOSE')
    return {
      failure: TIMEOUT,
      operation,
      detail: isAnswered ? 'The server fell silent' : 'No packet answered the Initial',
    };
  if (fault === 'ERR_CRYPTO')
    return { failure: 'ssl_failed_handshake', operation, detail: 'The TLS handshake failed' };
  const detail = fault ?? 'the client ended by itself';
  return { failure: unknownFailure(detail), operation, detail };
}

/** TLS alerts are errors from 0x100 (RFC 9001 section 4.8). */
function failureOfClose(code: string, isShaken: boolean): string {
  if (code.startsWith('CRYPTO_ERROR')) return 'ssl_failed_handshake';
  return isShaken ? END_OF_FILE : unknownFailure(code);
}
