// The agent's door to the packet thread: censors in and beside the way of packets, and segments of our own switch.
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { LinkMeasurement } from '../../model/rpc.ts';
import type { CensorChange } from '../../model/traffic.ts';
import type { AgentContext } from '../context.ts';
import { closeKernelPath, openQueuePath } from './kernel-path.ts';
import { type LinkProbes, createLinkProbes } from './measure/link-probes.ts';
import { measureLinks } from './measure/measure-links.ts';
import { PacketThread } from './packet-thread.ts';
import { type PacketWork, listWork } from './work.ts';

export interface PacketPaths {
  /** Resolved when every packet goes its planned way. */
  start(): Promise<void>;
  /** Sends frames of our own across each impaired link within the machine. Before traffic, or it measures the traffic too. */
  measure(): Promise<LinkMeasurement[]>;
  /** This machine's end of links to other machines. */
  readonly probes: LinkProbes;
  /** Resolved when the next packet meets the censor as `change` says. */
  control(censor: string, change: CensorChange): Promise<void>;
  /** What has arrived and is due by now still leaves; what would leave later does not. Safe to call twice. */
  stop(): Promise<void>;
}

/** `segments` are the networks of kind `switch` that our own switch carries; the kernel carries the others. */
export function createPacketPaths(context: AgentContext, segments: readonly string[]): PacketPaths {
  const work = listWork(context.plan, segments);
  let thread: PacketThread | undefined;
  return {
    async start() {
      if (work.networks.length === 0 && work.nodes.length === 0) return;
      thread = new PacketThread(context, segments, work);
      const opened = thread.ready();
      // While the thread starts: the rings are read before anything is sent that is to be forwarded.
      closePaths(context, work);
      await opened;
      await openQueues(context, work);
      await thread.startPrograms();
    },
    measure: () => measureLinks(context),
    probes: createLinkProbes(context),
    async control(censor, change) {
      if (!thread) throw new Fault('run', `The lab has no censor "${censor}"`);
      await thread.control(censor, change);
    },
    async stop() {
      await thread?.stop();
      thread = undefined;
    },
  };
}

function closePaths(context: AgentContext, { nodes }: PacketWork): void {
  for (const { node, mode } of nodes)
    // A bridge whose frames we carry has no kernel's way: none was made.
    if (mode === 'ring' && node.bridge === undefined)
      closeKernelPath(node, context.namespaceFd(node.name));
}

/** After the thread has bound the queues: a rule without a queue drops everything. */
async function openQueues(context: AgentContext, { nodes }: PacketWork): Promise<void> {
  const lockFile = join(context.directory, 'lab', 'xtables.lock');
  for (const { node, mode } of nodes)
    if (mode === 'queue')
      await openQueuePath(context.plan, node, context.namespaceFd(node.name), lockFile);
}
