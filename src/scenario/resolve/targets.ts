// `to: server:443` → an address and a port.
import { formatIp, parseIp } from '../../base/addresses.ts';
import type { Target } from '../../model/traffic.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { LAB_DOMAIN } from './host-names.ts';
import { sharedNetwork } from './places.ts';
import type { Lab } from './lab.ts';
import type { Node } from './topology.ts';

export interface Wish {
  readonly to: string;
  /** Undefined when a fault leaves it unknown: the target is looked at nonetheless. */
  readonly from: Node | undefined;
  readonly family: 4 | 6 | undefined;
  /** 0 where there is none to write. */
  readonly defaultPort: number | undefined;
  /** The place of `to`. */
  readonly path: Path;
}

/** Undefined, with a report, when `to` leads nowhere. */
export function resolveTarget(context: Context, lab: Lab, wish: Wish): Target | undefined {
  const { to, path } = wish;
  const split = splitPort(to);
  if (split === undefined) {
    context.report('S094', path, `Expected a host and a port such as "server:443", found "${to}"`, {
      help: 'An IPv6 address with a port is written in brackets: "[fd00::2]:443"',
    });
    return undefined;
  }
  const portless = wish.defaultPort === 0;
  if (portless && split.port !== undefined) {
    context.report('S094', path, `ICMP has no ports: expected a host alone, found "${to}"`, {
      help: `Write "${split.host}"`,
    });
    return undefined;
  }
  const port = split.port ?? wish.defaultPort;
  if (port === undefined || (port < 1 && !portless) || port > 65535) {
    const found = port === undefined ? `"${to}" without one` : String(port);
    context.report('S094', path, `Expected a port from 1 to 65535, found ${found}`, {
      help: `Write it after a colon: "${split.host}:443"`,
    });
    return undefined;
  }
  const address = addressOf(context, lab, split.host, wish);
  return address === undefined ? undefined : { host: split.host, address, port };
}

/** Host and port as written; undefined when the text is neither. */
export function splitPort(
  to: string,
): { readonly host: string; readonly port?: number } | undefined {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(to);
  const plain = /^([^:[\]\s]+)(?::(\d{1,5}))?$/.exec(to);
  const [, host, port] = bracketed ?? plain ?? [];
  if (host !== undefined) return port === undefined ? { host } : { host, port: Number(port) };
  return parseIp(to).ok ? { host: to } : undefined;
}

function addressOf(context: Context, lab: Lab, host: string, wish: Wish): string | undefined {
  const literal = parseIp(host);
  if (literal.ok) return formatIp(literal.value);
  const name = host.toLowerCase();
  const suffix = `.${LAB_DOMAIN}`;
  const bare = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
  const served = lab.served.get(name)?.[0];
  const node = lab.topology.nodes.get(bare) ?? lab.topology.nodes.get(served ?? '');
  if (node === undefined) {
    if (context.written.nodes.has(bare)) {
      if (context.off.nodes.has(bare))
        context.report(
          'S061',
          wish.path,
          `The ${context.kindOf(bare)} "${bare}" is switched off by its "when"`,
        );
      return undefined;
    }
    context.report('S060', wish.path, `There is no host or container "${host}"`, {
      help:
        context.suggest(host, [...lab.topology.nodes.keys(), ...lab.served.keys()]) ??
        'Write a host or container of the lab, a name that one serves, or an address',
    });
    return undefined;
  }
  if (wish.from === undefined) return undefined;
  const address = nearestAddress(lab, wish.from, node, wish.family);
  if (address === undefined && !context.partial)
    context.report(
      'S094',
      wish.path,
      `The ${node.kind} "${node.name}" has no ${wish.family === undefined ? '' : `IPv${wish.family} `}address`,
      { help: addressHelp(node, wish.family) },
    );
  return address;
}

function addressHelp(node: Node, family: 4 | 6 | undefined): string {
  if (node.bridge !== undefined) return 'It is a bridge: name a host behind it';
  const [member] = node.members;
  if (node.kind === 'container' && node.stack !== 'namespace')
    return `It is not on the networks of the lab: remove "network: ${node.stack === 'engine' ? 'docker' : 'machine'}" from it`;
  if (member === undefined) return `Make "${node.name}" a member of a network`;
  const subnet = family === 6 ? 'fd00:1::/64' : '10.10.1.0/24';
  const other = family === undefined ? '' : ', or remove "family"';
  return `Give its network "${member.network}" a subnet of that kind, such as ${subnet}${other}`;
}

/** The address of `to` on a network that both are on, else the first that `from` has a route to. */
export function nearestAddress(
  lab: Lab,
  from: Node,
  to: Node,
  family: 4 | 6 | undefined,
): string | undefined {
  const fits = (item: { readonly address: { readonly family: 4 | 6 } }): boolean =>
    family === undefined || item.address.family === family;
  if (from === to) return to.members.flatMap(({ addresses }) => addresses).find(fits)?.text;
  const shared = sharedNetwork(from, to)?.other.addresses.find(fits);
  if (shared !== undefined) return shared.text;
  const all = to.members.flatMap(({ addresses }) => addresses).filter(fits);
  const routed = all.find(({ address }) => lab.hasRoute(from.name, address));
  return (routed ?? all[0])?.text;
}
