import { expect } from 'chai';
import { canonicalName, createZone } from '../../src/traffic/dns-zone.ts';
import { DNS_TYPE } from '../../src/wire/dns.ts';
import type { DnsRecord } from '../../src/model/traffic.ts';

const RECORDS: readonly DnsRecord[] = [
  { name: 'a.example', type: 'A', value: '10.0.0.1' },
  { name: 'a.example', type: 'A', value: '10.0.0.2' },
  { name: 'a.example', type: 'AAAA', value: 'fd00::1' },
  { name: 'www.example', type: 'CNAME', value: 'Alias.example.' },
  { name: 'alias.example', type: 'CNAME', value: 'a.example' },
  { name: 'lost.example', type: 'CNAME', value: 'nowhere.example' },
  { name: 'loop.example', type: 'CNAME', value: 'loop.example' },
  { name: 'deep.under.example', type: 'TXT', value: 'text' },
  { name: '*.wild.example', type: 'A', value: '10.0.0.9' },
];

describe('traffic/dns-zone', () => {
  const zone = createZone(RECORDS, 60);
  const ask = (name: string, type: keyof typeof DNS_TYPE): readonly string[] => {
    const { rcode, answers } = zone.answer({ name, type: DNS_TYPE[type], class: 1 });
    return [rcode, ...answers.map((record) => `${record.name} ${record.value}`)];
  };
  const cases: readonly [string, keyof typeof DNS_TYPE, readonly string[]][] = [
    ['a.example', 'A', ['NOERROR', 'a.example 10.0.0.1', 'a.example 10.0.0.2']],
    ['a.example', 'AAAA', ['NOERROR', 'a.example fd00::1']],
    ['a.example', 'TXT', ['NOERROR']],
    [
      'www.example',
      'AAAA',
      ['NOERROR', 'www.example Alias.example.', 'alias.example a.example', 'a.example fd00::1'],
    ],
    ['www.example', 'CNAME', ['NOERROR', 'www.example Alias.example.']],
    ['lost.example', 'A', ['NXDOMAIN', 'lost.example nowhere.example']],
    ['loop.example', 'A', ['SERVFAIL']],
    ['under.example', 'A', ['NOERROR']],
    ['no.example', 'A', ['NXDOMAIN']],
    ['any.wild.example', 'A', ['NOERROR', 'any.wild.example 10.0.0.9']],
    ['very.any.wild.example', 'A', ['NOERROR', 'very.any.wild.example 10.0.0.9']],
  ];
  for (const [name, type, wished] of cases)
    it(`createZone() answers ${type} of ${name} with ${wished.join(', ')}`, () => {
      expect(ask(name, type)).to.deep.equal(wished);
    });

  it('createZone() gives its records their time to live', () => {
    const { answers } = zone.answer({ name: 'a.example', type: DNS_TYPE.AAAA, class: 1 });
    expect(answers[0]?.ttl).to.equal(60);
  });

  it('canonicalName() is lower case without the last dot', () => {
    expect(canonicalName('WWW.Example.')).to.equal('www.example');
  });
});
