import { expect } from 'chai';
import { chooseFlows, flowName, formatSubject } from '../../../src/scenario/replay/flow-filter.ts';

const FLOWS = [
  {
    number: 1,
    protocol: 6,
    client: { address: '10.0.0.1', port: 5000 },
    server: { address: '10.0.0.2', port: 443 },
  },
  {
    number: 2,
    protocol: 17,
    client: { address: '10.0.0.1', port: 443 },
    server: { address: '10.0.0.3', port: 53 },
  },
  {
    number: 3,
    protocol: 6,
    client: { address: 'fd00::1', port: 5000 },
    server: { address: 'fd00::2', port: 80 },
  },
] as const;

describe('chooseFlows()', () => {
  for (const [filters, numbers] of [
    [[], [1, 2, 3]],
    [['#3'], [3]],
    [['udp-2'], [2]],
    [['tcp'], [1, 3]],
    [['tcp:443'], [1]],
    [['443'], [1, 2]],
    [['10.0.0.1'], [1, 2]],
    [['10.0.0.1:5000'], [1]],
    [['10.0.0.2:443-10.0.0.1:5000'], [1]],
    [['10.0.0.1-10.0.0.3:53'], [2]],
    [['[fd00:0::1]:5000-[fd00::2]:80'], [3]],
    [['fd00::2'], [3]],
    [
      ['#3', 'udp', '53'],
      [2, 3],
    ],
  ] as const)
    it(`takes ${JSON.stringify(filters)} for ${numbers.join(' and ')}`, () => {
      const chosen = chooseFlows(FLOWS, filters);
      expect(chosen.ok && chosen.value.map(({ number }) => number)).to.deep.equal(numbers);
    });

  for (const filter of ['#4', 'udp:444', 'tcp-2', '10.0.0.1:53', '10.0.0.1:5000-10.0.0.3'])
    it(`says that "${filter}" is nobody, and who there is`, () => {
      expect(chooseFlows(FLOWS, [filter])).to.deep.equal({
        ok: false,
        error:
          `No conversation of the file is "${filter}": it has #1 tcp 10.0.0.1:5000-10.0.0.2:443, ` +
          '#2 udp 10.0.0.1:443-10.0.0.3:53, #3 tcp [fd00::1]:5000-[fd00::2]:80',
      });
    });

  for (const filter of ['', '#', 'sctp', '10.0.0.1:x', '10.0.0.1-10.0.0.2-10.0.0.3', 'host:80'])
    it(`does not understand "${filter}"`, () => {
      const chosen = chooseFlows(FLOWS, [filter]);
      expect(!chosen.ok && chosen.error).to.match(/^Expected a conversation such as "#3", /);
    });

  it('lists only some of many', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ ...FLOWS[0], number: index + 1 }));
    const chosen = chooseFlows(many, ['udp']);
    expect(!chosen.ok && chosen.error).to.match(/#8 tcp [^#]* and 12 more$/);
  });
});

describe('flowName()', () => {
  it('is the protocol and the number', () => {
    expect(FLOWS.map(flowName)).to.deep.equal(['tcp-1', 'udp-2', 'tcp-3']);
    expect(formatSubject({ ...FLOWS[0], protocol: 1, number: 9 })).to.match(/^#9 ip1 /);
  });
});
