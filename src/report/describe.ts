// Outcomes in a few words, for tables, JUnit names and HTML.
import { formatBound, formatMillis } from '../base/units.ts';
import type { ContainerRecord } from '../model/container.ts';
import type { Expectation } from '../model/expectation.ts';
import { type ClockRecord, LOCAL_MACHINE, type MachineRecord } from '../model/machine.ts';
import type { Hop } from '../model/observation.ts';
import type { Proof, Verdict } from '../model/verdict.ts';
import { mirrorWishes } from './describe-mirror.ts';
import { tunnelWishes } from './describe-tunnel.ts';

/** `connection_reset`, `ok`, `dns_nxdomain_error (2 of 10)`. */
export function describeResult({ failure, attempts, failedAttempts }: Verdict): string {
  const word = failure ?? 'ok';
  return failure !== null && attempts > 1 ? `${word} (${failedAttempts} of ${attempts})` : word;
}

/** The cause column: who did what; empty when nothing interfered. */
export const describeCause = (verdict: Verdict): string =>
  verdict.cause === null ? '' : verdict.summary;

/** The proof column: the packet seen and the packet that is not there; without a cause, what the flow did. */
export function describeProof(verdict: Verdict): string {
  const [first, ...rest] = [...verdict.proof].sort(
    (left, right) => Number(left.frame === null) - Number(right.frame === null),
  );
  if (verdict.cause === null || !first) return verdict.cause === null ? verdict.summary : '';
  const absent = rest.find((proof) => proof.frame === null);
  return absent ? `${place(first)}: ${absent.note}` : `${place(first)}: ${first.note}`;
}

/** `client.inside #9`: the capture, and the frame number as Wireshark counts. */
export const place = ({ capture, frame }: Proof): string =>
  frame === null ? capture : `${capture} #${frame}`;

/** `flow forbidden: failure connection_reset, cause injected-rst, by middle`. */
export function describeExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'flow':
      return `flow ${expectation.flow}: ${flowWishes(expectation).join(', ')}`;
    case 'capture':
      return `capture ${expectation.node}: ${expectation.count.text} packets of ${JSON.stringify(expectation.filter)}`;
    case 'container':
      return `container ${expectation.container}: ${containerWishes(expectation).join(', ')}`;
    case 'proxy':
      return `proxy ${expectation.proxy}: ${proxyWishes(expectation).join(', ')}`;
    case 'tunnel':
      return `tunnel ${expectation.tunnel}: ${tunnelWishes(expectation).join(', ')}`;
    case 'mirror':
      return `mirror ${expectation.mirror}: ${mirrorWishes(expectation).join(', ')}`;
    case 'metric':
      return `${expectation.metric} of ${expectation.of}${expectation.ratioTo === undefined ? '' : ` ÷ that of ${expectation.ratioTo}`}: within ${expectation.within.text}`;
  }
}

function proxyWishes({
  rule,
  finding,
  ...wishes
}: Extract<Expectation, { kind: 'proxy' }>): string[] {
  const { sessions, messages, bytes, framingFaults, fuzzed } = wishes;
  const ranges = Object.entries({ sessions, messages, bytes, framingFaults, fuzzed });
  return [
    ...(rule === undefined ? [] : [`rule ${rule.name} ${rule.count.text}`]),
    ...(finding === undefined ? [] : [`finding ${finding.answer} ${finding.count.text}`]),
    ...ranges.flatMap(([name, range]) => (range === undefined ? [] : [`${name} ${range.text}`])),
  ];
}

/** What a person should hear of a container: that it ended badly by itself; null when it did not. */
export function describeContainer({ oomKilled, exitCode, state }: ContainerRecord): string | null {
  if (oomKilled) return 'the kernel killed a process of it that wanted more memory than it may';
  if (state === 'exited' && exitCode !== null && exitCode !== 0)
    return `ended with exit code ${exitCode}`;
  return null;
}

/** `TTL 2: time-exceeded 10.0.1.1, rst 10.0.2.1`. */
export function describeHop({ ttl, answers }: Hop): string {
  const words = answers.map(({ kind, address }) => `${kind} ${address}`);
  return `TTL ${ttl}: ${words.length === 0 ? 'no answer' : words.join(', ')}`;
}

/** `+1.20 ms ± 0.1 ms`: what is added to a machine's times, and how far that may be off. */
export function describeClock({ offset, error, samples }: ClockRecord): string {
  if (samples === 0 && error > 0) return 'unknown';
  const millis = offset / 1000;
  return `${millis < 0 ? '-' : '+'}${formatMillis(Math.abs(millis))} ± ${formatBound(error / 1000)}`;
}

/** `12.5 ppm`: microseconds that its offset gains each second. */
export const describeDrift = ({ drift }: ClockRecord): string => `${Number(drift.toFixed(1))} ppm`;

/** The machines that are not the controller's own. */
export const farMachines = (machines: readonly MachineRecord[]): readonly MachineRecord[] =>
  machines.filter(({ name }) => name !== LOCAL_MACHINE);

/** `edge: lab@edge.example.org:22, Linux 6.1.0, clock +1.20 ms ± 0.1 ms, drift 12.5 ppm`. */
export function describeMachine({ name, reached, kernel, clock }: MachineRecord): string {
  const drift = clock.drift === 0 ? [] : [`drift ${describeDrift(clock)}`];
  return `${name}: ${[reached, kernel, `clock ${describeClock(clock)}`, ...drift].join(', ')}`;
}

function containerWishes(expectation: Extract<Expectation, { kind: 'container' }>): string[] {
  const { state, exitCode, oomKilled } = expectation;
  return [
    ...(state === undefined ? [] : [state]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(oomKilled === undefined ? [] : [oomKilled ? 'out of memory' : 'not out of memory']),
  ];
}

function flowWishes(expectation: Extract<Expectation, { kind: 'flow' }>): string[] {
  const { failure, cause, by, duration, goodput, answers, status, exitCode, hop } = expectation;
  const { stage, outcome, signature, signals, pathChanges } = expectation;
  const wishes: [string, string | null | undefined][] = [
    ['failure', failure],
    ['cause', cause],
    ['by', by],
    ['stage', stage],
    ['outcome', outcome],
    ['signature', signature],
    ['signal', signals?.join(' ')],
    ['duration', duration?.text],
    ['goodput', goodput?.text],
    ['answers', answers?.join(' ')],
    ['status', status?.toString()],
    ['exit code', exitCode?.toString()],
    ['hop', hop?.toString()],
    ['changes of path', pathChanges?.text],
  ];
  return wishes.flatMap(([name, wish]) =>
    wish === undefined ? [] : [`${name} ${wish ?? 'none'}`],
  );
}
