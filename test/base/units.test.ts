import { expect } from 'chai';
import {
  formatBound,
  formatBytes,
  formatMillis,
  formatRate,
  millisToMicros,
  parseBytes,
  parseMillis,
  parseRate,
  parseRatio,
} from '../../src/base/units.ts';
import type { Result } from '../../src/base/result.ts';

type Parser = (text: unknown) => Result<number, string>;

const good: readonly (readonly [string, Parser, unknown, number])[] = [
  ['parseMillis', parseMillis, '20ms', 20],
  ['parseMillis', parseMillis, '1.5s', 1500],
  ['parseMillis', parseMillis, '100us', 0.1],
  ['parseMillis', parseMillis, '250µs', 0.25],
  ['parseMillis', parseMillis, ' 2 min ', 120_000],
  ['parseRate', parseRate, '10mbit', 10e6],
  ['parseRate', parseRate, '1.5gbit', 1.5e9],
  ['parseRate', parseRate, '1MBps', 8e6],
  ['parseBytes', parseBytes, '64KiB', 65_536],
  ['parseBytes', parseBytes, '1500B', 1500],
  ['parseRatio', parseRatio, '0.5%', 0.005],
  ['parseRatio', parseRatio, '100%', 1],
];

const bad: readonly (readonly [string, Parser, unknown, string])[] = [
  [
    'parseMillis',
    parseMillis,
    20,
    'Expected a duration with its unit such as "20ms", found the bare number 20',
  ],
  [
    'parseMillis',
    parseMillis,
    '20 parsecs',
    'Expected a duration such as "20ms" (units: us, µs, ms, s, m, min, h), found "20 parsecs"',
  ],
  [
    'parseMillis',
    parseMillis,
    '-5ms',
    'Expected a duration of nothing or more such as "20ms", found the negative "-5ms"',
  ],
  ['parseRate', parseRate, null, 'Expected a rate such as "10mbit", found null'],
  [
    'parseBytes',
    parseBytes,
    '5constructor',
    'Expected a size such as "64KiB" (units: B, kB, MB, GB, KiB, MiB, GiB), found "5constructor"',
  ],
  ['parseRatio', parseRatio, '101%', 'Expected a percentage up to 100%, found "101%"'],
];

describe('base/units', () => {
  for (const [name, parse, text, value] of good)
    it(`${name}() reads ${JSON.stringify(text)}`, () => {
      expect(parse(text)).to.deep.equal({ ok: true, value });
    });

  for (const [name, parse, text, error] of bad)
    it(`${name}() refuses ${JSON.stringify(text)}`, () => {
      expect(parse(text)).to.deep.equal({ ok: false, error });
    });

  it('formatMillis() keeps three digits', () => {
    expect([0.034, 5, 76.4, 310, 2500].map(formatMillis)).to.deep.equal([
      '0.03 ms',
      '5.00 ms',
      '76.4 ms',
      '310 ms',
      '2.50 s',
    ]);
  });

  it('formatBound() rounds up', () => {
    expect([0.0001, 0.1, 0.301, 12, 2501].map(formatBound)).to.deep.equal([
      '0.01 ms',
      '0.1 ms',
      '0.31 ms',
      '12 ms',
      '2.51 s',
    ]);
  });

  it('formatRate() picks the unit', () => {
    expect([12, 64_000, 98.7e6, 1.25e9].map(formatRate)).to.deep.equal([
      '12.0 bit/s',
      '64.0 kbit/s',
      '98.7 Mbit/s',
      '1.25 Gbit/s',
    ]);
  });

  it('formatBytes() picks the unit', () => {
    expect([0, 999, 4100, 2.5e6].map(formatBytes)).to.deep.equal([
      '0 B',
      '999 B',
      '4.10 kB',
      '2.50 MB',
    ]);
  });

  it('millisToMicros() multiplies by a thousand', () => {
    const parsed = parseMillis('2ms');
    expect(parsed.ok && millisToMicros(parsed.value)).to.equal(2000);
  });
});
