import type { PlanNat, PlanNode, PlanRoute, PlanRule, Step, StepAction } from '../../model/plan.ts';
import type { PlanTunnel } from '../../model/tunnel.ts';
import { impliedBy, ip, routeCommand, ruleCommand } from './commands.ts';
import { wireguardWords } from './wireguard-words.ts';

/** Behind every route that leads somewhere. */
const LAST_METRIC = 4_278_198_272;

/** Steps for one tunnel on one node. */
export class TunnelStepMaker {
  readonly #tunnel: string;
  readonly node: PlanNode;
  #rules = 0;

  constructor(tunnel: string, node: PlanNode) {
    this.#tunnel = tunnel;
    this.node = node;
  }

  rule(rule: PlanRule): Step {
    this.#rules += 1;
    const action = { kind: 'rule', node: this.node.name, rule } as const;
    return this.#step(`rule:${this.#rules}`, action, ip(this.node, ruleCommand(rule)));
  }

  route(way: Pick<PlanRoute, 'to' | 'interface' | 'table'>): Step {
    return this.#route({ ...way, kind: 'unicast' });
  }

  unreachable(to: string, table: number): Step {
    return this.#route({ to, interface: 'lo', table, metric: LAST_METRIC, kind: 'unreachable' });
  }

  address(device: string, address: string): Step {
    const action = { kind: 'address', node: this.node.name, interface: device, address } as const;
    const command = ip(this.node, `address add ${address} dev ${device}`);
    return this.#step(`address:${address}`, action, command);
  }

  nat(nat: PlanNat): Step {
    const family = nat.from?.includes(':') === true ? 'ip6' : 'ip';
    return this.inside(
      `nat:${nat.interface}:${nat.from ?? ''}`,
      { kind: 'nat', node: this.node.name, nat },
      `nft add rule inet runner postrouting ${family} saddr ${nat.from ?? ''} oifname ${nat.interface} masquerade`,
    );
  }

  end(tunnel: PlanTunnel, end: 'client' | 'server'): Step {
    const { name } = this.node;
    const device = tunnel[end].interface;
    const action = { kind: 'tunnel', node: name, tunnel: tunnel.name, end } as const;
    const command = [
      ip(this.node, `link add ${device} mtu ${tunnel.mtu} type wireguard`),
      `ip netns exec ${name} wg set ${device} ${wireguardWords(tunnel, end)}`,
      ip(this.node, `link set ${device} up`),
    ].join(' && ');
    const undo = ip(this.node, `link del ${device}`);
    return { ...this.#step(end, action, command), undo };
  }

  /** A command within the node's namespace. */
  inside(id: string, action: StepAction, command: string): Step {
    return this.#step(id, action, `ip netns exec ${this.node.name} ${command}`);
  }

  #route(route: PlanRoute): Step {
    const { to, table, metric } = route;
    const action = { kind: 'route', node: this.node.name, route } as const;
    const id = `route:${to}:${table}${metric === undefined ? '' : `:${metric}`}`;
    return this.#step(id, action, ip(this.node, routeCommand(route)));
  }

  #step(id: string, action: StepAction, command: string): Step {
    return {
      id: `tunnel:${this.#tunnel}:${this.node.name}:${id}`,
      do: action,
      command,
      undo: impliedBy(this.node),
    };
  }
}
