import { parseMillis } from '../../../../base/units.ts';
import type { NumberSource } from '../../../../model/censor-action.ts';
import type { NumberSource as Written } from '../../../../model/scenario-file.ts';
import { quoted } from '../../../text.ts';
import { readWhole } from '../match/numbers.ts';
import { type Place, below } from '../scope.ts';

/** Which numbers a field of a forged packet can have. */
export interface SourceForm {
  readonly low: number;
  readonly high: number;
  /** Whether there is such a number in the packet that triggered it. */
  readonly mirror: boolean;
  /** Seconds may be written with a unit. */
  readonly seconds?: true;
}

export const TTL: SourceForm = { low: 1, high: 255, mirror: true };
export const SHORT: SourceForm = { low: 0, high: 65_535, mirror: true };
export const RECORD_TTL: SourceForm = { low: 0, high: 2 ** 31 - 1, mirror: false, seconds: true };

/** `otherwise` when nothing is written, and, with a report, when it cannot be read. */
export function resolveSource(
  place: Place,
  written: Written | undefined,
  form: SourceForm,
  otherwise: NumberSource,
): NumberSource {
  if (written === undefined) return otherwise;
  const source = sourceOf(written, form);
  if (source !== undefined) return source;
  const words = [
    `${form.seconds === true ? 'seconds' : 'a number'} from ${form.low} to ${form.high}`,
    ...(form.mirror ? ['"mirror"'] : []),
  ];
  place.scope.context.report(
    'S088',
    place.path,
    `Expected "${place.key}" to be ${words.join(', ')}, a list, or a map, found ${quoted(written)}`,
    { help: `Write ${example(place.key, form)}` },
  );
  return otherwise;
}

const example = (key: string, { seconds }: SourceForm): string =>
  seconds === true
    ? `${key}: 60s, ${key}: [60s, 300s] for one after the other, or ${key}: { random: "60s-300s" }`
    : `${key}: 64, ${key}: [60, 61] for one after the other, ${key}: { random: "32-64" }, or ${key}: { counter: 5 }`;

function sourceOf(written: Written, form: SourceForm): NumberSource | undefined {
  const read = (value: string | number): number | undefined => {
    const number = numberOf(value, form);
    return number !== undefined && number >= form.low && number <= form.high ? number : undefined;
  };
  if (Array.isArray(written)) {
    const values = written.flatMap((value) => read(value) ?? []);
    return values.length === written.length ? { from: 'cycle', values } : undefined;
  }
  if (typeof written !== 'object') {
    if (written === 'mirror') return form.mirror ? { from: 'trigger' } : undefined;
    const value = read(written);
    return value === undefined ? undefined : { from: 'fixed', value };
  }
  if (written.counter !== undefined) {
    const start = read(written.counter);
    return start === undefined ? undefined : { from: 'counter', start };
  }
  const [, from = '', to = ''] = /^([^-]+?)\s*-\s*([^-]+)$/.exec(written.random ?? '') ?? [];
  const [low, high] = [read(from), read(to)];
  return low !== undefined && high !== undefined && low <= high
    ? { from: 'random', low, high }
    : undefined;
}

function numberOf(value: string | number, { seconds }: SourceForm): number | undefined {
  if (typeof value === 'number') return value;
  const time = seconds === true ? parseMillis(value) : undefined;
  return time?.ok === true ? Math.round(time.value / 1000) : readWhole(value.trim());
}

/** Sources of a map's fields, by their keys. */
export const sourceAt = (
  place: Omit<Place, 'key'>,
  key: string,
  written: Written | undefined,
  form: SourceForm,
  otherwise: NumberSource,
): NumberSource => resolveSource(below(place, key), written, form, otherwise);
