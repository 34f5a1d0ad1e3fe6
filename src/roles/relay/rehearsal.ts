// What a relay does before its first client comes, so that the first messages find code that has run before: its rules, without what they
// do with messages as a whole, and messages that those are about.
import { Fault } from '../../base/fault.ts';
import type { FieldSetting, RelayRule, RelaySpec, TestValue } from '../../model/relay.ts';
import type { Protocol, Side } from '../../wire/protocol/contract.ts';
import { indexMessages } from '../../wire/protocol/message-index.ts';
import { type CompiledRule, type MessageEdit, compileRule } from './rules/compiled-rule.ts';

export interface Rehearsal {
  readonly spec: RelaySpec;
  /** By the side that sends them. */
  readonly messages: Readonly<Record<Side, readonly Uint8Array[]>>;
}

/** Types of one rule, of those that name many. */
const MOST_TYPES = 4;

/** Bytes of a message that has no fields. */
const ANY_LENGTH = 64;

/** What a field may be where the rule does not say: whatever its type takes. */
const ANYTHING = [1, '0.0.0.1', '::1', '00:00:00:00:00:01', '00'];

/** Null where no message is edited: what only passes needs no rehearsal. */
export function planRehearsal(spec: RelaySpec, protocol: Protocol): Rehearsal | null {
  const editing = spec.rules.map(compileRule).filter(({ edits }) => edits.length > 0);
  const messagesOf = (side: Side): readonly Uint8Array[] =>
    editing
      .filter(({ rule }) => senderAt(rule) === side)
      .flatMap((rule) => samplesFor(rule, protocol, side));
  const messages = { client: messagesOf('client'), server: messagesOf('server') };
  if (messages.client.length + messages.server.length === 0) return null;
  const rules = editing.map(({ rule, edits }) => ({
    ...rule,
    match: { ...rule.match, nth: null, probability: 1, sessions: [], state: null },
    do: edits,
  }));
  return { spec: { ...spec, rules, faults: [], fuzz: null, control: null, workers: 0 }, messages };
}

const senderAt = ({ at }: RelayRule): Side =>
  at === 'C->P' || at === 'P->S' ? 'client' : 'server';

function samplesFor(
  { rule, edits }: CompiledRule,
  protocol: Protocol,
  side: Side,
): readonly Uint8Array[] {
  const { types: named } = rule.match;
  const types =
    named.length === 0 ? indexMessages(protocol.spec).types : named.slice(0, MOST_TYPES);
  return types.flatMap((type) => sampleOf(type, rule, edits, protocol, side) ?? []);
}

/** A message of a type that has the fields which the rule asks for and edits, as far as it can; null where there can be none. */
function sampleOf(
  type: string,
  { match }: RelayRule,
  edits: readonly MessageEdit[],
  protocol: Protocol,
  side: Side,
): Uint8Array | null {
  const write = (settings: readonly FieldSetting[]): Uint8Array | null => {
    try {
      return protocol.write(type, settings, side);
    } catch (error) {
      if (error instanceof Fault) return null;
      throw error;
    }
  };
  let settings: readonly FieldSetting[] = [];
  let sample = write(settings);
  const wishes = [
    ...match.fields.map(({ path, not, values }) => ({ path, value: not ? null : said(values) })),
    ...edits.map((edit) => ({
      path: 'path' in edit ? edit.path : '',
      value: edit.kind === 'set' ? edit.value : null,
    })),
  ];
  for (const { path, value } of wishes) {
    const first = path.replaceAll('[*]', '[0]');
    if (first === '' || settings.some((setting) => setting.path === first)) continue;
    for (const each of value === null ? ANYTHING : [value, ...ANYTHING]) {
      const more = [...settings, { path: first, value: each }];
      const written = write(more);
      if (written === null) continue;
      settings = more;
      sample = written;
      break;
    }
  }
  // Of a protocol that has no fields anything is a message, but nothing is none.
  return sample?.length === 0 ? new Uint8Array(ANY_LENGTH) : sample;
}

/** The first value that a test asks for; null where it does not say one. */
function said([first]: readonly TestValue[]): number | string | null {
  switch (first?.kind) {
    case 'number':
      return typeof first.low === 'bigint' ? String(first.low) : first.low;
    case 'text':
      return first.pattern.includes('*') ? null : first.pattern;
    case 'prefix':
      return first.prefix.replace(/\/.*/, '');
    case 'bits':
      return first.mask;
    case 'bytes':
      return first.hex;
    case 'regex':
    case 'present':
    case undefined:
      return null;
  }
}
