import { expect } from 'chai';
import { explainDial } from '../../src/ssh/dial.ts';
import { resolveHop } from '../../src/ssh/hop.ts';
import type { Where } from '../../src/ssh/where.ts';

const hop = resolveHop(
  { host: 'edge.example.org', port: null, user: 'lab' },
  { identities: [], knownHosts: [], replace: true },
  {
    folder: '/',
    files: [],
    readInclude: () => [],
    environment: { home: '/home/me', user: 'me', hostname: 'here', variables: {} },
  },
);
const WHERE: Where = { machine: 'edge', hop, isJump: false };

const failure = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe('explainDial()', () => {
  const CASES: readonly (readonly [error: Error, found: string])[] = [
    [failure('ECONNREFUSED'), 'connection refused on port 22'],
    [failure('ENOTFOUND'), 'the name "edge.example.org" has no address'],
    [failure('EHOSTUNREACH'), 'there is no route to "edge.example.org"'],
    [failure('ETIMEDOUT'), '"edge.example.org" does not answer on port 22'],
    [failure('EOTHER'), 'connect EOTHER'],
    [
      new AggregateError([failure('ENETUNREACH'), failure('ECONNREFUSED')]),
      'connection refused on port 22',
    ],
  ];
  for (const [error, found] of CASES)
    it(`says "${found}"`, () => {
      const fault = explainDial(error, WHERE);
      expect(fault.message).to.equal(
        `Cannot reach machine "edge" (lab@edge.example.org:22): ${found}`,
      );
      expect(fault.kind).to.equal('machine');
      expect(fault.help).to.be.a('string');
    });

  it('names a jump host as such', () => {
    expect(explainDial(failure('ENOTFOUND'), { ...WHERE, isJump: true }).message).to.match(
      /^Cannot reach jump host "edge.example.org" \(.*\) of machine "edge": /,
    );
  });
});
