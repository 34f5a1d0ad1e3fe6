// What resolving the steps of one script works with.
import type { ScriptTransport } from '../../../model/script.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Node } from '../topology.ts';
import type { Channel } from './channels.ts';

export interface ScriptScope {
  readonly context: Context;
  readonly flow: string;
  readonly transport: ScriptTransport;
  /** The file may write another transport: it was taken out for its faults. */
  readonly isGuess: boolean;
  /** The nodes of the parties, by their names. */
  readonly parties: ReadonlyMap<string, Node>;
  readonly channels: readonly Channel[];
}

/** One party as its steps are resolved, in order. */
export interface Actor {
  readonly party: string;
  /** Variables that are set by now, for all that can be known. */
  readonly variables: Set<string>;
  /** How it has closed channels, by place. */
  readonly closed: Map<number, 'fin' | 'half' | 'reset'>;
  /** Channels, by place, that a RST has ended before: its peer's, or one that it has awaited. */
  readonly lost: Set<number>;
  /** Channels, by place, of which it has awaited the end, and which. */
  readonly drained: Map<number, 'end' | 'reset'>;
}

/** Where a step stands: its place in the tree, and its name in a plan. */
export interface Place {
  readonly path: Path;
  readonly step: string;
}
