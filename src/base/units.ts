import { type Result, fail, ok } from './result.ts';
import type { Brand } from './brand.ts';

/** A length of time in milliseconds; may have a fraction. */
export type Millis = Brand<number, 'Millis'>;
/** The longest time in milliseconds that a Node timer keeps; beyond it, it fires at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1;

/** A rate in bits per second. */
export type BitsPerSecond = Brand<number, 'BitsPerSecond'>;
/** A size in bytes. */
export type Bytes = Brand<number, 'Bytes'>;
/** A share between 0 and 1. */
export type Ratio = Brand<number, 'Ratio'>;

const DURATION: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const RATE: Readonly<Record<string, number>> = {
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  Bps: 8,
  kBps: 8e3,
  MBps: 8e6,
};
const SIZE: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
const RATIO: Readonly<Record<string, number>> = { '%': 0.01 };

/** Parses `20ms`, `1.5s`, `90s`, `10m`, `100us` into milliseconds. */
export const parseMillis = (text: unknown): Result<Millis, string> =>
  quantity<Millis>(text, 'a duration', DURATION, '20ms');

/** Parses `10mbit`, `1.5gbit`, `800kbit`, `1MBps` into bits per second (tc(8) names). */
export const parseRate = (text: unknown): Result<BitsPerSecond, string> =>
  quantity<BitsPerSecond>(text, 'a rate', RATE, '10mbit');

/** Parses `64KiB`, `1500B`, `1MB` into bytes. */
export const parseBytes = (text: unknown): Result<Bytes, string> =>
  quantity<Bytes>(text, 'a size', SIZE, '64KiB');

/** Parses `0.1%` into a share between 0 and 1. */
export function parseRatio(text: unknown): Result<Ratio, string> {
  const parsed = quantity<Ratio>(text, 'a percentage', RATIO, '0.1%');
  if (parsed.ok && parsed.value > 1)
    return fail(`Expected a percentage up to 100%, found ${JSON.stringify(text)}`);
  return parsed;
}

function quantity<T extends number>(
  text: unknown,
  what: string,
  units: Readonly<Record<string, number>>,
  example: string,
): Result<T, string> {
  const found = JSON.stringify(text);
  if (typeof text === 'number')
    return fail(
      `Expected ${what} with its unit such as "${example}", found the bare number ${found}`,
    );
  if (typeof text !== 'string')
    return fail(`Expected ${what} such as "${example}", found ${found}`);
  if (/^\s*[-\u2212]\s*\d/.test(text))
    return fail(
      `Expected ${what} of nothing or more such as "${example}", found the negative ${found}`,
    );
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-zµ%]+)$/.exec(text.trim());
  const factor = match?.[2] === undefined ? undefined : own(units, match[2]);
  if (!match || factor === undefined)
    return fail(
      `Expected ${what} such as "${example}" (units: ${Object.keys(units).join(', ')}), found ${found}`,
    );
  return ok((Number(match[1]) * factor) as T);
}

function own(units: Readonly<Record<string, number>>, unit: string): number | undefined {
  return Object.hasOwn(units, unit) ? units[unit] : undefined;
}

export const millisToMicros = (value: Millis): number => value * 1000;

/** `5 ms`, `1.2 s`, `0.3 ms`: three digits at most, for people. */
export function formatMillis(value: number): string {
  if (value >= 1000) return `${trim(value / 1000)} s`;
  return `${trim(value)} ms`;
}

/** `0.3 ms`, rounded up to a hundredth of a millisecond: a bound must stay one. */
export const formatBound = (value: number): string =>
  value >= 1000
    ? `${(Math.ceil(value / 10) / 100).toFixed(2)} s`
    : `${Number((Math.ceil(value * 100) / 100).toPrecision(12))} ms`;

/** `98.7 Mbit/s`, for people. */
export function formatRate(value: number): string {
  for (const [unit, factor] of [
    ['Gbit/s', 1e9],
    ['Mbit/s', 1e6],
    ['kbit/s', 1e3],
  ] as const)
    if (value >= factor) return `${trim(value / factor)} ${unit}`;
  return `${trim(value)} bit/s`;
}

/** `300 B`, `4.10 kB`, `1.50 MB`, for people. */
export function formatBytes(value: number): string {
  for (const [unit, factor] of [
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (value >= factor) return `${trim(value / factor)} ${unit}`;
  return `${value} B`;
}

const trim = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
