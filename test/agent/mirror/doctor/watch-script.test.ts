import { expect } from 'chai';
import { parseSightings, watchScript } from '../../../../src/agent/mirror/doctor/watch-script.ts';

const listed = (...sets: readonly { name: string; elem?: readonly unknown[] }[]): string =>
  JSON.stringify({ nftables: [{ metainfo: {} }, ...sets.map((set) => ({ set })), { chain: {} }] });

describe('agent/mirror/doctor/watch-script', () => {
  it('watchScript() notes addresses of its family before rules that drop', () => {
    const script = watchScript(6, 100);
    expect(script).to.include('chain arrived { type filter hook prerouting priority -310;');
    expect(script).to.include(
      'tcp sequence 100 update @arrived-syn { iifname . ip6 saddr . tcp sport . ip6 daddr . tcp dport }',
    );
    expect(script).to.include('tcp ackseq 101 update @numbers { tcp sequence }');
    expect(watchScript(4, 100)).to.not.include('ip6');
  });

  it('parseSightings() gives packets by place, and the numbers of answers', () => {
    const text = listed(
      { name: 'numbers', elem: [0, 77] },
      { name: 'arrived-syn', elem: [{ concat: ['lan', '10.0.0.1', 5, '10.0.0.2', 80] }] },
      { name: 'left-answer' },
    );
    expect(parseSightings(text)).to.deep.equal({
      seen: [
        {
          ...{ place: 'arrived', packet: 'syn', interface: 'lan' },
          ...{ source: '10.0.0.1', sourcePort: 5, destination: '10.0.0.2', destinationPort: 80 },
        },
      ],
      numbers: [0, 77],
    });
  });

  it('parseSightings() passes over sets and elements that are not ours', () => {
    const text = listed(
      { name: 'other-set', elem: [{ concat: ['lan', '10.0.0.1', 5, '10.0.0.2', 80] }] },
      { name: 'taken-ack', elem: [7, null, { concat: [1] }] },
    );
    expect(parseSightings(text)).to.deep.equal({ seen: [], numbers: [] });
  });
});
