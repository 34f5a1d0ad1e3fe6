// Messages that a rule sends of its own: written once, or those of the session that are remembered.
import { Fault } from '../../../base/fault.ts';
import type { FieldSetting, MessageSource, RelaySpec } from '../../../model/relay.ts';
import { fromHex } from '../../../wire/bytes.ts';
import type { Message, Protocol, Side } from '../../../wire/protocol/contract.ts';

/** The last message of each type that rules ask for, as it came. */
export class EarlierMessages {
  readonly #last = new Map<string, Uint8Array>();

  remember(from: Side, type: string, bytes: Uint8Array): void {
    this.#last.set(`${from} ${type}`, bytes.slice());
  }

  find(from: Side, type: string): Uint8Array | null {
    return this.#last.get(`${from} ${type}`) ?? null;
  }
}

/** Types of each side that some rule may send again. */
export function typesToRemember({ rules }: RelaySpec): Readonly<Record<Side, ReadonlySet<string>>> {
  const types = { client: new Set<string>(), server: new Set<string>() };
  for (const operation of rules.flatMap((rule) => rule.do)) {
    if (operation.kind !== 'inject' && operation.kind !== 'replace') continue;
    const { message } = operation;
    if (message.kind === 'earlier') types[message.from].add(message.type);
  }
  return types;
}

/** The message that a rule has met. */
export interface AtHand {
  readonly from: Side;
  readonly bytes: Uint8Array;
}

/** Messages of one rule that are kept, which what they inherit tells apart. */
const MOST = 1024;

/** Messages with given fields, as the side that is said to send them writes them. */
export class WrittenMessages {
  readonly #protocol: Protocol;
  readonly #written = new Map<MessageSource, Map<string, Uint8Array | null>>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** Null: there has been none such in the session, or with what it inherits it cannot be. */
  find(
    source: MessageSource,
    side: Side,
    earlier: EarlierMessages | null,
    atHand: AtHand,
  ): Uint8Array | null {
    switch (source.kind) {
      case 'earlier':
        return earlier?.find(source.from, source.type) ?? null;
      case 'bytes':
        return this.#once(source, '', () => fromHex(source.hex));
      case 'fields': {
        const inherited = this.#inherited(source.values, atHand);
        const name = [side, ...inherited.map(({ value }) => value)].join(' ');
        return this.#once(source, name, () => this.#write(source, inherited, side));
      }
    }
  }

  #once(source: MessageSource, name: string, write: () => Uint8Array | null): Uint8Array | null {
    const known = this.#written.get(source) ?? new Map<string, Uint8Array | null>();
    this.#written.set(source, known);
    const written = known.get(name);
    if (written !== undefined) return written;
    const bytes = write();
    if (known.size >= MOST) known.clear();
    known.set(name, bytes);
    return bytes;
  }

  /** Without what is inherited it has been written before: a fault lies there. */
  #write(
    { type, values }: Extract<MessageSource, { readonly kind: 'fields' }>,
    inherited: readonly FieldSetting[],
    side: Side,
  ): Uint8Array | null {
    try {
      return this.#protocol.write(type, [...inherited, ...values], side);
    } catch (error) {
      if (error instanceof Fault && inherited.length > 0) return null;
      throw error;
    }
  }

  /** What the message at hand says of fields that the rule does not say. */
  #inherited(values: readonly FieldSetting[], { from, bytes }: AtHand): readonly FieldSetting[] {
    const { inherits = [] } = this.#protocol.spec;
    const missing = inherits.filter((path) => values.every((value) => value.path !== path));
    if (missing.length === 0) return NOTHING;
    const message = this.#protocol.read(bytes, from);
    return missing.flatMap((path) => settingOf(message, path));
  }
}

const NOTHING: readonly FieldSetting[] = [];

function settingOf(message: Message, path: string): readonly FieldSetting[] {
  const [field] = message.glance(path);
  if (field === undefined) return NOTHING;
  return [{ path, value: field.word ?? String(field.value) }];
}
