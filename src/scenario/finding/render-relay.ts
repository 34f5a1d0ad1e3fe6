// A finding of a relay by hand: what the relay was told, with the mutation in place of all that was drawn.
import type { RelayFinding } from '../../model/relay.ts';
import { Faults } from '../faults.ts';
import { RELAY_DIALECT } from '../relay-dialect.ts';
import { readYaml } from '../source/read-yaml.ts';
import { resolvePath } from '../source/resolve-path.ts';
import { toData } from '../source/tree.ts';
import { renderYaml } from '../write/render-yaml.ts';
import { type Entry, type Value, blockOf, entry } from '../write/yaml-value.ts';
import { findingComment } from './describe-finding.ts';
import { onlyBlock } from './mutation-block.ts';

export interface RelayFindingContext {
  /** The file of rules, which has been compiled. */
  readonly file: string;
  readonly text: string;
  /** What wins over it. */
  readonly over: Readonly<Record<string, string | number>>;
  readonly seed: number;
  /** Milliseconds. */
  readonly answerTimeout: number;
}

export function renderFindingRelay(finding: RelayFinding, context: RelayFindingContext): string {
  const { file, text, over, seed, answerTimeout } = context;
  const body = readYaml(file, text, new Faults(), RELAY_DIALECT);
  const written = body === undefined ? {} : toData(body);
  const kept = Object.entries({ ...(isMap(written) ? ownPaths(file, written) : {}), ...over });
  const fuzz = entry('fuzz', onlyBlock(finding.mutation, answerTimeout), [
    findingComment(finding),
    `runner relay --seed ${seed} --rules with this file does it again.`,
  ]);
  return renderYaml({ entries: [...kept.flatMap(entryOf), fuzz] });
}

const entryOf = ([key, value]: readonly [string, unknown]): Entry[] =>
  key === 'fuzz' ? [] : [entry(key, valueOf(value))];

/** A path is from the folder of its file, and the finding lies in another. */
function ownPaths(
  file: string,
  written: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { protocol } = written;
  if (typeof protocol !== 'string' || !/[/]|\.ya?ml$/.test(protocol)) return written;
  return { ...written, protocol: resolvePath(file, protocol) };
}

/** What was read from YAML is nothing else. */
function valueOf(value: unknown): Value {
  if (Array.isArray(value)) return value.map(valueOf);
  if (isMap(value))
    return blockOf(
      Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valueOf(inner)])),
    );
  const isPlain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : null;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
