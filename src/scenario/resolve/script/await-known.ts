// What a party reads by `expect` it does not await as well, and an expression may be content with less than all that was
// sent: before the party goes on to act, the rest must be there too, or it would act too soon.
import type { Instruction } from '../../../model/script.ts';

interface Account {
  /** Bytes that are to have come. */
  known: number;
  /** Bytes that have been read or awaited for sure. */
  sure: number;
}

/** The program with a wait for what is known and not yet sure, before each act on the channel and at the end. Streams. */
export function awaitKnown(program: readonly Instruction[]): readonly Instruction[] {
  const accounts = new Map<number, Account>();
  const accountOf = (channel: number): Account => {
    const found = accounts.get(channel) ?? { known: 0, sure: 0 };
    accounts.set(channel, found);
    return found;
  };
  const waits = (channel: number, step: string): readonly Instruction[] => {
    const account = accountOf(channel);
    if (account.known <= account.sure) return [];
    account.sure = account.known;
    return [waitForAll(channel, step)];
  };
  const played = program.flatMap((instruction): readonly Instruction[] => {
    switch (instruction.op) {
      case 'arrive':
        if (instruction.what.kind === 'data') {
          const account = accountOf(instruction.channel);
          account.known += instruction.what.size;
          if (instruction.wait) account.sure = account.known;
        }
        return [instruction];
      case 'expect':
        accountOf(instruction.channel).sure += readForSure(instruction.pattern);
        return [instruction];
      case 'send':
      case 'craft':
      case 'close':
        return [...waits(instruction.channel, instruction.step), instruction];
      case 'branch':
      case 'loop':
      case 'wait':
      case 'set':
      case 'stack':
        return [instruction];
    }
  });
  const last = played.at(-1)?.step ?? '';
  return [...played, ...[...accounts.keys()].flatMap((channel) => waits(channel, last))];
}

/** Bytes that have come for sure once the pattern is met. */
function readForSure(pattern: Extract<Instruction, { op: 'expect' }>['pattern']): number {
  switch (pattern.kind) {
    case 'bytes':
      return pattern.count;
    case 'exact':
      return pattern.payload.kind === 'text'
        ? new TextEncoder().encode(pattern.payload.text).length
        : 0;
    case 'end':
    case 'reset':
      return Infinity;
    case 'regex':
    case 'until':
    case 'datagram':
    case 'packet':
      return 0;
  }
}

/** Counts of what arrives add up: no more bytes, but all that were known before. */
const waitForAll = (channel: number, step: string): Instruction => ({
  ...{ step, after: 0, at: null, within: null, op: 'arrive', channel, wait: true },
  what: { kind: 'data', payload: { kind: 'text', text: '' }, size: 0 },
});
