/** One measured row of the table, with the figure it is held against. */
export interface Figure {
  readonly what: string;
  /** The measured value in `unit`; null when it could not be measured, and `note` says why. */
  readonly value: number | null;
  readonly unit: 's' | 'ms' | 'MB' | 'ratio' | 'k/s' | 'packets';
  readonly wished: Wish | null;
  /** What ran beside it in the same run, such as `node -e 0: 0.04 s (2.1×)`. */
  readonly beside?: string;
  readonly note?: string;
}

export type Wish = { readonly atMost: number } | { readonly atLeast: number };

/** Measures some rows; never throws because of a slow machine. */
export type Measurement = () => Promise<readonly Figure[]>;

/** Whether the wish is met; null when there is no wish or no value. */
export function isHeld({ value, wished }: Figure): boolean | null {
  if (value === null || wished === null) return null;
  return 'atMost' in wished ? value <= wished.atMost : value >= wished.atLeast;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}

export function formatValue(value: number | null, unit: Figure['unit']): string {
  if (value === null) return '-';
  const digits = Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1);
  return unit === 'ratio' ? digits : `${digits} ${unit}`;
}
