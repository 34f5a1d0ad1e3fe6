// One packet of a list.
import type { Span } from '../../../base/diagnostic.ts';
import { tcpFlagBit } from '../../../wire/tcp.ts';
import type { Faults } from '../../faults.ts';
import { didYouMean } from '../../suggest.ts';
import type { MapTree, Tree } from '../../source/tree.ts';
import type { ReplayPayload } from '../replay-script.ts';
import { firstOf } from './first-of.ts';
import { readListedPayload } from './listed-payload.ts';

export interface ListedPacket {
  /** As written. */
  readonly sender: string;
  readonly span: Span;
  /** Milliseconds after the packet before. */
  readonly delay: number;
  readonly payload: ReplayPayload;
  /** Bits of TCP_FLAG; null when none are given. */
  readonly flags: number | null;
}

const SENDER = ['sender', 'from', 'src', 'source', 'who'];
const SECONDS = ['delay', 'delay_s', 'delaySeconds'];
const MILLISECONDS = ['delay_ms', 'delayMs', 'delay_millis'];
const PAYLOAD = ['payload', 'data', 'payload_hex', 'payload_base64', 'size', 'length', 'encoding'];
const KNOWN = [...SENDER, ...SECONDS, ...MILLISECONDS, ...PAYLOAD, 'flags', 'comment', 'name'];
/** Letters as scapy and tcpdump have them. */
const FLAG_LETTERS: Readonly<Record<string, string>> = {
  F: 'FIN',
  S: 'SYN',
  R: 'RST',
  P: 'PSH',
  A: 'ACK',
  '.': 'ACK',
  U: 'URG',
  E: 'ECE',
  C: 'CWR',
};

export function readPacket(tree: Tree, faults: Faults): ListedPacket | undefined {
  if (tree.kind !== 'map') {
    faults.add(
      'P003',
      tree.span,
      'Expected a packet such as {"sender": "client", "payload": "hello"}',
    );
    return undefined;
  }
  for (const [key, { keySpan }] of tree.entries)
    if (!KNOWN.includes(key))
      faults.add('P004', keySpan, `A packet has no key "${key}"`, {
        severity: 'warning',
        help: didYouMean(key, KNOWN),
      });
  const sender = firstOf(tree, SENDER);
  if (sender?.kind !== 'scalar') {
    faults.add('P002', sender?.span ?? tree.span, 'Expected a sender: "client" or "server"', {
      help: 'Write {"sender": "client", "delay": 0.1, "payload": "hello"}',
    });
    return undefined;
  }
  return {
    sender: String(sender.value),
    span: sender.span,
    delay: delayOf(tree, faults),
    payload: readListedPayload(tree, faults),
    flags: flagsOf(tree, faults),
  };
}

function delayOf(tree: MapTree, faults: Faults): number {
  const seconds = firstOf(tree, SECONDS);
  const value = seconds ?? firstOf(tree, MILLISECONDS);
  if (value === undefined) return 0;
  const number = value.kind === 'scalar' ? Number(value.value) : NaN;
  if (Number.isFinite(number) && number >= 0) return seconds === undefined ? number : number * 1000;
  faults.add(
    'P003',
    value.span,
    'Expected a delay that is not negative: seconds in "delay", milliseconds in "delay_ms"',
  );
  return 0;
}

function flagsOf(tree: MapTree, faults: Faults): number | null {
  const value = firstOf(tree, ['flags']);
  if (value === undefined) return null;
  let flags = 0;
  for (const word of wordsOf(value)) {
    const bit = tcpFlagBit(word);
    if (bit === undefined) {
      faults.add(
        'P003',
        value.span,
        `Expected flags of TCP such as "SYN+ACK", found ${JSON.stringify(word)}`,
      );
      return null;
    }
    flags |= bit;
  }
  return flags;
}

/** `SYN+ACK`, `SYN|ACK`, `SA` or a list. */
function wordsOf(value: Tree): readonly string[] {
  if (value.kind === 'list') return value.items.flatMap(wordsOf);
  const text = value.kind === 'scalar' ? String(value.value).toUpperCase() : '?';
  if (text === 'NONE') return [];
  const words = text.split(/[+|,\s]+/).filter((word) => word !== '');
  return words.flatMap((word) =>
    tcpFlagBit(word) === undefined
      ? Array.from(word, (letter) => FLAG_LETTERS[letter] ?? word)
      : [word],
  );
}
