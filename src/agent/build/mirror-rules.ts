// Steps `mirror-sink` and `mirror-leaks`: what nftables does to the answers of a mirror's target, and how many came where none may.
import { Fault } from '../../base/fault.ts';
import type { MirrorAnswers } from '../../model/mirror.ts';
import type { Plan } from '../../model/plan.ts';
import { parseCounters } from './counters.ts';
import type { MirrorStep } from './phases.ts';
import { plainName } from './plain-name.ts';
import type { Stacks } from './stacks.ts';
import { StepFault } from './step-fault.ts';
import { runTool } from './tool.ts';

/**
 * An nft(8) script. Before connection tracking and before the routing decision: dropped in `forward`, answers would still have the kernel
 * tell the target of a better way (ICMP redirects).
 */
export const sinkScript = (answers: MirrorAnswers): string =>
  script(answers, 'mirror-sink', sinkCounterName(answers.mirror), 'drop');

/** An nft(8) script. */
export const leaksScript = (answers: MirrorAnswers): string =>
  script(answers, 'mirror-leaks', leaksCounterName(answers.mirror), '');

const sinkCounterName = (mirror: string): string => `mirror-sunk-${plainName(mirror)}`;
const leaksCounterName = (mirror: string): string => `mirror-leaked-${plainName(mirror)}`;

function script(answers: MirrorAnswers, chain: string, counter: string, verdict: string): string {
  const { protocol, port } = answers;
  const rules = ([4, 6] as const).flatMap((family) => {
    const from = ofFamily(answers.addresses, family);
    const to = ofFamily(answers.clients, family);
    if (from.length === 0 || to.length === 0) return [];
    const word = family === 6 ? 'ip6' : 'ip';
    const match = `${word} saddr ${anyOf(from)} ${word} daddr ${anyOf(to)} ${protocol} sport ${port}`;
    return [`add rule inet runner ${chain} ${match} counter name ${counter} ${verdict}`.trimEnd()];
  });
  return [
    'add table inet runner',
    `add counter inet runner ${counter}`,
    `add chain inet runner ${chain} { type filter hook prerouting priority raw; }`,
    ...rules,
    '',
  ].join('\n');
}

const anyOf = (places: readonly string[]): string => `{ ${places.join(', ')} }`;

const ofFamily = (places: readonly string[], family: 4 | 6): string[] =>
  places.filter((place) => place.includes(':') === (family === 6));

const NO_RULES = 'Run "runner doctor": it says what nftables can do here';

export async function buildMirrorRules(
  steps: readonly MirrorStep[],
  stacks: Stacks,
): Promise<void> {
  for (const step of steps) {
    const { kind, node, answers } = step.do;
    const text = kind === 'mirror-sink' ? sinkScript(answers) : leaksScript(answers);
    const { ok, detail } = await runTool(['nft', '-f', '-'], stacks.fd(node), text);
    if (!ok) throw new StepFault(step, new Error(detail), NO_RULES);
  }
}

/** How many packets of the target came to the clients of this plan's share so far. Throws a fault where they cannot be counted. */
export async function readMirrorLeaks(
  mirror: string,
  { steps }: Pick<Plan, 'steps'>,
  namespaceFd: (node: string) => number,
): Promise<number> {
  const counter = leaksCounterName(mirror);
  let leaked = 0;
  for (const { do: action } of steps) {
    if (action.kind !== 'mirror-leaks' || action.answers.mirror !== mirror) continue;
    const argv = ['nft', 'list', 'counter', 'inet', 'runner', counter] as const;
    const { ok, output, detail } = await runTool(argv, namespaceFd(action.node), '');
    if (!ok)
      throw new Fault(
        'run',
        `Cannot count what the target of mirror "${mirror}" sent to "${action.node}": ${detail}`,
      );
    leaked += parseCounters(output).get(counter)?.packets ?? 0;
  }
  return leaked;
}
