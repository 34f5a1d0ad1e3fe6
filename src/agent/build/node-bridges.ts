// Steps `node-bridge` and `bridge-port`: the kernel's bridge in a node that joins its networks, or the members of one, node by node.
import { setImmediate } from 'node:timers/promises';
import { inNamespace } from '../../kernel/namespace.ts';
import { parseMac } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import { createBridge, setMaster } from '../../kernel/netlink/link.ts';
import type { NetlinkMessage } from '../../kernel/netlink/message.ts';
import { exchangeSteps } from './exchange-steps.ts';
import { NODES_A_TURN } from './links.ts';
import { type NodeBridgeStep, groupByNode } from './phases.ts';
import type { Stacks } from './stacks.ts';

/** Each bridge is up when it has been made, and its ports, whose links are up, forward at once: nothing speaks STP. */
export async function buildNodeBridges(
  steps: readonly NodeBridgeStep[],
  stacks: Stacks,
): Promise<void> {
  let turn = 0;
  for (const [node, group] of groupByNode(steps)) {
    const messages = group.map((step) => ({ step, message: toMessage(step, stacks) }));
    inNamespace(stacks.fd(node), () => exchangeSteps(messages));
    if (++turn % NODES_A_TURN === 0) await setImmediate();
  }
}

function toMessage({ do: action }: NodeBridgeStep, stacks: Stacks): NetlinkMessage {
  const { node } = action;
  if (action.kind === 'node-bridge') {
    const index = stacks.assignIndex(node, action.interface);
    return createBridge(action.interface, index, macOf(action.mac));
  }
  return setMaster(stacks.index(node, action.interface), stacks.index(node, action.bridge));
}

function macOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const mac = parseMac(text);
  invariant(mac.ok, `A plan holds whole MAC addresses, found "${text}"`);
  return mac.value;
}
