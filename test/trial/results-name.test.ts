import {
  inside,
  partialName,
  runFolder,
  scenarioFolder,
  sourceName,
} from '../../src/trial/results-name.ts';
import { expect } from 'chai';
import fc from 'fast-check';

describe('scenarioFolder()', () => {
  const cases: [string, string][] = [
    ['censor', 'censor'],
    ['two isps', 'two-isps'],
    ['../../etc', 'etc'],
    ['..', 'scenario'],
    ['.hidden', 'hidden'],
    ['', 'scenario'],
    ['a/b\\c\n', 'a-b-c-'],
    ['größe', 'größe'],
  ];
  for (const [name, folder] of cases)
    it(`makes ${JSON.stringify(folder)} of ${JSON.stringify(name)}`, () => {
      expect(scenarioFolder(name)).to.equal(folder);
    });

  it('is one ordinary file name whatever the scenario is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(scenarioFolder(name)).to.match(/^[^./-][^/\0]{0,99}$/u);
      }),
    );
  });
});

describe('runFolder()', () => {
  it('is the time in UTC and the start of the hash', () => {
    const started = new Date('2026-11-20T21:04:11.987Z');
    expect(runFolder(started, '3f9a1c77')).to.equal('2026-11-20T21-04-11Z-3f9a1c');
    expect(partialName('x')).to.equal('.x.partial');
  });
});

describe('sourceName()', () => {
  it('keeps the path from the scenario, and stays below sources/', () => {
    expect(sourceName('a/censor.yaml', 'a/parts/isp.yaml')).to.equal('sources/parts/isp.yaml');
    expect(sourceName('a/censor.yaml', 'isp.yaml')).to.equal('sources/up/isp.yaml');
    expect(sourceName('a/censor.yaml', '../../x')).to.equal('sources/up/up/up/x');
    expect(sourceName('/a/censor.yaml', '/etc/isp.yaml')).to.equal('sources/up/etc/isp.yaml');
  });
});

describe('inside()', () => {
  it('joins what stays inside', () => {
    expect(inside('/r', 'captures/a.b.pcap')).to.equal('/r/captures/a.b.pcap');
  });
  for (const path of ['../x', '/etc/passwd', 'a/../../x', '', '.'])
    it(`refuses ${JSON.stringify(path)}`, () => {
      expect(() => inside('/r', path)).to.throw('stays inside the results folder');
    });
});
