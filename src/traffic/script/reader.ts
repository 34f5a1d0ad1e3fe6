// What `expect` reads: bytes of a stream or whole datagrams, taken as the script asks for them.
import { unreachable } from '../../base/invariant.ts';
import type { Pattern } from '../../model/script.ts';
import { latin1 } from '../../wire/bytes.ts';
import { type Finder, type Found, bytesFinder, regexFinder } from './finder.ts';
import { createInbox } from './inbox.ts';

/** Patterns that take bytes. */
export type BytesPattern = Exclude<Pattern, { kind: 'end' | 'reset' | 'packet' }>;

/** `wrong`: whatever may still come, it is not there. */
export type Reading =
  | { readonly kind: 'found'; readonly bytes: Uint8Array; readonly groups: Found['groups'] }
  | { readonly kind: 'wrong'; readonly detail: string }
  | null;

export interface Reader {
  push(bytes: Uint8Array): void;
  /** Bytes, or datagrams, that wait to be read. */
  readonly length: number;
  /**
   * Reads what the pattern asks for; null while it has not come. `exact` are the bytes of `exact` and `until`; with
   * `mayGrow` more is known to come.
   */
  read(pattern: BytesPattern, exact: Uint8Array | null, mayGrow: boolean): Reading;
}

/** Bytes that may wait unread, and in which a pattern may be looked for in vain. */
export const UNREAD_LIMIT = 67_108_864;
const SEARCH_LIMIT = 1_048_576;
const NO_GROUPS = {};

export function streamReader(): Reader {
  const inbox = createInbox();
  /** Of the pattern that is looked for, until it is found. */
  let finder: { readonly pattern: BytesPattern; readonly finder: Finder } | null = null;
  /** How much of what is wanted exactly has been compared. */
  let matched = 0;

  const find = (pattern: BytesPattern, create: () => Finder, mayGrow: boolean): Reading => {
    if (finder?.pattern !== pattern) finder = { pattern, finder: create() };
    const looking = finder.finder;
    const pieces = inbox.from(looking.fed).map((piece) => latin1(piece, 0, piece.length));
    const found = looking.feed(pieces.join(''), mayGrow);
    if (found) {
      finder = null;
      return { kind: 'found', bytes: inbox.take(found.end), groups: found.groups };
    }
    if (looking.fed <= SEARCH_LIMIT) return null;
    return { kind: 'wrong', detail: `Not found in ${looking.fed} bytes` };
  };
  const compare = (wanted: Uint8Array): Reading => {
    for (const piece of inbox.from(matched)) {
      for (const byte of piece) {
        if (matched === wanted.length) break;
        if (byte !== wanted[matched])
          return { kind: 'wrong', detail: `Byte ${matched} is not the one expected` };
        matched += 1;
      }
    }
    if (matched < wanted.length) return null;
    matched = 0;
    return { kind: 'found', bytes: inbox.take(wanted.length), groups: NO_GROUPS };
  };
  return {
    push: (bytes) => inbox.push(bytes),
    get length() {
      return inbox.length;
    },
    read: (pattern, exact, mayGrow) => {
      switch (pattern.kind) {
        case 'bytes':
          if (inbox.length < pattern.count) return null;
          return { kind: 'found', bytes: inbox.take(pattern.count), groups: NO_GROUPS };
        case 'datagram':
          return { kind: 'wrong', detail: 'A stream has no datagrams' };
        case 'exact':
          return compare(exact ?? new Uint8Array());
        case 'until':
          return find(pattern, () => bytesFinder(exact ?? new Uint8Array()), false);
        case 'regex':
          return find(pattern, () => regexFinder(pattern), mayGrow);
        default:
          return unreachable(pattern, 'pattern');
      }
    },
  };
}

export function datagramReader(): Reader {
  let datagrams: Uint8Array[] = [];
  let head = 0;
  return {
    push: (bytes) => {
      if (head > 1024) {
        datagrams = datagrams.slice(head);
        head = 0;
      }
      datagrams.push(bytes);
    },
    get length() {
      return datagrams.length - head;
    },
    read: (pattern, exact) => {
      const bytes = datagrams[head];
      if (!bytes) return null;
      head += 1;
      const groups = matchDatagram(bytes, pattern, exact);
      if (typeof groups !== 'string') return { kind: 'found', bytes, groups };
      return { kind: 'wrong', detail: groups };
    },
  };
}

/** The groups of a match, or why there is none. */
function matchDatagram(
  bytes: Uint8Array,
  pattern: BytesPattern,
  exact: Uint8Array | null,
): Found['groups'] | string {
  const sizeIs = `The datagram has ${bytes.length} bytes`;
  switch (pattern.kind) {
    case 'bytes':
      return bytes.length === pattern.count ? NO_GROUPS : sizeIs;
    case 'datagram':
      return bytes.length >= pattern.min && bytes.length <= pattern.max ? NO_GROUPS : sizeIs;
    case 'exact': {
      if (bytes.length !== exact?.length) return sizeIs;
      const at = bytes.findIndex((byte, index) => byte !== exact[index]);
      return at < 0 ? NO_GROUPS : `Byte ${at} of the datagram is not the one expected`;
    }
    case 'until':
    case 'regex': {
      const finder =
        pattern.kind === 'regex' ? regexFinder(pattern) : bytesFinder(exact ?? new Uint8Array());
      const found = finder.feed(latin1(bytes, 0, bytes.length), false);
      return found ? found.groups : `Not found in the ${bytes.length} bytes of the datagram`;
    }
    default:
      return unreachable(pattern, 'pattern');
  }
}
