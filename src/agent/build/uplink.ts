// Step `uplink`: the lab's segment becomes a network's gateway to the outside, over a device that the machine's side has put
// there before. IPv4 alone.
import { existsSync, writeFileSync } from 'node:fs';
import { type IpPrefix, parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { addAddress } from '../../kernel/netlink/address.ts';
import type { Plan } from '../../model/plan.ts';
import { UPLINK_DEVICE } from '../../model/uplink.ts';
import { exchangeSteps } from './exchange-steps.ts';
import type { UplinkStep } from './phases.ts';
import type { Stacks } from './stacks.ts';
import { StepFault, atStep } from './step-fault.ts';
import { runTool } from './tool.ts';

/** What may pass from a network to the outside and what may come back; nothing passes between networks here. */
export const gatewayScript = (bridges: readonly string[]): string =>
  [
    'add table inet runner',
    'add chain inet runner forward { type filter hook forward priority filter; policy drop; }',
    'add rule inet runner forward ct state established,related accept',
    ...bridges.map((bridge) => {
      invariant(
        /^[\w.@:-]{1,15}$/.test(bridge),
        `A plan names interfaces plainly, found "${bridge}"`,
      );
      return `add rule inet runner forward iifname "${bridge}" oifname "${UPLINK_DEVICE}" accept`;
    }),
    'add chain inet runner postrouting { type nat hook postrouting priority srcnat; }',
    `add rule inet runner postrouting oifname "${UPLINK_DEVICE}" masquerade`,
    '',
  ].join('\n');

export async function buildUplinks(
  steps: readonly UplinkStep[],
  plan: Plan,
  stacks: Stacks,
): Promise<void> {
  const [first] = steps;
  invariant(first, 'A phase has steps');
  const segment = stacks.fd(null);
  const bridges: string[] = [];
  for (const step of steps) {
    const network = plan.networks.find(({ name }) => name === step.do.network);
    invariant(network, `Step "${step.id}" is of a network of the plan`);
    const bridge = stacks.bridge(network.name);
    if (bridge === undefined)
      throw new StepFault(
        step,
        new Error(`network "${network.name}" is our own switch, which has no port to the outside`),
        'Remove delay, loss and the like from this network, or put a forwarding host between it and one with the uplink',
      );
    bridges.push(bridge);
    const index = stacks.index(null, bridge);
    inNamespace(segment, () =>
      exchangeSteps(
        network.gateway
          .map(planned)
          .flatMap((prefix) =>
            prefix.address.family === 4 ? [{ step, message: addAddress(index, prefix) }] : [],
          ),
      ),
    );
  }
  inNamespace(segment, () =>
    atStep(first, () => {
      leaveBridgedAlone();
      writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
    }),
  );
  const { ok, detail } = await runTool(['nft', '-f', '-'], segment, gatewayScript(bridges));
  if (!ok) throw new StepFault(first, new Error(detail));
}

/**
 * Where br_netfilter is there, as Docker loads it, rules about what is forwarded see what a bridge hands from port to port as well:
 * the gateway's would take it from the nodes of all networks.
 */
function leaveBridgedAlone(): void {
  for (const family of ['iptables', 'ip6tables']) {
    const setting = `/proc/sys/net/bridge/bridge-nf-call-${family}`;
    if (existsSync(setting)) writeFileSync(setting, '0');
  }
}

function planned(text: string): IpPrefix {
  const parsed = parsePrefix(text);
  invariant(parsed.ok, `A plan holds whole prefixes, found "${text}"`);
  return parsed.value;
}
