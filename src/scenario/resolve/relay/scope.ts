import type { Protocol } from '../../../wire/protocol/contract.ts';
import type { MessageIndex } from '../../../wire/protocol/message-index.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import type { Node } from '../topology.ts';

/** Where a relay is: in a lab, on a node of it. */
export interface RelaySite {
  readonly lab: Lab;
  readonly node: Node;
}

/** What the parts of one relay are resolved with. */
export interface RelayScope {
  readonly context: Context;
  readonly protocol: Protocol;
  readonly messages: MessageIndex;
}

/** A written value's place. */
export interface RelayPlace {
  readonly scope: RelayScope;
  readonly path: Path;
}

export const within = ({ scope, path }: RelayPlace, ...steps: Path): RelayPlace => ({
  scope,
  path: [...path, ...steps],
});

/** The items of a value or of a list of them, with their places. */
export const itemsOf = <T>(
  place: RelayPlace,
  written: T | readonly T[],
): readonly { readonly value: T; readonly place: RelayPlace }[] =>
  isList(written)
    ? written.map((value, index) => ({ value, place: within(place, index) }))
    : [{ value: written, place }];

const isList = <T>(written: T | readonly T[]): written is readonly T[] => Array.isArray(written);
