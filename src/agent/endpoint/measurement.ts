// One attempt of a probe while it lasts: what it does, what it has seen, and what must be torn down if it runs out of time.
import { LONGEST_TIMER } from '../../base/units.ts';
import type { FiveTuple, Hop, Observation } from '../../model/observation.ts';
import { TIMEOUT, failureOf } from '../../traffic/failure.ts';
import type { Operation } from '../../traffic/failure.ts';
import { nowMicros } from './clock.ts';
import { createNetworkLog } from './network-log.ts';
import type { ProbeRequest } from './protocol.ts';

/** A failure that is no system error: what came was not what was asked for. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
  /** An OONI failure string. */
  readonly failure: string;

  constructor(failure: string, detail: string) {
    super(detail);
    this.failure = failure;
  }
}

/** The parts of an observation that a probe fills in as it goes. */
interface Findings {
  fiveTuple?: FiveTuple;
  status?: number;
  answers?: readonly string[];
  bodyStart?: string;
  rtts?: readonly (number | null)[];
  hops?: readonly Hop[];
  detail?: string;
}

export interface Measurement {
  /** What is being done now. */
  operation: Operation;
  /** Bytes of payload received so far. */
  received: number;
  readonly findings: Findings;
  /** When all had come that was asked for, where the probe listens on after that; microseconds since the epoch. */
  endedAt?: number;
  /** The attempt has ended, in time or not: whatever still goes on must stop. */
  readonly isOver: boolean;
  /** Notes that `name` has happened: the first time counts. */
  mark(name: string): void;
  /** Tears something down if the attempt ends in failure. */
  onFailure(undo: () => void): void;
}

/** Performs `probe` within its timeout; every outcome, of whatever kind, is an observation. */
export async function measure(
  node: string,
  request: ProbeRequest,
  perform: (measurement: Measurement) => Promise<void>,
): Promise<Observation> {
  const undos: (() => void)[] = [];
  const timings: Record<string, number> = {};
  const start = nowMicros();
  const log = createNetworkLog(() => (nowMicros() - start) / 1e6);
  let operation: Operation = request.probe.kind === 'dns' ? 'resolve' : 'connect';
  let received = 0;
  let isOver = false;
  const measurement: Measurement = {
    get operation() {
      return operation;
    },
    set operation(next) {
      operation = next;
      log.begin(next);
    },
    get received() {
      return received;
    },
    set received(sum) {
      log.read(sum - received);
      received = sum;
    },
    findings: {},
    get isOver() {
      return isOver;
    },
    mark: (name) => {
      if (timings[name] !== undefined) return;
      timings[name] = (nowMicros() - start) / 1000;
      log.mark(name);
    },
    onFailure: (undo) => undos.push(undo),
  };
  const { timeout } = request.probe;
  const deadline = startDeadline(timeout);
  const error = await Promise.race([deadline.expired, perform(measurement)]).then(
    () => null,
    (reason: unknown) => reason ?? new Error('No reason given'),
  );
  isOver = true;
  const end = measurement.endedAt ?? nowMicros();
  deadline.clear();
  // What came last stands on what was there before.
  if (error !== null) for (const undo of undos.toReversed()) undo();
  const outcome = error === null ? SUCCESS : failedOutcome(error, measurement);
  log.end(outcome);
  return {
    flow: request.flow,
    attempt: request.attempt,
    node,
    probe: request.probe.kind,
    start,
    end,
    timings,
    received,
    ...measurement.findings,
    ...outcome,
    events: log.events,
  };
}

type Outcome = Pick<Observation, 'failure' | 'operation' | 'detail'>;

const SUCCESS: Outcome = { failure: null, operation: null };

function failedOutcome(error: unknown, { operation }: Measurement): Outcome {
  if (error instanceof ProbeFailure)
    return { failure: error.failure, operation, detail: error.message };
  const { code, syscall, message } = errorFacts(error);
  const isTransfer = operation === 'read' || operation === 'write';
  return {
    failure: failureOf({ code, syscall, message }, operation),
    operation: isTransfer && syscall === 'write' ? 'write' : operation,
    detail: message,
  };
}

function errorFacts(error: unknown): {
  code: string | undefined;
  syscall: string | undefined;
  message: string;
} {
  if (!(error instanceof Error))
    return { code: undefined, syscall: undefined, message: String(error) };
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value : undefined;
  return {
    code: 'code' in error ? text(error.code) : undefined,
    syscall: 'syscall' in error ? text(error.syscall) : undefined,
    // OpenSSL's message carries addresses of its memory; its reason says the same without.
    message: ('reason' in error ? text(error.reason) : undefined) ?? error.message,
  };
}

interface Deadline {
  readonly expired: Promise<never>;
  clear(): void;
}

function startDeadline(timeout: number): Deadline {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ProbeFailure(TIMEOUT, `Not finished after ${timeout} ms`)),
      Math.min(timeout, LONGEST_TIMER),
    );
  });
  return { expired, clear: () => clearTimeout(timer) };
}
