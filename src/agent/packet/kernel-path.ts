// What a node's own kernel is told, so that each packet goes exactly one way: ours on a ring, the queue's with NFQUEUE.
import { writeFileSync } from 'node:fs';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { addIngressHook, setIngressFilter } from '../../kernel/netlink/ingress-filter.ts';
import { findLink } from '../../kernel/netlink/find-link.ts';
import { NetlinkError, exchange } from '../../kernel/netlink/socket.ts';
import { masqueradesOf } from '../../model/masquerades.ts';
import type { Plan, PlanNat, PlanNode } from '../../model/plan.ts';
import { runTool } from '../build/tool.ts';
import { ingressFilter } from './carry/carry-filters.ts';
import { nodeAddresses } from './node-addresses.ts';
import { QUEUE_NUMBER } from './queue-path.ts';
import { INJECTED_MARK } from './raw-injector.ts';

const FORWARDING = {
  4: '/proc/sys/net/ipv4/conf/all/forwarding',
  6: '/proc/sys/net/ipv6/conf/all/forwarding',
} as const;

/**
 * Closes the kernel's forwarding on a node that we forward for: a filter on each interface drops what is not the node's own after the
 * ring has seen it. The packet thread opens it for flows that are decided (`carry/`), so forwarding is on behind the filters, and not
 * before they are there. A kernel without tc's bpf classifier forwards nothing at all.
 */
export function closeKernelPath(node: PlanNode, fd: number): void {
  inNamespace(fd, () => {
    const forwarding = filterIngress(node) && node.forwarding ? '1' : '0';
    writeFileSync(FORWARDING[4], forwarding);
    if (
      nodeAddresses(node)
        .flat()
        .some(({ family }) => family === 6)
    )
      writeFileSync(FORWARDING[6], forwarding);
  });
}

function filterIngress(node: PlanNode): boolean {
  const program = ingressFilter([], nodeAddresses(node).flat()).encode();
  const indexes = node.interfaces.flatMap(({ name }) => findLink(name) ?? []);
  try {
    // One after the other: where a hook is refused, a filter behind it may still be taken, and would be opened for what is carried.
    exchange(indexes.map(addIngressHook));
    exchange(indexes.map((index) => setIngressFilter(index, program, true)));
    return true;
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    return false;
  }
}

/** Sends every packet that the kernel forwards through our queue; one that nobody reads lets nothing pass. */
export async function openQueuePath(
  plan: Plan,
  node: PlanNode,
  fd: number,
  lockFile: string,
): Promise<void> {
  const script = queueRules(masqueradesOf(plan, node));
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
export function queueRules(masquerades: readonly PlanNat[]): string {
  const names = new Set(masquerades.map((nat) => nat.interface));
  const rewritten = [...names].map(
    (name) => `-A OUTPUT -o ${quoted(name)} -m mark --mark ${INJECTED_MARK} -j ACCEPT`,
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

/** iptables-restore reads quoted names; one that could end the quotation is none that the compiler makes. */
function quoted(name: string): string {
  invariant(/^[\w.@:-]{1,15}$/.test(name), `A plan names interfaces plainly, found "${name}"`);
  return `"${name}"`;
}
