// Messages that a rule sends of its own: written once, or those of the session that are remembered.
import type { MessageSource, RelaySpec } from '../../../model/relay.ts';
import { fromHex } from '../../../wire/bytes.ts';
import type { Protocol, Side } from '../../../wire/protocol/contract.ts';

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

/** Messages with given fields, as the side that is said to send them writes them. */
export class WrittenMessages {
  readonly #protocol: Protocol;
  readonly #written = new Map<MessageSource, Partial<Record<Side, Uint8Array>>>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** Null: there has been none such in the session. */
  find(source: MessageSource, side: Side, earlier: EarlierMessages | null): Uint8Array | null {
    if (source.kind === 'earlier') return earlier?.find(source.from, source.type) ?? null;
    const known = this.#written.get(source);
    const written = known?.[side];
    if (written !== undefined) return written;
    const bytes = this.#write(source, side);
    this.#written.set(source, { ...known, [side]: bytes });
    return bytes;
  }

  #write(source: Exclude<MessageSource, { readonly kind: 'earlier' }>, side: Side): Uint8Array {
    switch (source.kind) {
      case 'fields':
        return this.#protocol.write(source.type, source.values, side);
      case 'bytes':
        return fromHex(source.hex);
    }
  }
}
