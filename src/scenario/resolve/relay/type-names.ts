import { listed } from '../../text.ts';
import { type RelayPlace, itemsOf } from './scope.ts';

/** The types of messages that are meant: `a|b`, lists, and patterns with `*`. What the protocol does not have is reported. */
export function resolveTypes(
  place: RelayPlace,
  written: string | readonly string[] | undefined,
): readonly string[] {
  if (written === undefined) return [];
  const found = itemsOf(place, written).flatMap((item) =>
    item.value.split('|').flatMap((word) => typesNamed(item.place, word.trim())),
  );
  return [...new Set(found)];
}

/** One type alone. */
export function resolveType(place: RelayPlace, written: string): string {
  const [first = written] = typesNamed(place, written);
  return first;
}

function typesNamed({ scope, path }: RelayPlace, word: string): readonly string[] {
  const { context, protocol, messages } = scope;
  const { types } = messages;
  // A type without a word is known by its number.
  if (types.includes(word) || /^\d+$/.test(word)) return [word];
  const found = word.includes('*') ? types.filter(patternOf(word)) : [];
  if (found.length === 0)
    context.report(
      'S182',
      path,
      `The protocol ${protocol.spec.protocol} has no messages of type "${word}"`,
      { help: context.suggest(word, types) ?? `There are: ${listed(types, 'and', false)}` },
    );
  return found;
}

function patternOf(word: string): (type: string) => boolean {
  const parts = word.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`);
  return (type) => pattern.test(type);
}
