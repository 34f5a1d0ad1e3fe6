// Steps `remark` and `leak-counter`: what nftables does to the packets of tunnels, and counts of them.
import { parseIp, parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import type {
  PlanLeakCounter,
  PlanRemark,
  RoutedPackets,
  TunnelEndpoint,
} from '../../model/tunnel.ts';
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
export function leakScript(leak: PlanLeakCounter): string {
  const { tunnel, interfaces } = leak;
  for (const name of interfaces)
    // The script has no other way to quote: a name that could end the quotation is none that the compiler makes.
    invariant(/^[\w.@:-]{1,15}$/.test(name), `A plan names interfaces plainly, found "${name}"`);
  const carriers = interfaces.map((name) => `"${name}"`).join(', ');
  const counter = leakCounterName(tunnel);
  const matches = 'endpoint' in leak ? [toEndpoint(leak.endpoint)] : toRouted(leak.routed);
  return [
    'add table inet runner',
    `add counter inet runner ${counter}`,
    'add chain inet runner leaks { type filter hook postrouting priority filter; }',
    ...matches.map(
      (match) =>
        `add rule inet runner leaks ${match} oifname != { ${carriers} } counter name ${counter}`,
    ),
    '',
  ].join('\n');
}

function toEndpoint({ address, port }: TunnelEndpoint): string {
  const parsed = parseIp(address);
  invariant(parsed.ok, `A plan holds whole addresses, found "${address}"`);
  return `${parsed.value.family === 6 ? 'ip6' : 'ip'} daddr ${address} udp dport ${port}`;
}

/** What stays on a link is the link's, and no route leads it elsewhere. */
const ON_LINK = {
  4: 'ip daddr != { 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4, 255.255.255.255 }',
  6: 'ip6 daddr != { ::1, fe80::/10, ff00::/8 }',
} as const;

const toRouted = ({ prefixes, marks }: RoutedPackets): readonly string[] =>
  prefixes.map((text) => {
    const prefix = parsePrefix(text);
    invariant(prefix.ok, `A plan holds whole prefixes, found "${text}"`);
    const { address, length } = prefix.value;
    const to =
      length === 0
        ? ON_LINK[address.family]
        : `${address.family === 6 ? 'ip6' : 'ip'} daddr ${text}`;
    return `${to} meta mark != ${marks.low}-${marks.high} oifname != "lo"`;
  });

/** nft(8) has no quotation for names of its own: what it takes for none is written in hexadecimal. */
export const leakCounterName = (tunnel: string): string =>
  `leaked-${tunnel.replace(/[^A-Za-z0-9-]/g, (letter) => `_${Buffer.from(letter).toString('hex')}_`)}`;

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
