// Where a relay listens, what it dials and where it is controlled.
import { parseIp } from '../../../base/addresses.ts';
import type { Relay } from '../../../model/scenario-file.ts';
import type { RelaySpec, StreamAddress } from '../../../model/relay.ts';
import { parseStreamAddress } from '../../../model/stream-address.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { resolveTarget } from '../targets.ts';
import type { RelaySite } from './scope.ts';

type Addresses = Pick<RelaySpec, 'listen' | 'target' | 'control'>;

const ANYWHERE = '*';

/** Undefined, with a report, where one of them cannot be. `site` is null outside of a lab: names are looked up when they are dialled. */
export function resolveAddresses(
  context: Context,
  site: RelaySite | null,
  written: Relay,
  path: Path,
): Addresses | undefined {
  const listen = listenAt(context, site, written.listen, [...path, 'listen']);
  const target = targetAt(context, site, written.target, [...path, 'target']);
  const control =
    written.control === undefined
      ? null
      : controlAt(context, site, written.control, [...path, 'control']);
  if (listen === undefined || target === undefined || control === undefined) return undefined;
  const addresses = { listen, target, control };
  return checkKinds({ context, site, path }, addresses, written) ? addresses : undefined;
}

function listenAt(
  context: Context,
  site: RelaySite | null,
  text: string,
  path: Path,
): StreamAddress | undefined {
  const address = read({ context, site, path }, text, ANYWHERE);
  if (address === undefined || address.kind === 'unix') return address;
  const { host } = address;
  // A socket on "::" hears both families where nobody says otherwise (ipv6(7)), and so does this.
  if (host === '::') return { ...address, host: ANYWHERE };
  if (host === ANYWHERE || parseIp(host).ok || site === null) return address;
  if (host === 'localhost') return { ...address, host: '127.0.0.1' };
  const { lab, node } = site;
  if (host === node.name) return dialled(context, { lab, node }, address, path);
  context.report('S180', path, `A relay on "${node.name}" cannot listen at "${host}"`, {
    help: `Write tcp://*:${address.port} for all addresses of "${node.name}", or one of them`,
  });
  return undefined;
}

function targetAt(
  context: Context,
  site: RelaySite | null,
  text: string,
  path: Path,
): RelaySpec['target'] | undefined {
  if (text === 'original') return text;
  const address = read({ context, site, path }, text, 'localhost');
  if (address === undefined || address.kind === 'unix' || site === null) return address;
  if (address.port === 0) {
    context.report('S180', path, 'A port to dial is from 1 to 65535, found 0');
    return undefined;
  }
  if (address.host === 'localhost') return { ...address, host: '127.0.0.1' };
  return dialled(context, site, address, path);
}

function controlAt(
  context: Context,
  site: RelaySite | null,
  text: string,
  path: Path,
): StreamAddress | undefined {
  const address = read({ context, site, path }, text, '127.0.0.1');
  if (address === undefined) return undefined;
  if (address.kind === 'udp') {
    context.report('S180', path, 'A relay is controlled over HTTP: expected tcp:// or unix:', {
      help: 'Write tcp://127.0.0.1:8474 or unix:@control',
    });
    return undefined;
  }
  if (address.kind === 'unix' || isLoopback(address.host))
    return address.kind === 'tcp' && address.host === 'localhost'
      ? { ...address, host: '127.0.0.1' }
      : address;
  context.report('S180', path, `Whoever reaches "${address.host}" could change the relay`, {
    help: `Write tcp://127.0.0.1:${address.port}, tcp://[::1]:${address.port} or unix:@control`,
  });
  return undefined;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');

/** With the address that the host has for the relay's. */
function dialled(
  context: Context,
  { lab, node }: RelaySite,
  address: Exclude<StreamAddress, { kind: 'unix' }>,
  path: Path,
): StreamAddress | undefined {
  const to = parseIp(address.host).ok ? bracketed(address.host) : address.host;
  const target = resolveTarget(context, lab, {
    ...{ to, from: node, family: undefined, path },
    defaultPort: address.port === 0 ? 1 : address.port,
  });
  return target && { ...address, host: target.address };
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** A path is absolute, or in a lab a name within its own folder. */
function read(
  { context, site, path }: { context: Context; site: RelaySite | null; path: Path },
  text: string,
  host: string,
): StreamAddress | undefined {
  const address = parseStreamAddress(text, host);
  if (!address.ok) {
    context.report('S180', path, address.error);
    return undefined;
  }
  const { value } = address;
  if (value.kind !== 'unix' || /^[@/]/.test(value.path)) return value;
  if (site !== null && NAME.test(value.path)) return value;
  context.report('S180', path, `Expected an absolute path, found "${value.path}"`, {
    help:
      site === null
        ? 'Write unix:/run/relay.sock, or unix:@relay for a name within the host'
        : "Write unix:./relay for a socket in the lab's own folder, $LAB_FOLDER, or unix:@relay for a name within the host",
  });
  return undefined;
}

/** Short enough for a socket's path. */
const NAME = /^\.\/[A-Za-z0-9_][\w.-]{0,63}$/;

/** Streams go to streams, and what is diverted is IP. */
function checkKinds(
  { context, site, path }: { context: Context; site: RelaySite | null; path: Path },
  { listen, target }: Addresses,
  { transparent }: Relay,
): boolean {
  if (target === 'original') {
    if (listen.kind === 'unix') {
      context.report('S180', [...path, 'target'], 'Nothing is diverted to a Unix socket', {
        help: 'Listen on tcp:// or udp://, or name the target',
      });
      return false;
    }
    // By hand, whoever diverts says where to.
    if (site !== null && listen.host !== ANYWHERE && listen.host !== '0.0.0.0') {
      context.report('S180', [...path, 'listen'], 'What is diverted comes in at any address', {
        help: `Write ${listen.kind}://*:${listen.port}`,
      });
      return false;
    }
    if (listen.kind === 'tcp' || transparent !== false) return true;
    context.report(
      'S180',
      [...path, 'transparent'],
      'REDIRECT loses where a datagram was sent to',
      { help: 'Remove "transparent: false": datagrams are diverted by TPROXY' },
    );
    return false;
  }
  if ((listen.kind === 'udp') === (target.kind === 'udp')) return true;
  context.report(
    'S180',
    [...path, 'target'],
    'Datagrams are relayed to datagrams, and streams to streams',
    { help: 'Write udp:// for both "listen" and "target", or for neither' },
  );
  return false;
}
