import type { NumberRange } from '../model/expectation.ts';

/** One wish of an expectation: what was found, in words, and whether that is as wished. */
export interface Check {
  readonly held: boolean;
  readonly detail: string;
}

export function equalCheck(name: string, wish: string, found: string): Check {
  const held = wish === found;
  return { held, detail: held ? `${name} ${found}` : `${name} is ${found}, expected ${wish}` };
}

export function rangeCheck(
  name: string,
  range: NumberRange,
  found: number | null,
  format: (value: number) => string,
): Check {
  if (found === null)
    return { held: false, detail: `${name} was not measured, expected ${range.text}` };
  const held = isWithin(range, found);
  const value = format(found);
  return {
    held,
    detail: held
      ? `${name} ${value} (${range.text})`
      : `${name} is ${value}, expected ${range.text}`,
  };
}

const isWithin = ({ min, max }: NumberRange, value: number): boolean =>
  (min === null || value >= min) && (max === null || value <= max);
