// Which endpoints a list of packets is between, where it says so.
import { parseIp } from '../../../base/addresses.ts';
import type { ScriptEndpoint } from '../../../model/script.ts';
import type { Faults } from '../../faults.ts';
import type { MapTree, Tree } from '../../source/tree.ts';
import { firstOf } from './first-of.ts';

export interface ListEnds {
  readonly client: ScriptEndpoint;
  readonly server: ScriptEndpoint;
}

/** What stands for addresses that are not given, and the server's port. */
const CLIENT = '192.0.2.1';
const SERVER = '192.0.2.2';
const SERVER_PORT = 9000;

export function readEnds(top: MapTree | undefined, faults: Faults): ListEnds {
  const ends = {
    client: { address: CLIENT, port: 0 },
    server: { address: SERVER, port: SERVER_PORT },
  };
  if (top === undefined) return ends;
  return {
    client: {
      address: addressIn(top, ['src', 'client', 'client_ip', 'clientIp'], faults) ?? CLIENT,
      port: portIn(top, ['sport', 'client_port', 'clientPort'], faults) ?? 0,
    },
    server: {
      address: addressIn(top, ['dst', 'server', 'server_ip', 'serverIp'], faults) ?? SERVER,
      port: portIn(top, ['dport', 'server_port', 'serverPort', 'port'], faults) ?? SERVER_PORT,
    },
  };
}

function addressIn(top: MapTree, keys: readonly string[], faults: Faults): string | undefined {
  const value = firstOf(top, keys);
  if (value === undefined) return undefined;
  const text = scalarText(value);
  if (parseIp(text).ok) return text;
  faults.add('P003', value.span, `Expected an IPv4 or IPv6 address, found ${JSON.stringify(text)}`);
  return undefined;
}

function portIn(top: MapTree, keys: readonly string[], faults: Faults): number | undefined {
  const value = firstOf(top, keys);
  if (value === undefined) return undefined;
  const port = Number(scalarText(value));
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  faults.add(
    'P003',
    value.span,
    `Expected a port from 1 to 65535, found ${JSON.stringify(scalarText(value))}`,
  );
  return undefined;
}

const scalarText = (tree: Tree): string => (tree.kind === 'scalar' ? String(tree.value) : '');
