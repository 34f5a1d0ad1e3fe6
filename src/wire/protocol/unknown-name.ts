// Whether messages of a protocol can have a field, by its path.
import type { ProtocolSpec } from '../../model/protocol.ts';
import { buildGrammar } from './build-grammar.ts';
import type { Layout, Member } from './grammar.ts';
import { type PathStep, parsePath } from './path.ts';
import { layoutsOf, membersNamed } from './write/accepts.ts';

export interface UnknownName {
  /** A sentence. */
  readonly fault: string;
  /** The name that there is not, and those that could stand in its place. */
  readonly name: string;
  readonly known: readonly string[];
}

/** Null where some message can have it. What elements of a list are called by their keys is not looked at. */
export function unknownName(spec: ProtocolSpec, path: string): UnknownName | null {
  const parsed = parsePath(path);
  if (!parsed.ok) return { fault: parsed.error, name: path, known: [] };
  const { roots } = buildGrammar(spec);
  let layouts: readonly Layout[] = [...new Set([roots.client.layout, roots.server.layout])];
  let lists: readonly Member[] = [];
  for (const step of parsed.value) {
    if (step.kind !== 'name') {
      if (lists.length === 0) return strayIndex(path);
      layouts = lists.flatMap(elementOf);
      lists = [];
      continue;
    }
    const members = layouts.flatMap((layout) => membersNamed(layout, step.name));
    // An element that is known by its key.
    if (lists.some(hasKey) || members.some((member) => member.name !== step.name)) return null;
    if (members.length === 0) return strayName(spec, path, step, layouts);
    lists = members.filter(({ kind }) => kind === 'list');
    layouts = members.flatMap(innerOf);
  }
  return null;
}

const hasKey = (member: Member): boolean => member.kind === 'list' && member.key !== null;

const elementOf = (member: Member): readonly Layout[] =>
  member.kind === 'list' ? [member.element.layout] : [];

function innerOf(member: Member): readonly Layout[] {
  if (member.kind === 'struct') return [member.layout];
  return member.kind === 'choice' ? layoutsOf(member) : [];
}

const strayIndex = (path: string): UnknownName => ({
  fault: `"${path}" counts elements of what is no list`,
  name: path,
  known: [],
});

const strayName = (
  { protocol }: ProtocolSpec,
  path: string,
  { name }: Extract<PathStep, { readonly kind: 'name' }>,
  layouts: readonly Layout[],
): UnknownName => ({
  fault: `No message of ${protocol} has a field "${path}"`,
  name,
  known: [...new Set(layouts.flatMap((layout) => namesIn(layout)))],
});

/** Layouts within each other that are looked into. */
const MAX_DEPTH = 16;

function namesIn(layout: Layout, depth = MAX_DEPTH): readonly string[] {
  if (depth === 0) return [];
  return layout.members.flatMap((member) => {
    if (member.name !== '') return [member.name];
    return innerOf(member).flatMap((inner) => namesIn(inner, depth - 1));
  });
}
