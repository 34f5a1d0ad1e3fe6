// Messages of the rule's own: written by fields or as bytes, or one that came before.
import { Fault } from '../../../../base/fault.ts';
import type { MessageOperation, MessageSource } from '../../../../model/relay.ts';
import type { RelayOperation } from '../../../../model/scenario-file.ts';
import type { Side } from '../../../../wire/protocol/contract.ts';
import { type RelayPlace, within } from '../scope.ts';
import { resolveType } from '../type-names.ts';
import { resolveBytes, resolveValue } from '../value.ts';
import type { RuleFrame } from './rule-frame.ts';

type Options = Exclude<RelayOperation, string>;
type Injection = NonNullable<Options['inject']>;
type Replacement = NonNullable<Options['replace']>;

export function resolveInjection(
  place: RelayPlace,
  written: Injection,
  frame: RuleFrame,
): MessageOperation | undefined {
  const where = written.where ?? 'before';
  const from = senderOf(frame);
  const message = sourceOf(place, written, where === 'back' ? otherSide(from) : from);
  return message && { kind: 'inject', message, where };
}

export function resolveReplacement(
  place: RelayPlace,
  written: Replacement,
  frame: RuleFrame,
): MessageOperation | undefined {
  const message = sourceOf(place, written, senderOf(frame));
  return message && { kind: 'replace', message };
}

/** Whose messages the rule is about. */
const senderOf = ({ at }: RuleFrame): Side =>
  at === 'S->P' || at === 'P->C' ? 'server' : 'client';

const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client');

/** Undefined, with a report, unless exactly one kind is written. */
function sourceOf(
  place: RelayPlace,
  { type, fields, bytes, earlier, from }: Replacement,
  sender: Side,
): MessageSource | undefined {
  const { context } = place.scope;
  const kinds = [type, bytes, earlier].filter((item) => item !== undefined);
  if (kinds.length !== 1) {
    if (kinds.length > 0 || !context.partial)
      context.report('S048', place.path, 'Expected exactly one of "type", "bytes" and "earlier"', {
        key: true,
        help: 'Write { type: …, fields: { … } }, { bytes: { hex: "…" } } or { earlier: …, from: client }',
      });
    return undefined;
  }
  for (const [key, value, owner] of [
    ['fields', fields, type === undefined ? 'type' : undefined],
    ['from', from, earlier === undefined ? 'earlier' : undefined],
  ] as const)
    if (value !== undefined && owner !== undefined)
      context.report(
        'S098',
        within(place, key).path,
        `The key "${key}" goes with "${owner}" alone`,
        {
          key: true,
        },
      );
  if (bytes !== undefined)
    return { kind: 'bytes', hex: resolveBytes(within(place, 'bytes'), bytes) };
  if (earlier !== undefined) {
    const kind = resolveType(within(place, 'earlier'), earlier);
    return { kind: 'earlier', type: kind, from: from ?? 'client' };
  }
  return writtenMessage(place, type ?? '', fields ?? {}, sender);
}

/** Undefined, with a report, where the protocol cannot say it. */
function writtenMessage(
  place: RelayPlace,
  name: string,
  fields: NonNullable<Replacement['fields']>,
  sender: Side,
): MessageSource | undefined {
  const { context, protocol, messages } = place.scope;
  const type = resolveType(within(place, 'type'), name);
  const values = Object.entries(fields).map(([path, value]) => ({
    path,
    value: resolveValue(within(place, 'fields', path), value),
  }));
  if (!messages.types.includes(type)) return undefined;
  try {
    protocol.write(type, values, sender);
    return { kind: 'fields', type, values };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const named = values.find(({ path }) => error.message.includes(`"${path}"`))?.path;
    const at = named === undefined ? within(place, 'type') : within(place, 'fields', named);
    context.report('S183', at.path, error.message, { key: named !== undefined, help: error.help });
    return undefined;
  }
}
