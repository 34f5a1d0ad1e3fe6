// What one record of a relay, or one fault of the network that it plays, comes to in the words of verdicts.
import { formatBytes, formatMillis, formatRate } from '../base/units.ts';
import type { RelayFault, RelayOperation } from '../model/relay.ts';
import type { RelayEvent } from '../model/relay-record.ts';
import type { Cause } from '../model/verdict.ts';

export interface RelayDeed {
  readonly cause: Cause;
  /** `message changed`. */
  readonly words: string;
  /** `rule flip-output`, `fault slow`. */
  readonly source: string;
  /** Of the audit file; null for what leaves no record. */
  readonly line: number | null;
  /** What was done to what. */
  readonly note: string;
}

type Kind = RelayOperation['kind'];
type Closed = Pick<Extract<RelayEvent, { what: 'closed' }>, 'reason' | 'upstream' | 'downstream'>;

/** What changes no byte and no time is no deed. */
function causeOf(kind: Kind): readonly [Cause, string] | null {
  switch (kind) {
    case 'drop':
      return ['dropped', 'message dropped'];
    case 'blackhole':
      return ['dropped', 'messages swallowed'];
    case 'reset':
      return ['injected-rst', 'connection reset'];
    case 'close':
      return ['injected-fin', 'connection closed'];
    case 'delay':
    case 'hold':
    case 'reorder':
      return ['delayed', 'message held back'];
    case 'inject':
    case 'duplicate':
      return ['injected-data', 'message injected'];
    case 'split':
    case 'coalesce':
    case 'state':
      return null;
    case 'set':
    case 'add':
    case 'xor':
    case 'or':
    case 'and':
    case 'toggle':
    case 'random':
    case 'bitflip':
    case 'boundary':
    case 'swap':
    case 'mask':
    case 'truncate':
    case 'insert':
    case 'delete':
    case 'havoc':
    case 'remove':
    case 'repeat':
    case 'shuffle':
    case 'replace':
    case 'cut':
    case 'corrupt-length':
      return ['tampered', 'message changed'];
  }
}

export function recordDeed(record: Extract<RelayEvent, { what: 'edit' }>): RelayDeed | null {
  const { operation, rule, line, message, type, at, field } = record;
  const found = causeOf(operation);
  if (found === null) return null;
  const [cause, words] = found;
  const changed =
    field === undefined ? operation : `${field} ${record.old ?? ''} -> ${record.new ?? ''}`;
  const source = rule === 'fuzz' ? 'the fuzzer' : `rule ${rule}`;
  return { cause, words, source, line, note: `${type} no. ${message} at ${at}: ${changed}` };
}

/** Milliseconds below which a rate cannot be told from none. */
const FELT = 10;

/** Null where it cannot be known that the fault took effect: nothing came that it could act upon, or the session ended otherwise. */
export function faultDeed(fault: RelayFault, closed: Closed | undefined): RelayDeed | null {
  const deed = (cause: Cause, words: string, note: string): RelayDeed => ({
    ...{ cause, words, line: null },
    source: `fault ${fault.name}`,
    note: `${fault.direction}: ${note}`,
  });
  // The client's bytes go upstream; what it gets came from the server.
  const bytes = closed?.[fault.direction] ?? 0;
  const isIdle = closed !== undefined && bytes === 0;
  switch (fault.kind) {
    case 'latency':
      if (isIdle) return null;
      return deed('delayed', 'bytes delayed', `latency ${formatMillis(fault.latency)}`);
    case 'slow-close':
      return deed('delayed', 'end delayed', `closes ${formatMillis(fault.delay)} later`);
    case 'bandwidth':
      return (bytes * 8000) / fault.rate < FELT
        ? null
        : deed('throttled', 'throttled', `bandwidth ${formatRate(fault.rate)}`);
    case 'slicer':
      return fault.gap === 0
        ? null
        : deed('delayed', 'bytes sliced', `pieces of ${formatBytes(fault.size)}`);
    case 'timeout':
      if (isIdle) return null;
      return deed('dropped', 'bytes swallowed', 'nothing passes');
    case 'reset-peer':
      if (closed?.reason !== 'reset-by-fault') return null;
      return deed('injected-rst', 'connection reset', `RST after ${formatMillis(fault.after)}`);
    case 'limit-data':
      return closed?.reason !== 'closed-by-fault' || bytes < fault.bytes
        ? null
        : deed('injected-fin', 'connection closed', `after ${formatBytes(fault.bytes)}`);
  }
}
