import { expect } from 'chai';
import { settingsOf, shipped } from '../protocols.ts';

describe('wire/protocol/write/key-index', () => {
  it('finds the element of a key among thousands, however it is written', () => {
    const count = 5000;
    const http = shipped('http');
    const names = Array.from({ length: count }, (_, index) => `X-${index}`);
    const values = Object.fromEntries([
      ['headers[0].name', 'HOST'],
      ...names.map((name) => [`headers.${name}`, name] as const),
      ['headers.host', 'there'],
    ]);
    const message = http.read(http.write('GET', settingsOf(values), 'client'), 'client');
    expect(message.find('headers[*]')).to.have.length(count + 1);
    expect(message.find('headers.Host').map(({ value }) => value)).to.deep.equal(['there']);
    for (const name of names)
      expect(message.find(`headers.${name}`).map(({ value }) => value)).to.deep.equal([name]);
  });
});
