// Step `nat`: masquerading by nftables.
import { formatPrefix, parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import type { PlanNat } from '../../model/plan.ts';
import type { NatStep } from './phases.ts';
import type { Stacks } from './stacks.ts';
import { StepFault } from './step-fault.ts';
import { runTool } from './tool.ts';

/** An nft(8) script that rewrites the source of what leaves by each interface to the interface's own address. */
export function masqueradeScript(nats: readonly PlanNat[]): string {
  const rules = nats.map(({ interface: name, from }) => {
    // The script has no other way to quote: a name that could end the quotation is none that the compiler makes.
    invariant(/^[\w.@:-]{1,15}$/.test(name), `A plan names interfaces plainly, found "${name}"`);
    return `add rule inet runner postrouting ${sourceMatch(from)}oifname "${name}" masquerade`;
  });
  return [
    'add table inet runner',
    'add chain inet runner postrouting { type nat hook postrouting priority srcnat; }',
    ...rules,
    '',
  ].join('\n');
}

function sourceMatch(from: string | undefined): string {
  if (from === undefined) return '';
  const prefix = parsePrefix(from);
  invariant(prefix.ok, `A plan holds whole prefixes, found "${from}"`);
  return `${prefix.value.address.family === 6 ? 'ip6' : 'ip'} saddr ${formatPrefix(prefix.value)} `;
}

const NO_NAT = 'Run "runner doctor": it says whether nftables can masquerade here';

export async function buildNat(steps: readonly NatStep[], stacks: Stacks): Promise<void> {
  const nodes = new Map<string, [NatStep, ...NatStep[]]>();
  for (const step of steps) {
    const group = nodes.get(step.do.node);
    if (group) group.push(step);
    else nodes.set(step.do.node, [step]);
  }
  for (const [node, group] of nodes) {
    const script = masqueradeScript(group.map((step) => step.do.nat));
    const { ok, detail } = await runTool(['nft', '-f', '-'], stacks.fd(node), script);
    if (!ok) throw new StepFault(group[0], new Error(detail), NO_NAT);
  }
}
