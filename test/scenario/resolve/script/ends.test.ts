import { expect } from 'chai';
import type { Instruction } from '../../../../src/model/script.ts';
import { noteEnd } from '../../../../src/scenario/resolve/script/ends.ts';

const CHANNELS = [{ from: 'client', to: 'server' }];
const BASE = { step: '1', after: 0, at: null, within: null, channel: 0 };

function noted(party: string, instruction: Instruction): Record<string, unknown> {
  const actors = new Map(
    ['client', 'server'].map((name) => [
      name,
      { lost: new Set<number>(), drained: new Map<number, 'end' | 'reset'>() },
    ]),
  );
  noteEnd({ channels: CHANNELS }, actors, { party, instruction });
  return Object.fromEntries(
    [...actors].map(([name, { lost, drained }]) => [name, [[...lost], [...drained]]]),
  );
}

describe('noteEnd()', () => {
  it('tells the peer of a RST, and nobody of a FIN', () => {
    expect(noted('client', { ...BASE, op: 'close', how: 'reset' })).to.deep.equal({
      client: [[], []],
      server: [[0], []],
    });
    expect(noted('client', { ...BASE, op: 'close', how: 'fin' })).to.deep.equal({
      client: [[], []],
      server: [[], []],
    });
  });

  it('remembers the end that a party has awaited', () => {
    const expectation = { ...BASE, op: 'expect', as: null } as const;
    expect(noted('server', { ...expectation, pattern: { kind: 'end' } })).to.deep.equal({
      client: [[], []],
      server: [[], [[0, 'end']]],
    });
    expect(noted('server', { ...expectation, pattern: { kind: 'reset' } })).to.deep.equal({
      client: [[], []],
      server: [[0], [[0, 'reset']]],
    });
  });
});
