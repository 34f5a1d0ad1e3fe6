// Sizes as they are written: `16`, `rest`, `length`, `length - 4`.
import type { LayoutSize, SizeSpec } from '../../model/protocol.ts';

const FIELD = /^([^\s+]+)(?:\s*([+-])\s*(\d{1,9}))?$/;

/** Undefined when it is no size. */
export function readSize(value: unknown): SizeSpec | undefined {
  if (value === 'rest') return 'rest';
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' ? readFieldSize(value) : undefined;
}

export function readFieldSize(text: string): LayoutSize | undefined {
  const [match, field, sign, digits] = FIELD.exec(text) ?? [];
  if (match === undefined || field === undefined) return undefined;
  return { field, plus: (sign === '-' ? -1 : 1) * Number(digits ?? 0) || 0 };
}
