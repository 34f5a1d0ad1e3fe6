// A document to be written: values with the comments that belong to them.

export type Item = string | number | boolean | null | Block;

export type Value = Item | readonly Value[];

export interface Block {
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly value: Value;
  /** Comment lines above it. */
  readonly above?: readonly string[];
  /** Whether it stands on lines of its own however short it is. */
  readonly open?: boolean;
  /** Whether an empty line comes before it. */
  readonly apart?: boolean;
}

export const entry = (key: string, value: Value, above: readonly string[] = []): Entry => ({
  key,
  value,
  above,
});

/** An entry for each key that has a value. */
export const blockOf = (values: Readonly<Record<string, Value | undefined>>): Block => ({
  entries: Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [entry(key, value)],
  ),
});

/** A list of one entry, or none when there is no value. */
export const optional = (key: string, value: Value | undefined): readonly Entry[] =>
  value === undefined ? [] : [entry(key, value)];

export const isBlock = (value: Value): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
