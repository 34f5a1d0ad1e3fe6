import { expect } from 'chai';
import { seededRandom } from '../../../../src/base/random.ts';
import type { FieldEdit } from '../../../../src/model/relay.ts';
import { settingsOf } from '../protocols.ts';
import { edit, flow, said } from './flow.ts';

const message = flow.write(
  'FLOW_MOD',
  settingsOf({
    'match.eth_dst': '02:11:22:33:44:55',
    'match.ipv4_src': '10.1.2.3',
    'match.ipv6_src': 'fd00::1:2',
  }),
  'client',
);

const after = (change: FieldEdit, seed = 1): string | undefined =>
  said(edit(message, change, { random: seededRandom(seed) }).bytes, change.path);

describe('addressEdit()', () => {
  const RESULTS: readonly (readonly [FieldEdit, string])[] = [
    [{ kind: 'set', path: 'match.eth_dst', value: '02:00:00:00:00:0A' }, '02:00:00:00:00:0a'],
    [{ kind: 'set', path: 'match.ipv4_src', value: '192.0.2.1' }, '192.0.2.1'],
    [{ kind: 'set', path: 'match.ipv6_src', value: '::1' }, '::1'],
    [{ kind: 'mask', path: 'match.eth_dst', bits: 24 }, '02:11:22:00:00:00'],
    [{ kind: 'mask', path: 'match.eth_dst', bits: 'ff:00:ff:00:ff:00' }, '02:00:22:00:44:00'],
    [{ kind: 'mask', path: 'match.ipv4_src', bits: '9' }, '10.0.0.0'],
    [{ kind: 'mask', path: 'match.ipv4_src', bits: '0.255.255.255' }, '0.1.2.3'],
    [{ kind: 'mask', path: 'match.ipv6_src', bits: 112 }, 'fd00::1:0'],
    [
      { kind: 'random', path: 'match.ipv4_src', low: null, high: null, prefix: '192.0.2.9/32' },
      '192.0.2.9',
    ],
    [
      {
        kind: 'random',
        path: 'match.eth_dst',
        low: null,
        high: null,
        prefix: '02:00:00:00:00:07',
      },
      '02:00:00:00:00:07',
    ],
  ];
  for (const [change, value] of RESULTS)
    it(`${JSON.stringify(change)} gives ${value}`, () => {
      expect(after(change)).to.equal(value);
    });

  it('draws within a prefix, and anything without one', () => {
    const draw = (path: string, prefix: string | null): (string | undefined)[] =>
      Array.from({ length: 50 }, (_, seed) =>
        after({ kind: 'random', path, low: null, high: null, prefix }, seed),
      );
    for (const address of draw('match.ipv4_src', '10.128.0.0/9'))
      expect(address).to.match(/^10\.(12[89]|1[3-9]\d|2\d\d)\./);
    for (const address of draw('match.eth_dst', '02:ab:00:00:00:00/16'))
      expect(address).to.match(/^02:ab:/);
    for (const address of draw('match.ipv6_src', 'fd00:1::/32'))
      expect(address).to.match(/^fd00:1:/);
    expect(new Set(draw('match.ipv4_src', null)).size).to.be.greaterThan(45);
  });
});
