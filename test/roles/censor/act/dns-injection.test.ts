import { expect } from 'chai';
import type { DnsAction } from '../../../../src/model/censor-action.ts';
import { parseDns } from '../../../../src/wire/dns.ts';
import { DNS, DROP, Playbook, V4, datagram, query, rule, text } from '../playbook.ts';

const resolver = { ...V4, serverPort: 53 };
const injector = (rest: Partial<DnsAction>): DnsAction => ({
  ...DNS,
  pool: ['192.0.2.1'],
  dropTrigger: false,
  ...rest,
});
const names = [{ field: 'dns.qname', names: ['blocked.example'] }] as const;

const answerOf = (payload: Uint8Array | undefined) => {
  const message = parseDns(payload ?? text(''));
  if (!message.ok) throw new Error(message.error);
  return message.value;
};

describe('roles/censor/dns-injection', () => {
  it('injectDns() lets several injectors of one rule race, each in its own shape', () => {
    const book = new Playbook([
      {
        ...rule(names, DROP),
        actions: [
          injector({ dontFragment: false, authoritative: true, recursionAvailable: false }),
          injector({
            ipId: { from: 'fixed', value: 9 },
            ttl: { from: 'fixed', value: 200 },
            delay: [1, 5],
          }),
          injector({ count: 2, delay: [2, 2] }),
        ],
      },
    ]);
    expect(book.judge(datagram(resolver, query('blocked.example')))).to.equal('pass');
    expect(book.emitted).to.have.length(4);
    const [first, second, third, fourth] = book.emitted;
    expect(answerOf(first?.packet.payload)).to.include({
      authoritative: true,
      recursionAvailable: false,
    });
    // The bits of Don't Fragment, and the identification (RFC 791 section 3.1).
    expect([first, second].map((one) => one?.bytes[6])).to.deep.equal([0, 0x40]);
    expect(second?.bytes[5]).to.equal(9);
    expect(second?.packet.ip.ttl).to.equal(200);
    expect(second?.at).to.be.within(1000, 5000);
    expect([third?.at, fourth?.at]).to.deep.equal([2000, 2000]);
  });

  it('injectDns() gives a canonical name first, and the address as that name’s', () => {
    const book = new Playbook([rule(names, injector({ cname: 'walled.example' }))]);
    book.judge(datagram(resolver, query('blocked.example')));
    const { answers } = answerOf(book.emitted[0]?.packet.payload);
    expect(answers.map(({ name, type, value }) => [name, type, value])).to.deep.equal([
      ['blocked.example', 5, 'walled.example'],
      ['walled.example', 1, '192.0.2.1'],
    ]);
  });
});
