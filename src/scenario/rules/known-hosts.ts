import type { Context } from '../context.ts';
import { writtenMembers } from '../resolve/members.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Names that mean something else on every machine. */
const TAKEN = new Set(['localhost', 'ip6-localhost']);

/** Every host that the file speaks of is one that it declares, by a name that is free. */
export const knownHosts: Rule = (context) => {
  for (const name of context.written.hosts)
    if (TAKEN.has(name))
      context.report('S047', ['hosts', name], `A host cannot have the name "${name}"`, {
        key: true,
        help: 'On every host, this is the host itself',
      });
  for (const { name, path, isKey, mayBeOff } of mentions(context)) {
    if (context.off.hosts.has(name)) {
      if (!mayBeOff)
        context.report('S061', path, `The host "${name}" is switched off by its "when"`, {
          help: 'Give this part the same "when"',
        });
    } else if (!context.written.hosts.has(name))
      context.report('S060', path, `There is no host "${name}"`, {
        key: isKey,
        help: context.suggest(name, context.written.hosts) ?? `Declare it: hosts: { ${name}: {} }`,
      });
  }
};

interface Mention {
  readonly name: string;
  readonly path: Path;
  readonly isKey: boolean;
  /** Members and captures of a host that is switched off are left out in silence. */
  readonly mayBeOff: boolean;
}

function* mentions({ scenario }: Context): Generator<Mention> {
  for (const [name, network] of Object.entries(scenario.networks ?? {}))
    for (const { node, path } of writtenMembers(['networks', name], network))
      yield { name: node, path, isKey: !Array.isArray(network.members), mayBeOff: true };
  for (const section of ['routes', 'rules', 'nat', 'censor'] as const)
    for (const [index, { on }] of (scenario[section] ?? []).entries())
      yield { name: on, path: [section, index, 'on'], isKey: false, mayBeOff: false };
  for (const [index, entry] of (scenario.traffic ?? []).entries())
    for (const key of ['on', 'from'] as const) {
      const name = entry[key];
      if (name !== undefined)
        yield { name, path: ['traffic', index, key], isKey: false, mayBeOff: false };
    }
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
