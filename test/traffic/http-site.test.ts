import { expect } from 'chai';
import { chooseSite, hostName } from '../../src/traffic/http-site.ts';

const site = (host: string): { host: string; status: number; body: string } => ({
  host,
  status: 200,
  body: host,
});

describe('traffic/http-site', () => {
  const sites = [site('*'), site('Fine.example'), site('[fd00::1]')];
  const cases: readonly [string, string | undefined][] = [
    ['fine.example', 'Fine.example'],
    ['FINE.example:8080', 'Fine.example'],
    ['[fd00::1]:80', '[fd00::1]'],
    ['other.example', '*'],
    ['', '*'],
  ];
  for (const [header, wished] of cases)
    it(`chooseSite() chooses ${wished ?? 'none'} for "${header}"`, () => {
      expect(chooseSite(sites, header)?.host).to.equal(wished);
    });

  it('chooseSite() gives nothing where no site fits', () => {
    expect(chooseSite([site('a.example')], 'b.example')).to.equal(undefined);
  });

  it('hostName() keeps an IPv6 address whole', () => {
    expect(hostName('[fd00::1]')).to.equal('[fd00::1]');
  });
});
