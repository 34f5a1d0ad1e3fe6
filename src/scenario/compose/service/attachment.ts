// networks and network_mode: which networks a service is on, and how.
import { childOf } from '../../source/tree.ts';
import { didYouMean } from '../../suggest.ts';
import { isNothing } from '../reader.ts';
import type { ServiceContext } from './context.ts';
import type { Span } from '../../../base/diagnostic.ts';

export interface Attachment {
  /** What `network` of a container says. */
  readonly stack: 'own' | 'docker' | 'machine';
  readonly networks: ReadonlyMap<string, Place>;
}

/** What is special about a member of a network. */
export interface Place {
  readonly addresses: readonly { readonly text: string; readonly span: Span }[];
  readonly mac: string | undefined;
  readonly interfaceName: string | undefined;
}

/** The network that services without any are on. */
export const DEFAULT_NETWORK = 'default';
const NOTHING_SPECIAL: Place = { addresses: [], mac: undefined, interfaceName: undefined };
const PLACE_KEYS = new Set([
  'aliases',
  'ipv4_address',
  'ipv6_address',
  'mac_address',
  'interface_name',
]);

/** `attachmentOf` another service, which this one may share the network with. */
export function attachmentOf(
  context: ServiceContext,
  other: (service: string) => Attachment | undefined,
): Attachment {
  const mode = context.text('network_mode');
  if (mode === undefined || mode === 'default') return onNetworks(context);
  if (mode === 'none') return { stack: 'own', networks: new Map() };
  if (mode === 'host') return { stack: 'machine', networks: new Map() };
  if (mode === 'bridge') return { stack: 'docker', networks: new Map() };
  const span = context.at('network_mode')?.span ?? context.service.span;
  if (context.project.sections.networks.has(mode))
    return { stack: 'own', networks: new Map([[mode, NOTHING_SPECIAL]]) };
  const shared = /^service:(.+)$/.exec(mode)?.[1];
  const target = shared === undefined ? undefined : other(shared);
  // A loop has been told of.
  if (shared !== undefined && target === undefined && context.notes.faults.hasErrors)
    return { stack: 'own', networks: new Map() };
  context.notes.warn(
    'C023',
    span,
    shared === undefined
      ? `A scenario has no network mode "${mode}": "${context.name}" is on no network`
      : `Containers of a scenario do not share a network stack: "${context.name}" gets one of its own beside "${shared}"`,
    {
      comment: `network_mode: ${mode} in the compose file`,
      help:
        shared === undefined
          ? undefined
          : `What it reaches at localhost is at "${shared}" here, on the networks of both`,
    },
  );
  if (target === undefined) return { stack: 'own', networks: new Map() };
  const networks = Array.from(target.networks.keys(), (key) => [key, NOTHING_SPECIAL] as const);
  return { stack: target.stack, networks: new Map(networks) };
}

function onNetworks(context: ServiceContext): Attachment {
  const { reader, notes, project } = context;
  const written = reader.named(context.at('networks'), 'networks');
  const networks = new Map<string, Place>();
  for (const [name, { keySpan, value }] of written) {
    const definition = project.sections.networks.get(name)?.value;
    if (definition === undefined && name !== DEFAULT_NETWORK) {
      notes.error(
        'C003',
        keySpan,
        `The network "${name}" is not defined`,
        didYouMean(name, project.sections.networks.keys()) ??
          `Write networks: { ${name}: {} } at the top of the file`,
      );
      continue;
    }
    // Networks of the engine itself, under the names that it has for them.
    const real = reader.text(definition && childOf(definition, 'name'), 'name') ?? name;
    const isExternal = definition !== undefined && !isNothing(childOf(definition, 'external'));
    if (isExternal && real === 'host') return { stack: 'machine', networks: new Map() };
    if (isExternal && real === 'none') return { stack: 'own', networks: new Map() };
    if (isExternal && real === 'bridge') return { stack: 'docker', networks: new Map() };
    networks.set(name, placeOf(context, name, value));
  }
  if (written.size === 0) networks.set(DEFAULT_NETWORK, NOTHING_SPECIAL);
  const mac = context.text('mac_address');
  const [first] = networks;
  if (mac !== undefined && first !== undefined)
    networks.set(first[0], { ...first[1], mac: first[1].mac ?? mac });
  return { stack: 'own', networks };
}

function placeOf(
  context: ServiceContext,
  name: string,
  tree: Parameters<typeof childOf>[0],
): Place {
  const { reader, notes } = context;
  const at = (key: string): string | undefined =>
    reader.text(childOf(tree, key), `networks.${name}.${key}`);
  const written = reader.map(tree, `networks.${name}`);
  for (const [key, { keySpan }] of written)
    if (!PLACE_KEYS.has(key) && !key.startsWith('x-'))
      notes.leaveOut(`networks.${name}.${key}`, keySpan);
  const aliases = reader
    .texts(childOf(tree, 'aliases'), 'aliases')
    .filter(({ text }) => text !== context.name);
  const [alias] = aliases;
  if (alias !== undefined) {
    const names = aliases.map(({ text }) => text).join(', ');
    notes.warn(
      'C027',
      alias.span,
      `"${context.name}" has other names on the network "${name}": ${names}`,
      {
        comment: `also called ${names} in the compose file: nothing answers to that here`,
        help: `Call it "${context.name}" where it is called by another name`,
      },
    );
  }
  const addresses = ['ipv4_address', 'ipv6_address'].flatMap((key) => {
    const text = at(key);
    const span = childOf(tree, key)?.span;
    return text === undefined || span === undefined ? [] : [{ text, span }];
  });
  return { addresses, mac: at('mac_address'), interfaceName: at('interface_name') };
}
