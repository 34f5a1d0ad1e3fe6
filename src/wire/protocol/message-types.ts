import type { ProtocolSpec } from '../../model/protocol.ts';
import { buildGrammar } from './build-grammar.ts';
import { typeWords } from './edit/possible-fields.ts';
import { parsePath } from './path.ts';

/** The types that messages of either side can have by their words, in the order of the description; `message` where all are of one. */
export function messageTypes(spec: ProtocolSpec): readonly string[] {
  const path = spec.type === null ? null : parsePath(spec.type);
  return [...new Set(typeWords(buildGrammar(spec), path?.ok === true ? path.value : []))];
}
