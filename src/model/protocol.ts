// How the messages of a protocol lie in a stream of bytes, and what each byte of them says: a file of schemas/protocols, or of the
// experimenter. It is data: who adds a protocol writes no code.

export interface ProtocolSpec {
  readonly protocol: string;
  readonly description: string;
  /** RFCs, specifications and papers. */
  readonly references: readonly string[];
  readonly frame: FrameSpec;
  /** The layout of a message, by the side that sends it. */
  readonly message: { readonly client: string; readonly server: string };
  /** The path of the field whose word is a message's type; null: messages are of one type, `message`. */
  readonly type: string | null;
  readonly layouts: Readonly<Record<string, LayoutSpec>>;
  /** Word → number. */
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How messages of each type are ordered under `ordering: typed`. */
  readonly order: OrderSpec;
  /** Paths of fields that a message which a rule writes has in common with the one at hand, unless it says otherwise; absent: none. */
  readonly inherits?: readonly string[];
  /** Which messages answer which; absent: nobody knows. */
  readonly answers?: AnswerSpec;
}

export interface AnswerSpec {
  /** The path of the field in which an answer is the same as what it answers. */
  readonly id: string;
  /** Type of messages that say what is wrong with another → paths of the fields that say it. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
  /** Type of messages that are answered → types of their answers. */
  readonly replies: Readonly<Record<string, readonly string[]>>;
}

/** Where one message ends and the next begins. Bytes count from the message's start. */
export type FrameSpec =
  /** What one read gave. */
  | { readonly kind: 'chunk' }
  /** To a line feed, which belongs to it. `limit`: bytes of the longest. */
  | { readonly kind: 'line'; readonly limit: number }
  /** An unsigned number at `at` of `width` bytes, big-endian, says how long the message is; `plus` is added to it. */
  | {
      readonly kind: 'length';
      readonly at: number;
      readonly width: 1 | 2 | 3 | 4;
      readonly plus: number;
      /** Bytes of the shortest and the longest; a length outside is a framing fault. */
      readonly least: number;
      readonly limit: number;
    }
  /** HTTP/1.1 (RFC 9112 section 6): a head, and a body as long as its fields say. `limit`: bytes of the head and of a body kept whole. */
  | { readonly kind: 'http'; readonly limit: number };

/** Consecutive fields. */
export interface LayoutSpec {
  readonly fields: readonly FieldSpec[];
  /** Which of its fields says how many bytes the layout takes; absent: as many as its fields. */
  readonly size?: LayoutSize;
  /** Zero bytes follow up to a multiple of so many bytes from its start; the size does not count them. */
  readonly align?: number;
}

export interface LayoutSize {
  /** A uint or decimal text of this layout. */
  readonly field: string;
  /** Added to its value: -4 where it counts four bytes that lie before the layout. */
  readonly plus: number;
}

export interface FieldSpec {
  /** Absent for a `struct` or `choice` whose fields, or a keyed `list` whose elements, count as those of the layout around it, and for padding. */
  readonly name?: string;
  readonly type: FieldType;
  /** A rule may not edit it unless it is `unsafe`: the session would end. */
  readonly guarded?: true;
}

export type FieldType =
  /** Big-endian unless said otherwise. Fields of less than 8 bits fill whole bytes together with their neighbours, most significant bit first. */
  | {
      readonly kind: 'uint';
      readonly bits: number;
      readonly little?: true;
      /** Words for its values: one of `enums`. With `flags`, each word is a set of bits. */
      readonly enum?: string;
      readonly flags?: true;
    }
  | { readonly kind: 'mac' | 'ipv4' | 'ipv6' }
  | { readonly kind: 'bytes'; readonly size: SizeSpec }
  /** Text of a fixed room, filled up with zero bytes; or of a size. Latin-1, so that no byte is lost. */
  | { readonly kind: 'string'; readonly size: SizeSpec }
  /** Text to `until` (Latin-1), which is skipped and belongs to the layout; without a delimiter left, to the end. */
  | {
      readonly kind: 'text';
      readonly until: string;
      /** Spaces and tabs around it are no part of it (OWS of RFC 9110 section 5.6.3); one is written before it. */
      readonly blanks?: true;
    }
  /** A domain name of RFC 1035 section 3.1, compressed or not. `base`: bytes of the message before those that pointers count from. */
  | { readonly kind: 'name'; readonly base: number }
  | { readonly kind: 'pad'; readonly size: number }
  | { readonly kind: 'struct'; readonly layout: string; readonly size?: SizeSpec }
  | {
      readonly kind: 'list';
      readonly of: string;
      readonly size: ListSize;
      /** A path within an element whose word or text names it: `match.eth_type` is then that element's `value`. */
      readonly key?: string;
      readonly value?: string;
      /** Whether upper and lower case of keys are one. */
      readonly ignoreCase?: true;
    }
  /** A layout by the value of a field before it, as its number or, of text, as it stands; `else` where none fits. */
  | {
      readonly kind: 'choice';
      /** A field of this layout or of one around it, the nearest first; a path leads into structs. */
      readonly on: string;
      readonly cases: Readonly<Record<string, string>>;
      /** Absent: the rest are bytes of the name `body`. */
      readonly else?: string;
      readonly size?: SizeSpec;
    };

/**
 * Bytes. `rest`: to the end of the layout around it. A field before it, of this layout or one around it: as its value says, `plus` added;
 * `headers.Content-Length`: of a keyed list, whose element may be missing, and then it is the rest.
 */
export type SizeSpec = number | 'rest' | { readonly field: string; readonly plus: number };

/** `count`: elements. `until`: up to these bytes (Latin-1), which belong to the list. */
export type ListSize = SizeSpec | { readonly count: string } | { readonly until: string };

export interface OrderSpec {
  /** Types that keep their order among each other. `*`: all that `loose` does not name. */
  readonly strict: readonly string[];
  /** Types that may overtake. */
  readonly loose: readonly string[];
  /** Types that nothing may cross. */
  readonly barrier: readonly string[];
}

/** What a value of a field is outside its bytes. Numbers of more than 53 bits are bigints; addresses and names are text. */
export type FieldValue = number | bigint | string | Uint8Array;
