// Compose's quantities as a scenario's: `1m30s` is `90s`, `512m` is `512MiB`.

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
  d: 8.64e13,
  w: 6.048e14,
};
const DURATION_UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};
const SIZE_UNITS = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['B', 1],
] as const;

/** `1h5m30s20ms` in milliseconds; undefined when it is no duration. */
export function composeMillis(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w))+$/.test(text)) return text === '0' ? 0 : undefined;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)([a-zµ]+)/g))
    sum += Number(number) * (NANOSECONDS[unit ?? ''] ?? 0);
  return Number.isFinite(sum) ? sum / 1e6 : undefined;
}

/** `512m`, `1.5gb`, `64kib`, `1024` in bytes, units of 1024 whatever they are called; undefined when it is no size. */
export function composeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([bkmgt])(?:i?b)?)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const bytes = Math.floor(Number(match[1]) * (BYTES[(match[2] ?? 'b').toLowerCase()] ?? 1));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Milliseconds as a scenario writes them, in the largest unit that leaves no fraction; rounded to microseconds. */
export function scenarioDuration(millis: number): string {
  const rounded = Math.round(millis * 1000) / 1000;
  for (const [unit, factor] of DURATION_UNITS)
    if (rounded >= factor && rounded % factor === 0)
      return `${plainNumber(rounded / factor)}${unit}`;
  return rounded === 0 ? '0s' : `${plainNumber(rounded)}ms`;
}

/** Bytes as a scenario writes them. */
export function scenarioSize(bytes: number): string {
  for (const [unit, factor] of SIZE_UNITS)
    if (bytes >= factor && bytes % factor === 0) return `${plainNumber(bytes / factor)}${unit}`;
  return '0B';
}

/** Without an exponent, which units do not go with. */
const plainNumber = (value: number): string =>
  value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 3 });
