import { expect } from 'chai';
import { planOf } from '../compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { a: {}, m: {}, b: {} }
networks: { one: { members: [a, m] }, two: { members: [m, b] } }
traffic: [{ name: go, from: a, to: "b:80", probe: { tcp: {} } }]
captures: [m, { on: a, network: one, filter: tcp port 80, snaplen: 128 }]
expect:
  - { flow: go, failure: connection_refused, cause: refused-by-peer }
  - { capture: m }
  - { capture: m.two, filter: tcp, count: 0 }
  - { metric: goodput.p50, of: go, within: "1mbit ± 10%" }
`;

describe('resolveCaptures()', () => {
  it('takes every interface of a host, or the one that is named', () => {
    const { captures } = planOf(LAB);
    expect(captures.map(({ file }) => file)).to.deep.equal([
      'captures/m.one.pcap',
      'captures/m.two.pcap',
      'captures/a.one.pcap',
    ]);
    expect(captures[2]).to.deep.equal({
      ...{ node: 'a', network: 'one', interface: 'a-one', file: 'captures/a.one.pcap' },
      ...{ filter: 'tcp port 80', snaplen: 128 },
    });
  });
});

describe('resolveExpectations()', () => {
  it('writes signatures as the paper does, and makes a list of one signal', () => {
    const asked = 'signature: "<SYN -> none>", signal: silent-drop, stage: dial, outcome: timeout';
    const [first] = planOf(LAB.replace('failure: connection_refused', asked)).expectations;
    expect(first).to.include({ signature: '⟨SYN→∅⟩', stage: 'dial', outcome: 'timeout' });
    expect(first).to.have.deep.property('signals', ['silent-drop']);
  });

  it('resolves which files are looked into, and what is asked', () => {
    expect(planOf(LAB).expectations).to.deep.equal([
      {
        ...{ kind: 'flow', id: '1-flow-go', flow: 'go' },
        ...{ failure: 'connection_refused', cause: 'refused-by-peer' },
      },
      {
        ...{ kind: 'capture', id: '2-capture-m', node: 'm', filter: '' },
        files: ['captures/m.one.pcap', 'captures/m.two.pcap'],
        count: { min: 1, max: null, text: '>=1' },
      },
      {
        ...{ kind: 'capture', id: '3-capture-m.two', node: 'm', filter: 'tcp' },
        files: ['captures/m.two.pcap'],
        count: { min: 0, max: 0, text: '0' },
      },
      {
        ...{ kind: 'metric', id: '4-metric-goodput.p50-go', metric: 'goodput.p50', of: 'go' },
        within: { min: 900_000, max: 1_100_000, text: '1mbit ± 10%' },
      },
    ]);
  });
});
