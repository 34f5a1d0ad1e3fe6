/** A member of something of which nothing is known, such as parsed JSON; undefined when it has none of that name. */
export const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
