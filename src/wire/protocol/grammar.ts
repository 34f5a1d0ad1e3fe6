// A description compiled: layouts that refer to each other, and for each field all that reading and writing it needs.
import type { FieldType, OrderSpec, ProtocolSpec } from '../../model/protocol.ts';
import type { BitPlace } from './bits.ts';
import type { Side } from './contract.ts';
import type { PathStep } from './path.ts';
import type { Words } from './words.ts';

export interface Grammar {
  readonly spec: ProtocolSpec;
  readonly layouts: ReadonlyMap<string, Layout>;
  /** The field that a message is, by the side that sends it. */
  readonly roots: Readonly<Record<Side, StructMember>>;
  readonly order: OrderSpec;
}

export interface Layout {
  readonly name: string;
  readonly members: readonly Member[];
  /** What says how many bytes it takes; null: as many as its members. */
  readonly size: LayoutSizeAt | null;
  /** 1: none. */
  readonly align: number;
  /** The members that it begins with as long as they lie at fixed places. */
  readonly head: LayoutHead;
}

export interface LayoutHead {
  /** Those of them that are fields. */
  readonly leaves: readonly HeadLeaf[];
  readonly members: number;
  readonly bytes: number;
  /** Where among `leaves` the layout's size is; -1: elsewhere. */
  readonly size: number;
}

export interface HeadLeaf {
  readonly member: Member;
  readonly name: string;
  /** Bytes from the layout's start, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface LayoutSizeAt {
  /** The field's path, and which of the members it is in. */
  readonly path: readonly PathStep[];
  readonly member: number;
  readonly plus: number;
}

export type Member =
  | UintMember
  | AddressMember
  | BytesMember
  | TextMember
  | NameMember
  | PadMember
  | StructMember
  | ListMember
  | ChoiceMember;

/** A field that holds one value and no others. */
export type LeafMember = Exclude<Member, StructMember | ListMember | ChoiceMember>;

interface Common {
  /** Empty for none. */
  readonly name: string;
  readonly type: FieldType;
  readonly guarded: boolean;
}

export interface UintMember extends Common, BitPlace {
  readonly kind: 'uint';
  /** Bytes from where the reader stands to its first byte. */
  readonly skip: number;
  /** Bytes it touches. */
  readonly width: number;
  /** Bytes that the reader goes on behind it: 0 while others of its bytes follow. */
  readonly advance: number;
  readonly words: Words | null;
}

export interface AddressMember extends Common {
  readonly kind: 'mac' | 'ipv4' | 'ipv6';
  readonly width: number;
}

export interface BytesMember extends Common {
  readonly kind: 'bytes' | 'string';
  readonly size: Size;
}

export interface TextMember extends Common {
  readonly kind: 'text';
  readonly until: Uint8Array;
  readonly blanks: boolean;
}

export interface NameMember extends Common {
  readonly kind: 'name';
  readonly base: number;
}

export interface PadMember extends Common {
  readonly kind: 'pad';
  readonly width: number;
}

export interface StructMember extends Common {
  readonly kind: 'struct';
  readonly layout: Layout;
  readonly size: Size | null;
}

export interface ListMember extends Common {
  readonly kind: 'list';
  /** As a member that each element is. */
  readonly element: StructMember;
  readonly size: Size | Count | Until;
  /** Null: elements have no names. */
  readonly key: readonly PathStep[] | null;
  readonly value: readonly PathStep[] | null;
  readonly ignoreCase: boolean;
}

export interface ChoiceMember extends Common {
  readonly kind: 'choice';
  readonly on: readonly PathStep[];
  readonly cases: ReadonlyMap<string | number, Layout>;
  /** Holds one field of bytes where the description has none. */
  readonly otherwise: Layout;
  /** Those of all cases and `otherwise`, each once. */
  readonly layouts: readonly Layout[];
  readonly size: Size | null;
}

/** `field`: the number at `path`, `plus` added. */
export type Size =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'rest' }
  | { readonly kind: 'field'; readonly path: readonly PathStep[]; readonly plus: number };

export interface Count {
  readonly kind: 'count';
  readonly path: readonly PathStep[];
}

export interface Until {
  readonly kind: 'until';
  readonly bytes: Uint8Array;
}
