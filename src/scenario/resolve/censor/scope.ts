import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import type { Node } from '../topology.ts';
import type { ListFiles } from './list-files.ts';
import type { ModelFiles } from './model-files.ts';

/** What the parts of one censor are resolved with. */
export interface CensorScope {
  readonly context: Context;
  readonly lab: Lab;
  /** Where it sits; on several nodes, the first. */
  readonly node: Node;
  readonly lists: ListFiles;
  readonly models: ModelFiles;
  /** Only in-path censors hold the packet that triggered them, and can drop it. */
  readonly inPath: boolean;
  /** Whether it says whose addresses are inside. */
  readonly hasInside: boolean;
}

/** A written value's place, and the key by which messages call it. */
export interface Place {
  readonly scope: CensorScope;
  readonly path: Path;
  readonly key: string;
}

/** The place of what lies below. */
export const below = ({ scope, path }: Omit<Place, 'key'>, key: string): Place => ({
  scope,
  path: [...path, key],
  key,
});
