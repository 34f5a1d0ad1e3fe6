import type { NumberRange } from '../../model/expectation.ts';
import type { Expectation as Written } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { type RangeUnit, parseRange } from './ranges.ts';

type RangeKey =
  | 'duration'
  | 'goodput'
  | 'count'
  | 'pathChanges'
  | 'within'
  | ProxyRange
  | TunnelRange
  | MirrorRange;
export type ProxyRange = 'sessions' | 'messages' | 'bytes' | 'framingFaults' | 'fuzzed';
type TunnelRange = 'leaked' | 'silences' | 'switches' | 'switchTime';
export type MirrorRange =
  | 'sessions'
  | 'refused'
  | 'whole'
  | 'copied'
  | 'short'
  | 'leaked'
  | 'pairs'
  | 'different'
  | 'missing';

/** Reads the ranges of one expectation; those that cannot be read are reported. */
export class RangeReader {
  readonly #context: Context;
  readonly #written: Written;
  readonly #path: Path;

  constructor(context: Context, written: Written, path: Path) {
    this.#context = context;
    this.#written = written;
    this.#path = path;
  }

  read(key: RangeKey, unit: RangeUnit): NumberRange | undefined {
    const text = this.#written[key];
    if (text === undefined) return undefined;
    const parsed = parseRange(text, unit);
    if (parsed.ok) return parsed.value;
    this.#context.report('S111', [...this.#path, key], parsed.error, {
      help: 'Write "<= 2s", ">=1", "10ms..20ms", "50ms ± 2ms" or one value',
    });
    return undefined;
  }
}
