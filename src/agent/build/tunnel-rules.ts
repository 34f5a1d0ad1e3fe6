// Steps `remark` and `leak-counter`: what nftables does to the packets of tunnels, and counts of them.
import { parseIp, parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import type {
  PlanLeakCounter,
  PlanRemark,
  RoutedPackets,
  TunnelEndpoint,
} from '../../model/tunnel.ts';
import { plainName } from './plain-name.ts';
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
  const countersOf = (direction: 'sent' | 'received'): string =>
    interfaces
      .map((name) => `"${name}" : "${passageCounterName(direction, tunnel, name)}"`)
      .join(', ');
  const leaked = leakCounterName(tunnel);
  const out = (match: string): readonly string[] => [
    `add rule inet runner tunnels-out ${match} oifname != { ${carriers} } counter name ${leaked}`,
    `add rule inet runner tunnels-out ${match} counter name oifname map { ${countersOf('sent')} }`,
  ];
  const back = (match: string): string =>
    `add rule inet runner tunnels-in ${match} counter name iifname map { ${countersOf('received')} }`;
  const { sent, received } = 'endpoint' in leak ? ofEndpoint(leak.endpoint) : ofRouted(leak.routed);
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
    ...sent.flatMap(out),
    ...received.map(back),
    '',
  ].join('\n');
}

/** Of a tunnel's packets that left by none of its carriers. */
export const leakCounterName = (tunnel: string): string => `leaked-${plainName(tunnel)}`;

/** Of those that left by one of them, or came by it. */
export const passageCounterName = (
  direction: 'sent' | 'received',
  tunnel: string,
  carrier: string,
): string => `${direction}-${plainName(tunnel)}--${plainName(carrier)}`;

/** Matches of what is sent and what comes back. */
interface Matches {
  readonly sent: readonly string[];
  readonly received: readonly string[];
}

function ofEndpoint({ address, port }: TunnelEndpoint): Matches {
  const parsed = parseIp(address);
  invariant(parsed.ok, `A plan holds whole addresses, found "${address}"`);
  const family = familyWord(parsed.value.family);
  return {
    sent: [`${family} daddr ${address} udp dport ${port}`],
    received: [`${family} saddr ${address} udp sport ${port}`],
  };
}

/** What stays on a link is the link's, and no route leads it elsewhere. */
const ON_LINK = {
  4: '{ 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4, 255.255.255.255 }',
  6: '{ ::1, fe80::/10, ff00::/8 }',
} as const;

function ofRouted({ prefixes, marks }: RoutedPackets): Matches {
  const places = prefixes.map((text) => {
    const prefix = parsePrefix(text);
    invariant(prefix.ok, `A plan holds whole prefixes, found "${text}"`);
    const { address, length } = prefix.value;
    const family = familyWord(address.family);
    return { family, is: length === 0 ? `!= ${ON_LINK[address.family]}` : text };
  });
  return {
    sent: places.map(
      ({ family, is }) =>
        `${family} daddr ${is} meta mark != ${marks.low}-${marks.high} oifname != "lo"`,
    ),
    received: places.map(({ family, is }) => `${family} saddr ${is}`),
  };
}

const familyWord = (family: 4 | 6): 'ip' | 'ip6' => (family === 6 ? 'ip6' : 'ip');

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
