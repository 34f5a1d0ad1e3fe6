// `.env` and `env_file`: NAME=value lines, as Docker Compose reads them.
import { type Expansion, expandVariables } from './interpolation.ts';
import { type Variables, severally } from './variables.ts';

export interface EnvironmentFile {
  /** In the order of the file; undefined for a name without a value, which is the environment's own. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** The variables that others had better not read which each value is made of. */
  readonly sensitive: ReadonlyMap<string, readonly string[]>;
  /** Variables that are not set and for which nothing else was given. */
  readonly unset: readonly { readonly line: number; readonly name: string }[];
  readonly faults: readonly { readonly line: number; readonly message: string }[];
}

/** Characters that one value may have. */
const LONGEST = 131_072;
const LINE = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?:=\s*(.*))?$/s;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
};

/** `raw` takes each value as it stands (`format: raw`). Values see the variables above them and those of `outer`. */
export function readEnvironmentFile(
  text: string,
  outer: Pick<Variables, 'lookUp' | 'sensitiveIn'>,
  raw = false,
): EnvironmentFile {
  const variables = new Map<string, string | undefined>();
  const sensitive = new Map<string, readonly string[]>();
  const unset: { line: number; name: string }[] = [];
  const faults: { line: number; message: string }[] = [];
  const lookUp = (name: string): string | undefined => outer.lookUp(name) ?? variables.get(name);
  const sensitiveIn = (name: string): readonly string[] =>
    outer.lookUp(name) === undefined
      ? [...outer.sensitiveIn(name), ...(sensitive.get(name) ?? [])]
      : outer.sensitiveIn(name);
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    let content = (lines[index] ?? '').trim();
    if (content === '' || content.startsWith('#')) continue;
    // A quoted value may go on over several lines.
    const quote = raw ? undefined : /^[^='"]*=\s*(['"])/.exec(content)?.[1];
    if (quote !== undefined && !isClosed(content, quote)) {
      const end = lines.findIndex((text_, at) => at > index && isEnding(text_, quote));
      if (end > 0) {
        content = [content, ...lines.slice(index + 1, end + 1)].join('\n');
        index = end;
      }
    }
    const match = LINE.exec(content);
    if (match?.[1] === undefined) {
      faults.push({
        line,
        message: `Expected NAME=value, found ${JSON.stringify(shorten(content))}`,
      });
      continue;
    }
    if (match[2] === undefined || raw) {
      variables.set(match[1], match[2]);
      sensitive.delete(match[1]);
      continue;
    }
    const value = valueOf(match[2], lookUp);
    if (value instanceof Error) {
      faults.push({ line, message: value.message });
      continue;
    }
    for (const name of new Set(value.unset)) unset.push({ line, name });
    sensitive.set(match[1], severally(value.used.flatMap(sensitiveIn)));
    variables.set(match[1], value.text);
  }
  return { variables, sensitive, unset, faults };
}

function valueOf(written: string, lookUp: (name: string) => string | undefined): Expansion | Error {
  const single = /^'([^']*)'\s*(?:#.*)?$/s.exec(written);
  if (single?.[1] !== undefined) return { text: single[1], used: [], unset: [] };
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s.exec(written);
  const plain = double?.[1] ?? written.replace(/(^|\s+)#.*$/, '').trim();
  const expanded = expandVariables(plain, lookUp, LONGEST);
  if (!expanded.ok) return new Error(expanded.error.message);
  if (double === null) return expanded.value;
  const unescaped = expanded.value.text.replace(
    /\\(.)/gs,
    (whole, char: string) => ESCAPES[char] ?? whole,
  );
  return { ...expanded.value, text: unescaped };
}

function isClosed(content: string, quote: string): boolean {
  const start = content.indexOf(quote);
  return isEnding(content.slice(start + 1), quote);
}

const isEnding = (text: string, quote: string): boolean =>
  quote === "'" ? text.includes("'") : /(^|[^\\])(\\\\)*"/.test(text);

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text);
