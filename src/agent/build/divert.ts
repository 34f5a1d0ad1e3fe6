// Step `divert`: connections and datagrams that pass through a node are handed to its relay, by nftables.
import { parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { addRoute } from '../../kernel/netlink/route.ts';
import { addRule } from '../../kernel/netlink/rule.ts';
import type { PlanDivert } from '../../model/plan.ts';
import { exchangeSteps } from './exchange-steps.ts';
import type { DivertStep } from './phases.ts';
import type { Stacks } from './stacks.ts';
import { StepFault } from './step-fault.ts';
import { runTool } from './tool.ts';

/** An nft(8) script. Datagrams to groups are for whoever hears them, and for no relay. What the relay itself sends to this host comes in by "lo": TPROXY would hand it back. */
export function divertScript(divert: PlanDivert): string {
  const { family, how, protocol, ports, to, mark } = divert;
  const name = `${how}${family}`;
  const words = family === 4 ? 'ip' : 'ip6';
  const match = `meta nfproto ipv${family} ${towards(divert, words)}${protocol} dport { ${ports.join(', ')} }`;
  const [type, verdict] =
    how === 'redirect'
      ? ['type nat hook prerouting priority dstnat', `redirect to :${to}`]
      : [
          'type filter hook prerouting priority mangle',
          `iifname != "lo" tproxy ${words} to :${to} meta mark set ${mark} accept`,
        ];
  return [
    'add table inet runner',
    `add chain inet runner ${name} { ${type}; }`,
    `add rule inet runner ${name} ${match} ${verdict}`,
    '',
  ].join('\n');
}

const GROUPS = { 4: '{ 224.0.0.0/4, 255.255.255.255 }', 6: 'ff00::/8' } as const;

/** With a space at its end, or empty. */
function towards({ family, protocol, addresses }: PlanDivert, words: 'ip' | 'ip6'): string {
  if (addresses) return `${words} daddr { ${addresses.join(', ')} } `;
  return protocol === 'udp' ? `${words} daddr != ${GROUPS[family]} ` : '';
}

const NO_DIVERSION = 'Run "runner doctor": it says what nftables can do here';
const LOOPBACK_INDEX = 1;
/** Before the rules that a scenario writes. */
const PRIORITY = 50;

export async function buildDiversions(steps: readonly DivertStep[], stacks: Stacks): Promise<void> {
  for (const step of steps) {
    const { node, divert } = step.do;
    if (divert.how === 'tproxy')
      inNamespace(stacks.fd(node), () => exchangeSteps(deliverHere(step, divert)));
    const script = divertScript(divert);
    const { ok, detail } = await runTool(['nft', '-f', '-'], stacks.fd(node), script);
    if (!ok) throw new StepFault(step, new Error(detail), NO_DIVERSION);
  }
}

/** Packets with the mark are for this host, wherever they go. */
function deliverHere(
  step: DivertStep,
  { family, mark, table }: PlanDivert,
): Parameters<typeof exchangeSteps>[0] {
  const everything = parsePrefix(family === 4 ? '0.0.0.0/0' : '::/0');
  invariant(everything.ok, 'The prefix of all addresses is one');
  const to = everything.value;
  return [
    { step, message: addRule({ family, priority: PRIORITY, fwmark: mark, table }) },
    { step, message: addRoute({ to, kind: 'local', table, interface: LOOPBACK_INDEX }) },
  ];
}
