// What messages of a protocol can be and have, by its description alone.
import type { ProtocolSpec } from '../../model/protocol.ts';
import { buildGrammar } from './build-grammar.ts';
import { pathFault } from './edit/check-edit.ts';
import { messageTypes } from './edit/possible-fields.ts';

export interface MessageIndex {
  /** The types that messages of either side have by their words, in the order of the description; `message` where all are of one. */
  readonly types: readonly string[];
  /** Why messages of these types can have no field at a path, as a sentence; null: they can. Of no types: messages of any. */
  pathFault(path: string, types: readonly string[]): string | null;
}

export function indexMessages(spec: ProtocolSpec): MessageIndex {
  const grammar = buildGrammar(spec);
  return {
    types: messageTypes(grammar),
    pathFault: (field, types) => pathFault(grammar, field, types),
  };
}
