import { Fault } from '../base/fault.ts';
import type { Input } from './verb.ts';
import { parse } from 'yaml';
import { readText } from './read-text.ts';

/** Parameters as the compiler takes them: `--params` first, `--set` over it. */
export function readParams(input: Input): Readonly<Record<string, string>> {
  const file = input.text('params');
  const entries = [
    ...(file === undefined ? [] : readParamsFile(file)),
    ...input.list('set').map((text) => parseSetting(text, input.origin('set'))),
  ];
  return Object.fromEntries(entries);
}

/** `k=v`; the value may hold `=` itself, and may be empty. `origin` is where it was given, as faults call it. */
export function parseSetting(text: string, origin: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) {
    const help = origin.startsWith('-')
      ? 'Write it as in: --set sni=blocked.example'
      : `Write one "name=value" a line, or unset it: unset ${origin}`;
    throw new Fault('usage', `Expected "name=value" in ${origin}, found ${JSON.stringify(text)}`, {
      help,
    });
  }
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

function readParamsFile(file: string): [string, string][] {
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
