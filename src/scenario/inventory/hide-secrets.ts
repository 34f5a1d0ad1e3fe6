// What is shown of an inventory, and kept with the results, has none of its secrets.
import type { Result } from '../../base/result.ts';
import type { Tree } from '../source/tree.ts';
import { type JsonFault, isJson, readJson } from './read-json.ts';
import { splitWords } from './words.ts';

/** In place of a secret and of all that is behind it on its line: places before it stay where they are. */
const MASK = '********';

/** Names of variables and keys whose values are secrets; `ansible_ssh_private_key_file` is none. */
const SECRET = /pass|secret|token|credential|vault|(?:api|access|private)_?key$/i;
/** A secret within a value: `sshpass -p …`, `--password=…`. */
const SECRET_WITHIN = /sshpass|pass(?:wd|word|phrase)/i;

/** A value as a message may show it. */
export const withoutSecret = (value: string): string => (SECRET_WITHIN.test(value) ? MASK : value);

/** Undefined when it cannot be known what is a secret. */
export function hideSecrets(file: string, text: string): string | undefined {
  if (!isJson(text)) return hideInLines(text);
  const json: Result<Tree, JsonFault> = readJson(file, text);
  if (!json.ok) return undefined;
  /** By line, the column of the first secret. */
  const cuts = new Map<number, number>();
  for (const { line, column } of secretsOf(json.value, false))
    cuts.set(line, Math.min(column, cuts.get(line) ?? Infinity));
  const cut = (line: string, index: number): string => {
    const column = cuts.get(index + 1);
    return column === undefined ? line : `${line.slice(0, column - 1)}${MASK}`;
  };
  return text.split('\n').map(cut).join('\n');
}

/** Places of the values that are secrets: by their key, or as outputs of Terraform that are sensitive. */
function* secretsOf(tree: Tree, isSecret: boolean): Generator<Tree['span']> {
  if (tree.kind === 'list') for (const item of tree.items) yield* secretsOf(item, isSecret);
  else if (tree.kind === 'scalar') {
    const isHidden = isSecret || (typeof tree.value === 'string' && SECRET_WITHIN.test(tree.value));
    if (isHidden) yield tree.span;
  } else {
    const flag = tree.entries.get('sensitive')?.value;
    const isSensitive = flag?.kind === 'scalar' && flag.value !== false;
    for (const [key, { keySpan, value }] of tree.entries) {
      if (value === flag) continue;
      // What is below a secret may tell it by its keys.
      if (isSecret) yield keySpan;
      yield* secretsOf(value, isSecret || isSensitive || SECRET.test(key));
    }
  }
}

function hideInLines(text: string): string {
  let isVariables = false;
  return text
    .split('\n')
    .map((line) => {
      const header = /^\s*\[[^:\]\s]+(?::(\w+))?\]/.exec(line);
      if (header !== null) isVariables = header[1] === 'vars';
      const end = header === null ? secretIn(line, isVariables) : undefined;
      return end === undefined ? line : `${line.slice(0, end)}${MASK}`;
    })
    .join('\n');
}

/** Where the first secret of a line begins, or what is left of the name before it. */
function secretIn(line: string, isVariables: boolean): number | undefined {
  if (isVariables) {
    const [before = '', name = ''] = /^\s*([^=\s]*)[\s=]*/.exec(line) ?? [];
    return SECRET.test(name) || SECRET_WITHIN.test(line) ? before.length : undefined;
  }
  const words = splitWords(line);
  // A quote that is not closed: where a word ends is not known.
  if (words === undefined) return SECRET.test(line) ? Math.max(0, line.search(/[\s=]/)) : undefined;
  for (const [index, { text, start, end }] of words.entries()) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const isName = SECRET.test(name) && (index > 0 || equals > 0);
    if (!isName && !(equals > 0 && SECRET_WITHIN.test(text))) continue;
    const written = line.indexOf('=', start);
    return written >= 0 && written < end ? written + 1 : end;
  }
  return undefined;
}
