// Steps `sysctl`, `address`, `route`, `rule` and `neighbour`: node by node, one visit to its namespace, one socket, one batch.
import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import {
  type IpAddress,
  type IpPrefix,
  parseIp,
  parseMac,
  parsePrefix,
} from '../../base/addresses.ts';
import { invariant, unreachable } from '../../base/invariant.ts';
import type { Result } from '../../base/result.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { addAddress } from '../../kernel/netlink/address.ts';
import type { NetlinkMessage } from '../../kernel/netlink/message.ts';
import { addNeighbour } from '../../kernel/netlink/neighbour.ts';
import { RT_TABLE_MAIN, addRoute } from '../../kernel/netlink/route.ts';
import { addRule } from '../../kernel/netlink/rule.ts';
import type { PlanRoute, PlanRule } from '../../model/plan.ts';
import { type StepMessage, exchangeSteps } from './exchange-steps.ts';
import { NODES_A_TURN } from './links.ts';
import { type ConfigureStep, groupByNode } from './phases.ts';
import type { Stacks } from './stacks.ts';
import { atStep } from './step-fault.ts';

export async function configureNodes(
  steps: readonly ConfigureStep[],
  stacks: Stacks,
): Promise<void> {
  let turn = 0;
  for (const [node, group] of groupByNode(steps)) {
    inNamespace(stacks.fd(node), () => configureNode(group, stacks));
    if (++turn % NODES_A_TURN === 0) await setImmediate();
  }
}

/** Carries out one node's steps in order; this thread is in its namespace. */
function configureNode(steps: readonly ConfigureStep[], stacks: Stacks): void {
  let batch: StepMessage[] = [];
  for (const step of steps) {
    if (step.do.kind !== 'sysctl') {
      batch.push({ step, message: toMessage(step.do, stacks) });
      continue;
    }
    exchangeSteps(batch);
    batch = [];
    const { key, value } = step.do;
    atStep(step, () => writeFileSync(sysctlFile(key), value));
  }
  exchangeSteps(batch);
}

/**
 * The file of a network setting. As in sysctl.d(5), the first separator says which is meant: in `net/ipv4/conf/a.b/forwarding`
 * the dot belongs to the interface's name.
 */
export function sysctlFile(key: string): string {
  const parts = key.split(/^[^./]*\//.test(key) ? '/' : '.');
  invariant(
    parts[0] === 'net' &&
      parts.length > 1 &&
      parts.every((part) => /^(?!\.{1,2}$)[\w.:@-]+$/.test(part)),
    `A plan sets network settings alone, found "${key}"`,
  );
  return `/proc/sys/${parts.join('/')}`;
}

type NetlinkAction = Exclude<ConfigureStep['do'], { readonly kind: 'sysctl' }>;

function toMessage(action: NetlinkAction, stacks: Stacks): NetlinkMessage {
  switch (action.kind) {
    case 'address':
      return addAddress(stacks.index(action.node, action.interface), prefix(action.address));
    case 'route':
      return toRoute(action.node, action.route, stacks);
    case 'rule':
      return toRule(action.rule);
    case 'neighbour':
      return addNeighbour(
        stacks.index(action.node, action.interface),
        address(action.address),
        planned(parseMac(action.mac)),
      );
    default:
      return unreachable(action, 'step');
  }
}

const toRoute = (node: string, route: PlanRoute, stacks: Stacks): NetlinkMessage =>
  addRoute({
    to: prefix(route.to),
    kind: route.kind,
    table: tableNumber(route.table),
    ...(route.via !== undefined && { via: address(route.via) }),
    ...(route.kind === 'unicast' && { interface: stacks.index(node, route.interface) }),
    ...(route.metric !== undefined && { metric: route.metric }),
  });

const toRule = (rule: PlanRule): NetlinkMessage =>
  addRule({
    family: rule.family,
    priority: rule.priority,
    table: tableNumber(rule.table),
    ...(rule.from !== undefined && { from: prefix(rule.from) }),
    ...(rule.to !== undefined && { to: prefix(rule.to) }),
    ...(rule.fwmark !== undefined && { fwmark: rule.fwmark }),
    ...(rule.mask !== undefined && { mask: rule.mask }),
    ...(rule.not && { not: true }),
  });

const tableNumber = (table: number | 'main'): number => (table === 'main' ? RT_TABLE_MAIN : table);
const prefix = (text: string): IpPrefix => planned(parsePrefix(text));
const address = (text: string): IpAddress => planned(parseIp(text));

function planned<T>(parsed: Result<T, string>): T {
  invariant(parsed.ok, parsed.ok ? '' : `A plan holds whole addresses. ${parsed.error}`);
  return parsed.value;
}
