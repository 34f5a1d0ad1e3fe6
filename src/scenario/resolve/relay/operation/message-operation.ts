// What happens to a message as a whole, or to its session.
import { parseMillis } from '../../../../base/units.ts';
import type { MessageOperation } from '../../../../model/relay.ts';
import type { RelayOperation as Written } from '../../../../model/scenario-file.ts';
import { millis, spanOf } from '../../quantity.ts';
import { type RelayPlace, within } from '../scope.ts';
import { resolveTypes } from '../type-names.ts';
import { resolveInjection, resolveReplacement } from './message-source.ts';
import type { RuleFrame } from './rule-frame.ts';

type Options = Exclude<Written, string>;

/** Undefined, with a report, for what cannot be. */
export function resolveMessageOperation(
  place: RelayPlace,
  written: Options,
  frame: RuleFrame,
): MessageOperation | undefined {
  const { inject, replace } = written;
  if (inject !== undefined) return resolveInjection(place, inject, frame);
  if (replace !== undefined) return resolveReplacement(place, replace, frame);
  const { 'corrupt-length': corrupt } = written;
  if (corrupt !== undefined) return corruptLength(place, corrupt);
  return inTime(place, written) ?? inPieces(written) ?? ofSession(place, written);
}

/** When it goes, and how often. */
function inTime(place: RelayPlace, written: Options): MessageOperation | undefined {
  const { delay, duplicate, reorder, hold } = written;
  if (delay !== undefined) {
    const [low, high] = spanOf(delay, parseMillis);
    return { kind: 'delay', for: { low, high } };
  }
  if (duplicate !== undefined) return { kind: 'duplicate', times: duplicate };
  if (reorder !== undefined) return { kind: 'reorder', behind: reorder };
  if (hold === undefined) return undefined;
  const types = resolveTypes(within(place, 'until'), hold.until);
  return { kind: 'hold', until: { types, at: hold.at ?? null }, for: millis(hold.for) };
}

/** How its bytes go. */
function inPieces({ split, coalesce, cut }: Options): MessageOperation | undefined {
  if (split !== undefined) {
    const gap = split.gap === undefined ? 0 : millis(split.gap);
    return { kind: 'split', sizes: [split.sizes].flat(), gap };
  }
  if (coalesce !== undefined) return { kind: 'coalesce', with: coalesce };
  return cut === undefined ? undefined : { kind: 'cut', bytes: cut };
}

function corruptLength(
  place: RelayPlace,
  corrupt: NonNullable<Options['corrupt-length']>,
): MessageOperation | undefined {
  const { context, protocol } = place.scope;
  const { frame, protocol: name } = protocol.spec;
  if (frame.kind !== 'length') {
    context.report('S183', place.path, `Messages of ${name} say no length of their frame`, {
      key: true,
      help: 'Edit a field that says one, or write { cut: 100 }',
    });
    return undefined;
  }
  const { value = null, add = 0 } = corrupt;
  if ((value === null) !== (corrupt.add === undefined))
    return { kind: 'corrupt-length', value, add };
  context.report('S048', place.path, 'Expected exactly one of "value" and "add"', {
    key: true,
    help: 'Write { corrupt-length: { value: 65535 } } or { corrupt-length: { add: 8 } }',
  });
  return undefined;
}

function ofSession(place: RelayPlace, written: Options): MessageOperation | undefined {
  const { state, blackhole } = written;
  if (state !== undefined) return { kind: 'state', state };
  if (blackhole !== undefined) return { kind: 'blackhole', both: blackhole === 'both' };
  for (const kind of ['drop', 'reset', 'close'] as const)
    if (written[kind] === true) return { kind };
  place.scope.context.report('S048', place.path, 'The operation is written and switched off', {
    key: true,
    help: 'Remove it',
  });
  return undefined;
}
