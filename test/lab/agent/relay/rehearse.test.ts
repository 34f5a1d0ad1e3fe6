import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { rehearse } from '../../../../src/agent/relay/rehearse.ts';
import type { RelayRule } from '../../../../src/model/relay.ts';
import { compileProtocol } from '../../../../src/wire/protocol/compile-protocol.ts';
import type { Protocol } from '../../../../src/wire/protocol/contract.ts';
import { ANY, MEMO } from '../../../roles/relay/playbook.ts';
import { relaySpec } from './relays.ts';

const LISTEN = { kind: 'tcp', host: '192.0.2.1', port: 1 } as const;
const TARGET = { kind: 'tcp', host: 'nowhere.invalid', port: 1 } as const;

const edit = (kind: 'set' | 'cut', at: RelayRule['at']): RelayRule => ({
  ...{ name: `${kind} ${at}`, at, fixup: [], unsafe: true },
  match: { ...ANY, types: ['ASK'] },
  do: [kind === 'cut' ? { kind, bytes: 2 } : { kind, path: 'number', value: 7 }],
});

const QUIET = { seed: 1, wanted: { audits: false, sessions: false } };
const runs = (): boolean => false;

/** How often each side's messages were read. */
function counted(): { readonly protocol: Protocol; readonly read: Record<string, number> } {
  const protocol = compileProtocol(MEMO);
  const read = { client: 0, server: 0 };
  const count: Protocol['read'] = (bytes, side) => {
    read[side] += 1;
    return protocol.read(bytes, side);
  };
  return { protocol: { ...protocol, read: count }, read };
}

describe('agent/relay/rehearse', () => {
  it('carries and edits messages of both sides, whatever the relay leads to, and leaves no descriptor', () => {
    const { protocol, read } = counted();
    const open = readdirSync('/proc/self/fd').length;
    const rules = [edit('set', 'C->P'), edit('set', 'P->C')];
    const spec = relaySpec(LISTEN, TARGET, { protocol: MEMO, rules });
    rehearse(spec, protocol, { seed: 1, wanted: { audits: true, sessions: true } }, runs);
    expect(read['client']).to.be.above(100);
    expect(read['server']).to.be.above(100);
    expect(readdirSync('/proc/self/fd')).to.have.length(open);
  });

  it('is over where there is no session', () => {
    const { protocol, read } = counted();
    const rules = [edit('cut', 'C->P')];
    const limits = { ...relaySpec(LISTEN, TARGET).limits, sessions: 0 };
    const spec = relaySpec(LISTEN, TARGET, { protocol: MEMO, rules, limits });
    rehearse(spec, protocol, QUIET, runs);
    expect(read['client']).to.equal(0);
  });

  it('is over when the relay is told to stop, and leaves no descriptor', () => {
    const { protocol, read } = counted();
    const open = readdirSync('/proc/self/fd').length;
    const spec = relaySpec(LISTEN, TARGET, { protocol: MEMO, rules: [edit('set', 'C->P')] });
    rehearse(spec, protocol, QUIET, () => (read['client'] ?? 0) >= 3);
    expect(read['client']).to.be.within(3, 50);
    rehearse(spec, protocol, QUIET, () => true);
    expect(readdirSync('/proc/self/fd')).to.have.length(open);
  });

  it('leaves no descriptor where it breaks', () => {
    const { protocol } = counted();
    const open = readdirSync('/proc/self/fd').length;
    const spec = relaySpec(LISTEN, TARGET, { protocol: MEMO, rules: [edit('set', 'C->P')] });
    const broken = (): never => {
      throw new Error('no message');
    };
    const rehearsal = (): void => rehearse(spec, { ...protocol, read: broken }, QUIET, runs);
    expect(rehearsal).to.throw('no message');
    expect(readdirSync('/proc/self/fd')).to.have.length(open);
  });
});
