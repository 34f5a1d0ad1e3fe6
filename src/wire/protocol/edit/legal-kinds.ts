// Which edits a field takes, by its type.
import type { FieldEdit } from '../../../model/relay.ts';
import type { Member } from '../grammar.ts';

type Kind = FieldEdit['kind'];

const ANY_NUMBER = ['set', 'add', 'xor', 'random', 'bitflip', 'boundary'] as const;
const NUMBER: readonly Kind[] = [...ANY_NUMBER, 'or', 'and', 'toggle'];
const WORD: readonly Kind[] = ['set', 'swap'];
const OPEN_WORD: readonly Kind[] = [...ANY_NUMBER, 'swap'];
const ADDRESS: readonly Kind[] = ['set', 'mask', 'random'];
const PARTS: readonly Kind[] = ['set', 'insert', 'delete', 'truncate', 'bitflip', 'havoc'];
const BYTES: readonly Kind[] = [...PARTS, 'random'];
const PAD: readonly Kind[] = ['set', 'random', 'bitflip'];
const NAME: readonly Kind[] = ['set'];

/** `unsafe`: a number of a closed enum may become one that has no word. */
export function legalKinds(member: Member, unsafe: boolean): readonly Kind[] {
  switch (member.kind) {
    case 'uint':
      if (member.words === null || member.words.isFlags) return NUMBER;
      return member.words.isClosed && !unsafe ? WORD : OPEN_WORD;
    case 'mac':
    case 'ipv4':
    case 'ipv6':
      return ADDRESS;
    case 'bytes':
    case 'string':
    case 'text':
      return BYTES;
    case 'pad':
      return PAD;
    case 'name':
      return NAME;
    case 'struct':
    case 'list':
    case 'choice':
      return PARTS;
  }
}

/** What a field is, in a sentence. */
export function nounOf(member: Member): string {
  switch (member.kind) {
    case 'uint':
      if (member.words === null) return `a number of ${member.bits} bits`;
      return member.words.isFlags ? 'a set of flags' : 'a number with words';
    case 'mac':
      return 'a MAC address';
    case 'ipv4':
      return 'an IPv4 address';
    case 'ipv6':
      return 'an IPv6 address';
    case 'bytes':
      return 'bytes';
    case 'string':
    case 'text':
      return 'text';
    case 'pad':
      return 'padding';
    case 'name':
      return 'a domain name';
    case 'struct':
    case 'choice':
      return 'a structure';
    case 'list':
      return 'a list';
  }
}
