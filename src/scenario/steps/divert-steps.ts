import type { PlanDivert, PlanNode, PlanProxy, Step } from '../../model/plan.ts';
import { impliedBy, ip } from './commands.ts';

/** Counted up for each proxy: what marks the packets that TPROXY takes, and the table that has them delivered. */
const MARK = 0x5200_0000;
const TABLE = 52_000;
/** Before the rules that a scenario writes. */
const DIVERT_PRIORITY = 50;

/** Connections and datagrams that pass through the node of a relay are handed to it, in each family. */
export function divertSteps(nodes: readonly PlanNode[], proxies: readonly PlanProxy[]): Step[] {
  return proxies.flatMap(({ name, on, relay, divert: ports }, index): Step[] => {
    const node = nodes.find((one) => one.name === on);
    if (node === undefined || ports.length === 0 || relay.listen.kind === 'unix') return [];
    const { kind: protocol, port: to } = relay.listen;
    const how = relay.transparent ? 'tproxy' : 'redirect';
    return ([4, 6] as const).map((family): Step => {
      const local = { mark: MARK + index, table: TABLE + index };
      const divert: PlanDivert = { family, how, protocol, ports, to, ...local };
      return {
        id: `divert:${on}:${name}:${family}`,
        do: { kind: 'divert', node: on, proxy: name, divert },
        command: divertCommand(node, divert),
        undo: impliedBy(node),
      };
    });
  });
}

export function divertCommand(node: PlanNode, divert: PlanDivert): string {
  const { family, protocol, ports, to, mark, table } = divert;
  const tool = `ip netns exec ${node.name} ${family === 4 ? 'iptables' : 'ip6tables'}`;
  const towards = divert.addresses ? ` -d ${divert.addresses.join(',')}` : '';
  const match = `-p ${protocol}${towards} -m multiport --dports ${ports.join(',')}`;
  if (divert.how === 'redirect')
    return `${tool} -t nat -A PREROUTING ${match} -j REDIRECT --to-ports ${to}`;
  const flag = family === 4 ? '' : '-6 ';
  return [
    ip(node, `${flag}rule add priority ${DIVERT_PRIORITY} fwmark ${mark} table ${table}`),
    ip(node, `${flag}route add local default dev lo table ${table}`),
    `${tool} -t mangle -A PREROUTING ! -i lo ${match} -j TPROXY --on-port ${to} --tproxy-mark ${mark}`,
  ].join(' && ');
}
