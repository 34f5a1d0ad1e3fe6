// What a node's own kernel is told, so that each packet goes exactly one way: ours on a ring, the queue's with NFQUEUE.
import { writeFileSync } from 'node:fs';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { parsePrefix } from '../../base/addresses.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import type { PlanNode } from '../../model/plan.ts';
import { runTool } from '../build/tool.ts';
import { QUEUE_NUMBER } from './queue-path.ts';
import { INJECTED_MARK } from './raw-injector.ts';

const FORWARDING = [
  '/proc/sys/net/ipv4/conf/all/forwarding',
  '/proc/sys/net/ipv6/conf/all/forwarding',
];

/**
 * Closes the kernel's forwarding on a node that we forward for. Packets that are not the node's own are dropped as they
 * come in besides, after the ring has seen them: without that the kernel looks up a route for each only to drop it, which
 * cost a fifth of the throughput. A machine without nftables does without.
 */
export async function closeKernelPath(node: PlanNode, fd: number): Promise<void> {
  inNamespace(fd, () => {
    for (const file of FORWARDING) writeFileSync(file, '0');
  });
  try {
    await runTool(['nft', '-f', '-'], fd, ingressScript(node));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

/** An nft(8) script: frames to the node's MAC whose IP destination is none of its addresses end here. */
export function ingressScript(node: PlanNode): string {
  const own = (family: 4 | 6): string[] =>
    node.interfaces.flatMap(({ addresses }) =>
      addresses.flatMap((text) => {
        const prefix = parsePrefix(text);
        const address = text.split('/')[0];
        return prefix.ok && prefix.value.address.family === family && address ? [address] : [];
      }),
    );
  const devices = node.interfaces.map(({ name }) => quoted(name));
  const v4 = own(4);
  const v6 = ['fe80::/10', ...own(6)];
  return [
    'add table netdev runner',
    `add chain netdev runner forwarded { type filter hook ingress devices = { ${devices.join(', ')} } priority 0; policy accept; }`,
    'add rule netdev runner forwarded meta pkttype != host accept',
    v4.length > 0
      ? `add rule netdev runner forwarded ip daddr != { ${v4.join(', ')} } drop`
      : 'add rule netdev runner forwarded meta protocol ip drop',
    `add rule netdev runner forwarded ip6 daddr != { ${v6.join(', ')} } drop`,
    '',
  ].join('\n');
}

/** Sends every packet that the kernel forwards through our queue; one that nobody reads lets nothing pass. */
export async function openQueuePath(node: PlanNode, fd: number, lockFile: string): Promise<void> {
  const script = queueRules(node);
  for (const program of ['iptables-restore', 'ip6tables-restore']) {
    const argv = [program, '--noflush', '--wait', '5'] as const;
    // The lock's usual place may not be ours to write; nobody else changes the rules of this namespace.
    const { ok, detail } = await runTool(argv, fd, script, { XTABLES_LOCKFILE: lockFile });
    if (ok) continue;
    throw new Fault(
      'machine',
      `The packets of node "${node.name}" cannot be queued to its censor: "${program}" gave ${detail}`,
      { help: 'Run "runner doctor": it says whether this kernel has the NFQUEUE target' },
    );
  }
}

/**
 * iptables-restore(8) input, the same for both families. What censors inject is not tracked, or the kernel would take it for
 * a flow of its own and change its port to tell it from the real one; where NAT rewrites, it must be tracked to be rewritten.
 */
export function queueRules(node: PlanNode): string {
  const rewritten = node.nat.map(
    ({ interface: name }) =>
      `-A OUTPUT -o ${quoted(name)} -m mark --mark ${INJECTED_MARK} -j ACCEPT`,
  );
  return [
    '*raw',
    ...rewritten,
    `-A OUTPUT -m mark --mark ${INJECTED_MARK} -j CT --notrack`,
    'COMMIT',
    '*mangle',
    `-A FORWARD -j NFQUEUE --queue-num ${QUEUE_NUMBER}`,
    'COMMIT',
    '',
  ].join('\n');
}

/** Both tools read quoted names; one that could end the quotation is none that the compiler makes. */
function quoted(name: string): string {
  invariant(/^[\w.@:-]{1,15}$/.test(name), `A plan names interfaces plainly, found "${name}"`);
  return `"${name}"`;
}
