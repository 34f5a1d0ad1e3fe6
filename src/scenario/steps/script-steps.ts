import type { PlanNode, Step } from '../../model/plan.ts';
import type { Instruction, ScriptSpec } from '../../model/script.ts';
import type { Flow } from '../../model/traffic.ts';
import { sysctlStep } from './node-steps.ts';

/**
 * What keeps segments as they are asked for: those that are sent again are not joined, none is sent again before a delayed
 * ACK could come (the tail loss probe), and none is held back while the one before is in a queue of this machine.
 */
const FRAMING = [
  ['tcp_retrans_collapse', '0'],
  ['tcp_early_retrans', '0'],
  ['tcp_autocorking', '0'],
] as const;

/** What the kernel's TCP must be told for scripts to have their way, at each node that plays one. */
export function scriptSteps(nodes: readonly PlanNode[], flows: readonly Flow[]): Step[] {
  const framed = new Set<string>();
  const again = new Set<string>();
  for (const { probe, schedule } of flows) {
    if (probe.kind !== 'script' || (probe.transport !== 'tcp' && probe.transport !== 'tls'))
      continue;
    for (const { node, program } of probe.parties) if (isFramed(program)) framed.add(node);
    if (schedule.repeat !== 1) for (const node of fixedPorts(probe)) again.add(node);
  }
  return nodes.flatMap((node) => [
    ...(framed.has(node.name)
      ? FRAMING.map(([key, value]) => sysctlStep(node, `net.ipv4.${key}`, value))
      : []),
    // The port is wanted again while the connection before is in TIME-WAIT.
    ...(again.has(node.name) ? [sysctlStep(node, 'net.ipv4.tcp_tw_reuse', '1')] : []),
  ]);
}

const isFramed = (program: readonly Instruction[]): boolean =>
  program.some((instruction) => {
    switch (instruction.op) {
      case 'send':
        return instruction.framing !== 'stream';
      case 'branch':
        return isFramed(instruction.yes) || isFramed(instruction.no);
      case 'loop':
        return isFramed(instruction.body);
      case 'craft':
      case 'arrive':
      case 'expect':
      case 'close':
      case 'wait':
      case 'set':
      case 'stack':
        return false;
    }
  });

/** Nodes that connect from a port that the file gives. */
const fixedPorts = ({ channels, parties }: ScriptSpec): readonly string[] =>
  channels.flatMap(({ from, source }) =>
    source.port === 0 ? [] : parties.filter(({ name }) => name === from).map(({ node }) => node),
  );
