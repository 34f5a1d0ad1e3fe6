// Outcomes in a few words, for tables, JUnit names and HTML.
import type { ContainerRecord } from '../model/container.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Proof, Verdict } from '../model/verdict.ts';

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
    case 'metric':
      return `${expectation.metric} of ${expectation.of}: within ${expectation.within.text}`;
  }
}

/** What a person should hear of a container: that it ended badly by itself; null when it did not. */
export function describeContainer({ oomKilled, exitCode, state }: ContainerRecord): string | null {
  if (oomKilled) return 'the kernel killed a process of it that wanted more memory than it may';
  if (state === 'exited' && exitCode !== null && exitCode !== 0)
    return `ended with exit code ${exitCode}`;
  return null;
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
  const { failure, cause, by, duration, goodput, answers, status, exitCode } = expectation;
  const wishes: [string, string | null | undefined][] = [
    ['failure', failure],
    ['cause', cause],
    ['by', by],
    ['duration', duration?.text],
    ['goodput', goodput?.text],
    ['answers', answers?.join(' ')],
    ['status', status?.toString()],
    ['exit code', exitCode?.toString()],
  ];
  return wishes.flatMap(([name, wish]) =>
    wish === undefined ? [] : [`${name} ${wish ?? 'none'}`],
  );
}
