// Finds out by trying, in a namespace of its own, which queueing disciplines this kernel has.
import { createNetworkNamespace, inNamespace } from '../../kernel/namespace.ts';
import { createBridge, createIfb } from '../../kernel/netlink/link.ts';
import { exchange } from '../../kernel/netlink/socket.ts';
import { closeDescriptor } from '../../kernel/process.ts';
import type { Impairment } from '../../model/plan.ts';
import { type ShapingAbility, shapingLines } from './shaping.ts';
import { runTool } from './tool.ts';

const NONE: Impairment = {
  delay: 0,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 65_536,
};

export async function probeShaping(): Promise<ShapingAbility> {
  const [netem, tbf] = await Promise.all([
    canShape({ ...NONE, delay: 1 }),
    canShape({ ...NONE, rate: 1e6 }),
  ]);
  return { netem, tbf };
}

async function canShape(impairment: Impairment): Promise<boolean> {
  const namespace = createNetworkNamespace();
  try {
    // Any device may stand in for the port.
    inNamespace(namespace, () => exchange([createBridge('port', 100), createIfb('ifb', 101)]));
    const lines = shapingLines({ port: 'port', ifb: 'ifb', mtu: 1500, impairment });
    const { ok } = await runTool(['tc', '-batch', '-'], namespace, `${lines.join('\n')}\n`);
    return ok;
  } catch {
    // Neither the device nor the tool: our own switch needs neither.
    return false;
  } finally {
    closeDescriptor(namespace);
  }
}
