// Relays that change nothing, by how they carry what passes.
import { RAW_PROTOCOL } from '../../../../src/model/relay-defaults.ts';
import type { RelayRule, RelaySpec } from '../../../../src/model/relay.ts';
import { shipped } from '../../../wire/protocol/protocols.ts';

export interface Unchanging {
  readonly name: string;
  /** Whether messages of OpenFlow are told apart. */
  readonly isFramed: boolean;
  readonly spec: Partial<RelaySpec>;
}

const never = (at: RelayRule['at']): RelayRule => ({
  ...{ name: `never ${at}`, at, do: [{ kind: 'drop' }], fixup: [], unsafe: false },
  match: {
    ...{ types: [], fields: [], nth: null, probability: 1, sessions: [] },
    state: 'never',
  },
});
/** Each message is judged, and met by none. */
const RULES = [never('C->P'), never('S->P')];
const OPENFLOW = shipped('openflow').spec;

export const UNCHANGING: readonly Unchanging[] = [
  { name: 'bytes', isFramed: false, spec: { protocol: RAW_PROTOCOL } },
  {
    name: 'bytes that rules judge',
    isFramed: false,
    spec: { protocol: RAW_PROTOCOL, rules: RULES },
  },
  { name: 'messages of OpenFlow', isFramed: true, spec: { protocol: OPENFLOW } },
  {
    name: 'messages of OpenFlow that rules judge',
    isFramed: true,
    spec: { protocol: OPENFLOW, rules: RULES },
  },
];

/** A message of OpenFlow 1.3 of so many bytes, each of which says where it is. */
export function openflowMessage(length: number, type = 2): Buffer {
  const message = Buffer.from(
    Uint8Array.from({ length }, (_, index) => (index * 31 + length) % 251),
  );
  message.set([4, type]);
  message.writeUInt16BE(length, 2);
  return message;
}
