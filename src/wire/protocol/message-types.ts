import type { ProtocolSpec } from '../../model/protocol.ts';
import { buildGrammar } from './build-grammar.ts';
import type { Layout, UintMember } from './grammar.ts';
import { parsePath } from './path.ts';
import { layoutsOf, membersNamed } from './write/accepts.ts';

/** What messages without types are. */
const ANY = 'message';

/** The types that messages of either side can have by their words, in the order of the description. */
export function messageTypes(spec: ProtocolSpec): readonly string[] {
  const path = spec.type === null ? null : parsePath(spec.type);
  if (path?.ok !== true) return [ANY];
  const { roots } = buildGrammar(spec);
  const names = path.value.flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  const words = [roots.client.layout, roots.server.layout]
    .flatMap((layout) => numbersAt(layout, names))
    .flatMap((member) => [...(member.words?.all.keys() ?? [])]);
  return words.length === 0 ? [ANY] : [...new Set(words)];
}

function numbersAt(layout: Layout, names: readonly string[]): readonly UintMember[] {
  const [name = '', ...rest] = names;
  return membersNamed(layout, name).flatMap((member): readonly UintMember[] => {
    if (member.kind === 'struct') return numbersAt(member.layout, rest);
    if (member.kind === 'choice') return layoutsOf(member).flatMap((one) => numbersAt(one, rest));
    return member.kind === 'uint' && rest.length === 0 ? [member] : [];
  });
}
