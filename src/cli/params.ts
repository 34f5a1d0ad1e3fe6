import { Fault } from '../base/fault.ts';
import type { Input } from './verb.ts';
import { readText } from './read-text.ts';

/** Parameters as the compiler takes them: `--params` first, `--set` over it. */
export async function readParams(input: Input): Promise<Readonly<Record<string, string>>> {
  const file = input.text('params');
  const entries = [
    ...(file === undefined ? [] : await readParamsFile(file)),
    ...input.list('set').map(parseSetting),
  ];
  return Object.fromEntries(entries);
}

/** `k=v`; the value may hold `=` itself, and may be empty. */
export function parseSetting(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0)
    throw new Fault('usage', `Expected "--set name=value", found ${JSON.stringify(text)}`);
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

async function readParamsFile(file: string): Promise<[string, string][]> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(readText(file), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof Fault) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('usage', `The parameters in "${file}" are not YAML: ${reason}`, {
      cause: error,
    });
  }
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value))
    throw new Fault('usage', `Expected a mapping of names to values in "${file}"`, {
      help: 'Write one "name: value" a line',
    });
  return Object.entries(value).map(([name, item]: [string, unknown]) => {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean')
      throw new Fault(
        'usage',
        `Expected text, a number or true/false for parameter "${name}" in "${file}", found ${JSON.stringify(item)}`,
      );
    return [name, String(item)];
  });
}
