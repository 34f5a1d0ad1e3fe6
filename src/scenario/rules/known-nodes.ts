import type { Context } from '../context.ts';
import { NODE_KINDS, SECTIONS } from '../nodes.ts';
import { hostOf } from '../resolve/mirror/ends.ts';
import { texts, writtenMembers } from '../resolve/members.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Names that mean something else on every machine. */
const TAKEN = new Set(['localhost', 'ip6-localhost']);

/** Every host and container that the file speaks of is one that it declares, by a name that is free. */
export const knownNodes: Rule = (context) => {
  checkNames(context);
  for (const { name, path, isKey, mayBeOff } of mentions(context)) {
    if (context.off.nodes.has(name)) {
      if (!mayBeOff)
        context.report(
          'S061',
          path,
          `The ${context.kindOf(name)} "${name}" is switched off by its "when"`,
          { help: 'Give this part the same "when"' },
        );
    } else if (!context.written.nodes.has(name))
      context.report('S060', path, `There is no host or container "${name}"`, {
        key: isKey,
        help:
          context.suggest(name, context.written.nodes.keys()) ??
          `Declare it: hosts: { ${name}: {} }`,
      });
  }
};

function checkNames(context: Context): void {
  for (const [name, kind] of context.written.nodes)
    if (TAKEN.has(name))
      context.report('S047', [SECTIONS[kind], name], `A ${kind} cannot have the name "${name}"`, {
        key: true,
        help: 'On every host, this is the host itself',
      });
  for (const kind of NODE_KINDS)
    for (const name of Object.keys(context.scenario[SECTIONS[kind]] ?? {})) {
      const path = [SECTIONS[kind], name];
      const other = context.nodes.get(name);
      if (other !== undefined && other.kind !== kind)
        context.report('S120', path, `A ${other.kind} has the name "${name}" as well`, {
          key: true,
          related: [{ message: `The ${other.kind}`, span: context.spanOf(other.path, true) }],
          help: 'Give one of them another name: they share one space of names',
        });
    }
}

interface Mention {
  readonly name: string;
  readonly path: Path;
  readonly isKey: boolean;
  /** Members and captures of a node that is switched off are left out in silence. */
  readonly mayBeOff: boolean;
}

function* mentions({ scenario, off }: Context): Generator<Mention> {
  for (const [name, network] of Object.entries(scenario.networks ?? {}))
    for (const { node, path } of writtenMembers(['networks', name], network))
      yield { name: node, path, isKey: !Array.isArray(network.members), mayBeOff: true };
  for (const [index, { on }] of (scenario.censor ?? []).entries())
    for (const { text, path } of texts(on, ['censor', index, 'on']))
      yield { name: text, path, isKey: false, mayBeOff: false };
  for (const [name, { on }] of Object.entries(scenario.proxies ?? {}))
    yield { name: on, path: ['proxies', name, 'on'], isKey: false, mayBeOff: false };
  for (const [name, { wireguard }] of Object.entries(scenario.tunnels ?? {}))
    for (const end of ['client', 'server'] as const)
      if (wireguard !== undefined)
        yield {
          name: wireguard[end],
          path: ['tunnels', name, 'wireguard', end],
          isKey: false,
          mayBeOff: false,
        };
  for (const [name, { online, target, assistant }] of Object.entries(scenario.mirrors ?? {})) {
    const at = (key: string): Pick<Mention, 'path' | 'isKey' | 'mayBeOff'> => ({
      ...{ path: ['mirrors', name, key], isKey: false, mayBeOff: false },
    });
    yield { name: hostOf(online), ...at('online') };
    yield { name: hostOf(target), ...at('target') };
    if (assistant !== undefined) yield { name: assistant, ...at('assistant') };
  }
  for (const section of ['routes', 'rules', 'nat'] as const)
    for (const [index, { on }] of (scenario[section] ?? []).entries())
      yield { name: on, path: [section, index, 'on'], isKey: false, mayBeOff: false };
  // A next hop may be an address as well: what is none of the nodes is for whoever resolves the route to judge.
  for (const [index, { via }] of (scenario.routes ?? []).entries())
    if (via !== undefined && off.nodes.has(via))
      yield { name: via, path: ['routes', index, 'via'], isKey: false, mayBeOff: false };
  for (const [index, entry] of (scenario.traffic ?? []).entries())
    for (const key of ['on', 'from'] as const) {
      const name = entry[key];
      if (name !== undefined)
        yield { name, path: ['traffic', index, key], isKey: false, mayBeOff: false };
    }
  for (const [index, { parties }] of (scenario.traffic ?? []).entries())
    for (const [party, name] of Object.entries(parties ?? {}))
      yield { name, path: ['traffic', index, 'parties', party], isKey: false, mayBeOff: false };
  for (const [index, entry] of (scenario.captures ?? []).entries()) {
    const isWord = typeof entry === 'string';
    yield {
      name: isWord ? entry : entry.on,
      path: isWord ? ['captures', index] : ['captures', index, 'on'],
      isKey: false,
      mayBeOff: true,
    };
  }
  for (const [index, { by }] of (scenario.expect ?? []).entries())
    if (by !== undefined)
      yield { name: by, path: ['expect', index, 'by'], isKey: false, mayBeOff: false };
}
