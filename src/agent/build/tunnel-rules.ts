// Steps `remark` and `leak-counter`: what nftables does to the packets of tunnels, and counts of them.
import { parseIp } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import type { PlanLeakCounter, PlanRemark } from '../../model/tunnel.ts';
import type { LeakCounterStep, RemarkStep } from './phases.ts';
import type { Stacks } from './stacks.ts';
import { StepFault } from './step-fault.ts';
import { runTool } from './tool.ts';

/**
 * An nft(8) script. A chain of type `route` has the kernel look the route up anew when the mark has changed, without the interface
 * that the sender asked for: so does iptables in `mangle`, `OUTPUT`.
 */
export const remarkScript = ({ family, mark, to }: PlanRemark): string =>
  [
    'add table inet runner',
    'add chain inet runner remark { type route hook output priority mangle; }',
    `add rule inet runner remark meta nfproto ipv${family} meta mark ${mark} meta mark set ${to}`,
    '',
  ].join('\n');

/** An nft(8) script. */
export function leakScript({ tunnel, endpoint, interfaces }: PlanLeakCounter): string {
  const address = parseIp(endpoint.address);
  invariant(address.ok, `A plan holds whole addresses, found "${endpoint.address}"`);
  for (const name of interfaces)
    // The script has no other way to quote: a name that could end the quotation is none that the compiler makes.
    invariant(/^[\w.@:-]{1,15}$/.test(name), `A plan names interfaces plainly, found "${name}"`);
  const carriers = interfaces.map((name) => `"${name}"`).join(', ');
  const family = address.value.family === 6 ? 'ip6' : 'ip';
  const out = `add rule inet runner tunnels-out ${family} daddr ${endpoint.address} udp dport ${endpoint.port}`;
  const back = `add rule inet runner tunnels-in ${family} saddr ${endpoint.address} udp sport ${endpoint.port}`;
  const countersOf = (direction: 'sent' | 'received'): string =>
    interfaces
      .map((name) => `"${name}" : "${passageCounterName(direction, tunnel, name)}"`)
      .join(', ');
  const leaked = leakCounterName(tunnel);
  return [
    'add table inet runner',
    `add counter inet runner ${leaked}`,
    ...(['sent', 'received'] as const).flatMap((direction) =>
      interfaces.map(
        (name) => `add counter inet runner ${passageCounterName(direction, tunnel, name)}`,
      ),
    ),
    'add chain inet runner tunnels-out { type filter hook postrouting priority filter; }',
    'add chain inet runner tunnels-in { type filter hook prerouting priority filter; }',
    `${out} oifname != { ${carriers} } counter name ${leaked}`,
    `${out} counter name oifname map { ${countersOf('sent')} }`,
    `${back} counter name iifname map { ${countersOf('received')} }`,
    '',
  ].join('\n');
}

/** Of a tunnel's packets that left by none of its carriers. */
export const leakCounterName = (tunnel: string): string => `leaked-${plain(tunnel)}`;

/** Of those that left by one of them, or came by it. */
export const passageCounterName = (
  direction: 'sent' | 'received',
  tunnel: string,
  carrier: string,
): string => `${direction}-${plain(tunnel)}--${plain(carrier)}`;

/** nft(8) has no quotation for names of its own: what it takes for none is written in hexadecimal. */
const plain = (name: string): string =>
  name.replace(/[^A-Za-z0-9-]/g, (letter) => `_${Buffer.from(letter).toString('hex')}_`);

const NO_RULES = 'Run "runner doctor": it says what nftables can do here';

export async function buildTunnelRule(
  step: RemarkStep | LeakCounterStep,
  stacks: Stacks,
): Promise<void> {
  const { do: action } = step;
  const script = action.kind === 'remark' ? remarkScript(action.remark) : leakScript(action.leak);
  const { ok, detail } = await runTool(['nft', '-f', '-'], stacks.fd(action.node), script);
  if (!ok) throw new StepFault(step, new Error(detail), NO_RULES);
}
