import type { RegexCondition } from '../../../../model/censor-match.ts';
import { resolveRegex } from '../../script/regex.ts';
import type { Reader } from './field.ts';

/** `expression`, `/expression/flags`, or a map. */
export const regexField =
  (field: RegexCondition['field']): Reader<RegexCondition['field']> =>
  ({ scope, path }, written) => {
    const isText = typeof written === 'string';
    const text = isText ? written : `/${written.regex}/${written.flags ?? ''}`;
    const at = isText ? path : [...path, 'regex'];
    const regex = resolveRegex(scope.context, text, at);
    return regex && { field, source: regex.source, flags: regex.flags };
  };
