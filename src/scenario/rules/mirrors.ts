import { prefixesOverlap } from '../../base/addresses.ts';
import type { PlanMirror } from '../../model/mirror.ts';
import type { Mirror } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Lab } from '../resolve/lab.ts';
import type { ResolvedMirror } from '../resolve/mirror/mirrors.ts';
import type { Path } from '../source/tree.ts';
import { plannedPrefix } from '../../model/planned-address.ts';
import type { Rule } from './rule.ts';

/** A mirror's servers are two, speak one family, and its assistant is where the target's answers can come. */
export const mirrors: Rule = (context, { mirrors: all, lab }) => {
  checkShared(context, all);
  for (const { path, mirror } of all) {
    const written = context.scenario.mirrors?.[mirror.name];
    if (written === undefined) continue;
    checkKeys(context, mirror, written, path);
    if (context.partial) continue;
    checkServers(context, mirror, lab, path);
    if (mirror.mode === 'packet') checkAssistant(context, mirror, lab, path);
  }
};

/** Mirrors of one server keep out of each other's way. */
function checkShared(context: Context, all: readonly ResolvedMirror[]): void {
  for (const [index, { path, mirror }] of all.entries())
    for (const { mirror: other } of all.slice(0, index)) {
      if (other.mode !== mirror.mode) continue;
      const key = mirror.mode === 'stream' ? 'online' : 'target';
      if (mirror[key].node !== other[key].node) continue;
      const report = (at: string, what: string, help: string): void =>
        context.report('S230', [...path, at], what, { help });
      if (mirror[key].port === other[key].port)
        report(
          key,
          `The mirror "${other.name}" has port ${mirror[key].port} of "${mirror[key].node}" already`,
          key === 'online'
            ? 'Connections are passed on by one mirror: have one alone'
            : 'Have the copies go to different ports',
        );
      else if (key === 'target' && mirror.assistant !== other.assistant && meet(mirror, other))
        report(
          'assistant',
          `The mirror "${other.name}" has answers of "${mirror.target.node}" go to "${other.assistant}", to the same clients`,
          'Write one assistant for both, or clients that are not the same',
        );
    }
}

/** Whether the target answers both at one address. */
function meet(one: PlanMirror, other: PlanMirror): boolean {
  const [places, others] = [one, other].map(({ clients, mapped }) =>
    mapped.length > 0 ? mapped : clients,
  );
  if (!places || !others || places.length === 0 || others.length === 0) return true;
  return places.some((place) =>
    others.some((another) => prefixesOverlap(plannedPrefix(place), plannedPrefix(another))),
  );
}

/** What belongs to one mode or protocol alone. */
function checkKeys(context: Context, mirror: PlanMirror, written: Mirror, path: Path): void {
  const report = (key: keyof Mirror, what: string, help: string): void =>
    context.report('S231', [...path, key], what, { key: true, help });
  if (mirror.mode === 'stream')
    for (const key of ['assistant', 'mapped', 'multiply', 'source', 'hook'] as const)
      if (written[key] !== undefined)
        report(
          key,
          `The key "${key}" goes with "mode: packet" alone`,
          'Remove it, or write "mode: packet"',
        );
  if (mirror.source.kind === 'capture' && mirror.clients.length === 0)
    report(
      'source',
      'The clients of a capture are none of the lab: where they are is not known',
      'Write their prefixes: "clients: 10.190.0.0/16"',
    );
  if (mirror.protocol === 'tcp') return;
  if (mirror.mode === 'stream') report('mode', 'Streams are of TCP', 'Write "mode: packet"');
  for (const key of ['compare', 'hook', 'order'] as const)
    if (written[key] !== undefined)
      report(key, `The key "${key}" goes with "protocol: tcp" alone`, 'Remove it');
}

function checkServers(context: Context, mirror: PlanMirror, { topology }: Lab, path: Path): void {
  const { online, target } = mirror;
  if (online.node === target.node && mirror.mode === 'packet')
    context.report('S230', [...path, 'target'], `The target is the online server's own host`, {
      help: 'Copies are sent over a network: write another host, or "mode: stream"',
    });
  const isV6 = (address: string): boolean => address.includes(':');
  if (!target.addresses.some((text) => online.addresses.some((own) => isV6(own) === isV6(text))))
    context.report(
      'S230',
      [...path, 'target'],
      `The servers "${online.node}" and "${target.node}" have no family of addresses in common`,
      { help: 'Give both an address of IPv4, or of IPv6' },
    );
  for (const key of ['online', 'target'] as const) {
    const node = topology.nodes.get(mirror[key].node);
    if (node !== undefined && node.stack !== 'namespace')
      context.report('S230', [...path, key], `"${node.name}" is on no network of the lab`, {
        help: `Remove "network: ${node.stack === 'engine' ? 'docker' : 'machine'}" from it`,
      });
  }
}

/** Its kernel gets the target's answers as the next hop of a route. */
function checkAssistant(
  context: Context,
  { assistant, target }: PlanMirror,
  { topology }: Lab,
  path: Path,
): void {
  if (assistant === target.node) return;
  const segmentsOf = (name: string): string[] =>
    (topology.nodes.get(name)?.members ?? []).map(({ segment }) => segment);
  const own = segmentsOf(target.node);
  if (segmentsOf(assistant).some((segment) => own.includes(segment))) return;
  context.report(
    'S230',
    [...path, 'assistant'],
    `The assistant "${assistant}" is on no network of the target "${target.node}"`,
    { help: `Make it a member of one, or leave "assistant" out: "${target.node}" is its own then` },
  );
}
