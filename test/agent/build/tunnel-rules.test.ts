import { expect } from 'chai';
import {
  leakCounterName,
  leakScript,
  remarkScript,
} from '../../../src/agent/build/tunnel-rules.ts';

const LINKS = {
  4: '{ 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4, 255.255.255.255 }',
  6: '{ ::1, fe80::/10, ff00::/8 }',
} as const;

describe('agent/build/tunnel-rules', () => {
  it('remarkScript() marks anew in a chain that has the route looked up again', () =>
    expect(
      remarkScript({ tunnel: 'wg0', family: 6, mark: 51_820, to: 51_822 }).split('\n'),
    ).to.deep.equal([
      'add table inet runner',
      'add chain inet runner remark { type route hook output priority mangle; }',
      'add rule inet runner remark meta nfproto ipv6 meta mark 51820 meta mark set 51822',
      '',
    ]));

  for (const [address, match] of [
    ['10.0.0.20', 'ip daddr 10.0.0.20'],
    ['fd00::20', 'ip6 daddr fd00::20'],
  ] as const)
    it(`leakScript() counts what goes to ${address} by no carrier`, () => {
      const leak = { tunnel: 'wg0', endpoint: { address, port: 51_820 }, interfaces: ['a', 'b'] };
      expect(leakScript(leak)).to.include(
        `${match} udp dport 51820 oifname != { "a", "b" } counter name leaked-wg0\n`,
      );
      expect(leakScript(leak)).to.include(
        `${match} udp dport 51820 counter name oifname map { "a" : "sent-wg0--a", "b" : "sent-wg0--b" }\n`,
      );
      expect(leakScript(leak)).to.include(
        `${match.replace('daddr', 'saddr')} udp sport 51820 counter name iifname map { "a" : "received-wg0--a", "b" : "received-wg0--b" }\n`,
      );
    });

  it('leakScript() counts what is to go by a bundle, but neither the tunnels nor what stays on a link', () => {
    const routed = {
      prefixes: ['10.9.0.0/16', '0.0.0.0/0', '::/0'],
      marks: { low: 51_820, high: 51_823 },
    };
    const places = ['ip 10.9.0.0/16', `ip != ${LINKS[4]}`, `ip6 != ${LINKS[6]}`].map((place) => {
      const [family = '', ...is] = place.split(' ');
      return { family, is: is.join(' ') };
    });
    const script = leakScript({ tunnel: 'q', routed, interfaces: ['a'] });
    expect(script.split('\n').filter((line) => line.startsWith('add rule'))).to.deep.equal([
      ...places.flatMap(({ family, is }) => {
        const sent = `add rule inet runner tunnels-out ${family} daddr ${is} meta mark != 51820-51823 oifname != "lo"`;
        return [
          `${sent} oifname != { "a" } counter name leaked-q`,
          `${sent} counter name oifname map { "a" : "sent-q--a" }`,
        ];
      }),
      ...places.map(
        ({ family, is }) =>
          `add rule inet runner tunnels-in ${family} saddr ${is} counter name iifname map { "a" : "received-q--a" }`,
      ),
    ]);
  });

  it('leakScript() refuses what could end a quotation', () => {
    const endpoint = { address: '10.0.0.20', port: 1 };
    expect(() => leakScript({ tunnel: 'wg0', endpoint, interfaces: ['a" accept'] })).to.throw();
    expect(() =>
      leakScript({ tunnel: 'wg0', endpoint: { address: 'x; y', port: 1 }, interfaces: [] }),
    ).to.throw();
  });

  it('leakCounterName() is a name that nft(8) takes, and one for each tunnel', () => {
    const names = ['a.b', 'a_b', 'a-b', 'a_2e_b', 'ü'].map(leakCounterName);
    for (const name of names) expect(name).to.match(/^[a-z][\w-]*$/);
    expect(new Set(names).size).to.equal(5);
  });
});
