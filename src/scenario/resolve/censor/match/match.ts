// `match` of a rule → a tree of conditions.
import type { Match } from '../../../../model/censor-match.ts';
import type { Match as WrittenMatch } from '../../../../model/scenario-file.ts';
import type { Path } from '../../../source/tree.ts';
import { type CensorScope, below } from '../scope.ts';
import type { FieldName, Readers } from './field.ts';
import { FLOW_FIELDS } from './flow-fields.ts';
import { MESSAGE_FIELDS } from './message-fields.ts';
import { MODEL_FIELDS } from './model-field.ts';
import { PAYLOAD_FIELDS } from './payload-fields.ts';
import { TRANSPORT_FIELDS } from './transport-fields.ts';

const FIELDS: Readers<FieldName> = {
  ...TRANSPORT_FIELDS,
  ...MESSAGE_FIELDS,
  ...PAYLOAD_FIELDS,
  ...FLOW_FIELDS,
  ...MODEL_FIELDS,
};

/** What cannot be read is reported and left out. */
export function resolveMatch(scope: CensorScope, written: WrittenMatch, path: Path): Match {
  const trees = (key: 'all' | 'any'): readonly Match[] =>
    (written[key] ?? []).map((item, index) => resolveMatch(scope, item, [...path, key, index]));
  return {
    all: Object.keys(written).flatMap((key): readonly Match[] => {
      if (key === 'all') return trees('all');
      if (key === 'any') return [{ any: trees('any') }];
      if (key === 'not') return [{ not: resolveMatch(scope, written.not ?? {}, [...path, 'not']) }];
      return isField(key) ? resolveField(scope, written, key, path) : [];
    }),
  };
}

function resolveField<K extends FieldName>(
  scope: CensorScope,
  match: Pick<WrittenMatch, K>,
  key: K,
  path: Path,
): readonly Match[] {
  const written = match[key];
  if (written === undefined) return [];
  const condition = FIELDS[key](below({ scope, path }, key), written);
  return condition === undefined ? [] : [condition];
}

const isField = (key: string): key is FieldName => Object.hasOwn(FIELDS, key);
