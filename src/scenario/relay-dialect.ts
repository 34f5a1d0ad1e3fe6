import type { Dialect } from './source/read-yaml.ts';

/** The body of `relay` as a file of its own. */
export const RELAY_DIALECT: Dialect = {
  noun: 'a relay',
  topKeys: '"rules" and "faults"',
  mergeKeys: false,
  tags: [],
};
