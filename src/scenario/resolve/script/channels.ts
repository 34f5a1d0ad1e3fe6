// Pairs of ends → channels with their five-tuples.
import { formatIp, parseIp } from '../../../base/addresses.ts';
import type { ScriptChannel, ScriptTransport } from '../../../model/script.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import { nearestAddress } from '../targets.ts';
import type { Node } from '../topology.ts';
import type { Pair } from './endpoints.ts';
import { pathMtu, routeTo } from './path-mtu.ts';
import type { Ports } from './ports.ts';

/** A channel, with what steps must know of it. */
export interface Channel extends ScriptChannel {
  /** Where the file has the end that listens. */
  readonly path: Path;
  /** The largest TCP payload that one packet holds, in bytes, of a connection without options; Infinity with `unix`. */
  readonly mss: number;
}

const DEFAULT_TLS_PORT = 443;
const HEADERS = { 4: 40, 6: 60 } as const;

export function resolveChannel(
  context: Context,
  lab: Lab,
  { from, to }: Pair,
  transport: ScriptTransport,
  family: 4 | 6 | undefined,
  ports: Ports,
): Channel | undefined {
  const ends = { from: from.party, to: to.party, path: to.path };
  if (transport === 'unix') {
    if (!checkUnix(context, { from, to })) return undefined;
    const nowhere = { address: '', port: 0 };
    return { ...ends, source: nowhere, destination: nowhere, mss: Infinity };
  }
  const destination = nearestAddress(lab, from.node, to.node, family);
  const source = destination && sourceAddress(lab, from.node, to.node, destination);
  if (destination === undefined || source === undefined) {
    if (!context.partial)
      context.report(
        'S159',
        to.path,
        `"${from.node.name}" and "${to.node.name}" have no ${family === undefined ? '' : `IPv${family} `}addresses for each other`,
        { help: 'Make them members of networks of the lab, with subnets of that family' },
      );
    return undefined;
  }
  const sourcePort = portOf(transport, from.port, ports);
  const port =
    to.port ?? (transport === 'tls' ? DEFAULT_TLS_PORT : portOf(transport, undefined, ports));
  if (port === 0 && transport !== 'raw-ip') {
    context.report('S159', to.path, `"${to.party}" listens and needs a port`, {
      help: `Write it after a colon: "${to.party}:9000"`,
    });
    return undefined;
  }
  const headers = HEADERS[destination.includes(':') ? 6 : 4];
  return {
    ...ends,
    source: { address: source, port: sourcePort },
    destination: { address: destination, port },
    mss: pathMtu(lab, from.node, to.node, destination) - headers,
  };
}

/** 0 where the kernel gives one, or where there are none. */
function portOf(transport: ScriptTransport, written: number | undefined, ports: Ports): number {
  if (transport === 'raw-ip') return 0;
  if (written !== undefined) return written;
  return transport === 'raw-tcp' || transport === 'raw-udp' ? ports.next() : 0;
}

/** The address that the kernel would choose: of the interface that leads there. */
function sourceAddress(lab: Lab, from: Node, to: Node, destination: string): string | undefined {
  const target = parseIp(destination);
  if (!target.ok) return undefined;
  if (from === to) return destination;
  const { family } = target.value;
  const route = routeTo(lab, from, target.value);
  const side = from.members.find((item) => item.interface === route?.interface);
  const own = side?.addresses.find(({ address }) => address.family === family);
  return own === undefined ? nearestAddress(lab, to, from, family) : formatIp(own.address);
}

function checkUnix(context: Context, { from, to }: Pair): boolean {
  if (from.node.machine !== to.node.machine) {
    context.report(
      'S159',
      to.path,
      `A unix socket cannot reach from the machine "${from.node.machine}" to "${to.node.machine}"`,
      { help: 'Use "transport: tcp", or put both on one machine' },
    );
    return false;
  }
  const ported = [from, to].find(({ port }) => port !== undefined);
  if (ported !== undefined)
    context.report('S159', ported.path, 'A unix socket has no port', {
      help: `Write "${ported.party}" alone`,
    });
  return ported === undefined;
}
