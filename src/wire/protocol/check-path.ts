import type { ProtocolSpec } from '../../model/protocol.ts';
import { buildGrammar } from './build-grammar.ts';
import { pathFault } from './edit/check-edit.ts';

/** Why messages of these types can have no field at a path, as a sentence; null: they can. Of no types: messages of any. */
export const checkPath = (
  spec: ProtocolSpec,
  path: string,
  types: readonly string[],
): string | null => pathFault(buildGrammar(spec), path, types);
