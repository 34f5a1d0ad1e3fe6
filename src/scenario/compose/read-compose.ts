// Text of a compose file → tree, with merge keys followed and the tags of the Compose Specification understood.
import type { Faults } from '../faults.ts';
import { type Dialect, readYaml } from '../source/read-yaml.ts';
import type { MapTree } from '../source/tree.ts';
import { Scalar } from 'yaml';

/** `!reset` takes a value away, `!override` keeps it from being merged (13-merge). */
const COMPOSE: Dialect = {
  noun: 'a compose file',
  topKeys: '"services" and "networks"',
  mergeKeys: true,
  tags: [
    { tag: '!reset', resolve: () => null },
    { tag: '!reset', collection: 'map', resolve: () => new Scalar(null) },
    { tag: '!reset', collection: 'seq', resolve: () => new Scalar(null) },
    { tag: '!override', resolve: (text: string) => text },
    { tag: '!override', collection: 'map', resolve: (map) => map },
    { tag: '!override', collection: 'seq', resolve: (list) => list },
  ],
};

export const readCompose = (file: string, text: string, faults: Faults): MapTree | undefined =>
  readYaml(file, text, faults, COMPOSE);
