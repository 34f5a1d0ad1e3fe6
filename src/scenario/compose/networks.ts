// The networks of a compose file as those of a scenario.
import {
  type IpPrefix,
  formatPrefix,
  networkAddress,
  parseIp,
  parseMac,
  parsePrefix,
  prefixContains,
} from '../../base/addresses.ts';
import type { Span } from '../../base/diagnostic.ts';
import { type Tree, childOf } from '../source/tree.ts';
import type { Notes } from './notes.ts';
import { type Reader, isNothing } from './reader.ts';
import type { Place } from './service/attachment.ts';
import { type Entry, type Value, blockOf, entry, isBlock, optional } from '../write/yaml-value.ts';

/** A network that somebody is on. */
export interface UsedNetwork {
  /** As the compose file calls it. */
  readonly name: string;
  readonly label: string;
  readonly definition: Tree | undefined;
  readonly span: Span;
  /** By container. */
  readonly members: ReadonlyMap<string, Place>;
  /** The host of our own that is on it as well, if it is. */
  readonly client: string | undefined;
}

const UNDERSTOOD = new Set([
  'driver',
  'driver_opts',
  'ipam',
  'internal',
  'enable_ipv6',
  'external',
  'name',
]);
const MTU = 'com.docker.network.driver.mtu';

export function networkEntry(network: UsedNetwork, reader: Reader, notes: Notes): Entry {
  const { definition, label } = network;
  const at = (...path: readonly string[]): Tree | undefined => {
    let tree = definition;
    for (const key of path) tree = tree && childOf(tree, key);
    return isNothing(tree) ? undefined : tree;
  };
  for (const [key, { keySpan }] of reader.map(definition, `networks.${network.name}`))
    if (!UNDERSTOOD.has(key) && !key.startsWith('x-')) notes.leaveOut(key, keySpan);
  const driver = reader.text(at('driver'), 'driver');
  if (driver !== undefined && !['bridge', 'default'].includes(driver))
    notes.warn(
      'C030',
      at('driver')?.span ?? network.span,
      `A scenario makes its networks itself, found the driver "${driver}"`,
      {
        comment: `driver: ${driver} in the compose file`,
      },
    );
  const external = at('external');
  if (external !== undefined && !(external.kind === 'scalar' && String(external.value) === 'false'))
    notes.warn(
      'C030',
      external.span,
      `The network "${network.name}" is made elsewhere: the lab makes one of its own`,
      {
        comment: 'external in the compose file: nobody but these members is on it here',
      },
    );
  for (const [key, { keySpan }] of reader.map(at('driver_opts'), 'driver_opts'))
    if (key !== MTU) notes.leaveOut(`driver_opts.${key}`, keySpan);
  const prefixes = subnets(at('ipam'), reader, notes);
  const wantsIpv6 = reader.flag(at('enable_ipv6'), 'enable_ipv6') === true;
  const hasIpv6 = prefixes.some(({ address }) => address.family === 6);
  const texts = prefixes.map(formatPrefix);
  return entry(label, {
    entries: [
      ...optional('subnet', texts.length > 1 ? texts : texts[0]),
      ...optional('ipv6', wantsIpv6 && !hasIpv6 ? true : undefined),
      ...optional('mtu', reader.number(at('driver_opts', MTU), MTU)),
      entry('members', members(network, prefixes, notes)),
    ],
  });
}

function subnets(ipam: Tree | undefined, reader: Reader, notes: Notes): readonly IpPrefix[] {
  if (ipam === undefined) return [];
  for (const [key, { keySpan }] of reader.map(ipam, 'ipam'))
    if (key !== 'config' && key !== 'driver') notes.leaveOut(`ipam.${key}`, keySpan);
  return reader.items(childOf(ipam, 'config')).flatMap((item) => {
    for (const [key, { keySpan }] of reader.map(item, 'ipam.config'))
      if (key !== 'subnet') notes.leaveOut(`ipam.config.${key}`, keySpan);
    const tree = childOf(item, 'subnet');
    const text = reader.text(tree, 'subnet');
    if (text === undefined) return [];
    const prefix = parsePrefix(text);
    if (prefix.ok) return [{ ...prefix.value, address: networkAddress(prefix.value) }];
    notes.error('C010', tree?.span ?? item.span, prefix.error);
    return [];
  });
}

/** A list of names, or a map when something is special about one of them. */
function members(
  { members: all, client, name }: UsedNetwork,
  prefixes: readonly IpPrefix[],
  notes: Notes,
): Value {
  const entries = Array.from(all, ([container, place]) => {
    const addresses = place.addresses.flatMap(({ text, span }) => {
      const address = parseIp(text);
      if (!address.ok) notes.error('C010', span, address.error);
      else if (prefixes.some((prefix) => prefixContains(prefix, address.value))) return [text];
      else
        notes.warn(
          'C030',
          span,
          `The address ${text} of "${container}" is in no subnet of "${name}": it is left out`,
          {
            comment: `${container} has the address ${text} in the compose file`,
            help: `Give the network its subnet: networks: { ${name}: { ipam: { config: [{ subnet: PREFIX }] } } }`,
          },
        );
      return [];
    });
    const mac = place.mac?.replaceAll('-', ':');
    const isMac = mac !== undefined && parseMac(mac).ok;
    if (mac !== undefined && !isMac) notes.comment(`${container}: ${mac} is no MAC address`);
    return entry(
      container,
      blockOf({
        address: addresses.length > 1 ? addresses : addresses[0],
        mac: isMac ? mac : undefined,
      }),
    );
  });
  const names = [...all.keys(), ...(client === undefined ? [] : [client])];
  if (entries.every(({ value }) => isEmpty(value))) return names;
  return {
    entries: [...entries, ...(client === undefined ? [] : [entry(client, { entries: [] })])],
  };
}

const isEmpty = (value: Value): boolean => isBlock(value) && value.entries.length === 0;
