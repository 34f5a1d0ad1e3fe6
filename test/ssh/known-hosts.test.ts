import { expect } from 'chai';
import fc from 'fast-check';
import { judgeHostKey, knownTypes, parseKnownHosts } from '../../src/ssh/known-hosts.ts';
import type { HostKeyVerdict } from '../../src/ssh/known-hosts.ts';

const KEY = { type: 'ssh-ed25519', base64: 'AAAAC3NzaC1lZDI1NTE5AAAAIB7mZ9Ih3Jk' };
const OTHER = { type: 'ssh-ed25519', base64: 'AAAAC3NzaC1lZDI1NTE5AAAAIDifferent0' };
const NAME = { host: 'edge.example.org', port: 22, alias: null };
const line = (hosts: string, { type, base64 } = KEY): string =>
  `${hosts} ${type} ${base64} a comment`;

const judge = (text: string, name: Partial<typeof NAME> = {}, key = KEY): HostKeyVerdict =>
  judgeHostKey(parseKnownHosts(text, '/known_hosts'), { ...NAME, ...name }, key);

describe('judgeHostKey()', () => {
  // HMAC-SHA1 of edge.example.org under a salt, as "ssh-keygen -H" writes it; "ssh-keygen -F" finds it.
  const HASHED = '|1|c2FsdHNhbHRzYWx0c2FsdHNhbHQ=|CydABldVGQp5cxvQCRFSOSIERgo=';

  const CASES: readonly (readonly [text: string, name: object, kind: HostKeyVerdict['kind']])[] = [
    [line('edge.example.org'), {}, 'known'],
    [line('192.0.2.7,EDGE.example.org'), {}, 'known'],
    [line('*.example.org'), {}, 'known'],
    [line('*.example.org,!edge.*'), {}, 'unknown'],
    [line('[edge.example.org]:2222'), { port: 2222 }, 'known'],
    [line('[edge.example.org]:2222'), {}, 'unknown'],
    [line('edge.example.org'), { port: 2222 }, 'known'],
    [line('edge.example.org', OTHER), { port: 2222 }, 'unknown'],
    [line('[2001:db8::1]:2222'), { host: '2001:db8::1', port: 2222 }, 'known'],
    [line('the-alias'), { alias: 'the-alias', port: 2222 }, 'known'],
    [line('edge.example.org'), { alias: 'the-alias' }, 'unknown'],
    [line('edge.example.org', OTHER), {}, 'changed'],
    [`${line('edge.example.org', OTHER)}\n${line('edge.example.org')}`, {}, 'known'],
    [line('edge.example.org', { type: 'ssh-rsa', base64: 'AAAA' }), {}, 'unknown'],
    [`@revoked ${line('*')}\n${line('edge.example.org')}`, {}, 'revoked'],
    [`@revoked ${line('*', OTHER)}\n${line('edge.example.org')}`, {}, 'known'],
    [`@cert-authority ${line('*')}`, {}, 'unknown'],
    [`# ${line('edge.example.org')}`, {}, 'unknown'],
    [`@other ${line('edge.example.org')}`, {}, 'unknown'],
    ['', {}, 'unknown'],
  ];
  for (const [text, name, kind] of CASES)
    it(`says ${kind} of ${JSON.stringify(name)} and ${JSON.stringify(text.replaceAll(/AAAA\S+/g, '…'))}`, () => {
      expect(judge(text, name).kind).to.equal(kind);
    });

  it('finds hashed names', () => {
    expect(judge(line(HASHED)).kind).to.equal('known');
    expect(judge(line(HASHED), { host: 'other.example.org' }).kind).to.equal('unknown');
  });

  it('names the line that differs, and the authority that it cannot ask', () => {
    expect(judge(`\n# x\n${line('edge.example.org', OTHER)}`)).to.have.nested.property(
      'entry.line',
      3,
    );
    const verdict = judge(`@cert-authority ${line('*.example.org')}`);
    expect(verdict).to.have.nested.property('others[0].marker', 'cert-authority');
  });
});

describe('parseKnownHosts()', () => {
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseKnownHosts(text, 'x')).to.be.an('array');
      }),
    );
  });

  it('keeps the line numbers of Windows files, too', () => {
    const entries = parseKnownHosts(`\r\n${line('a')}\r\n`, 'x');
    expect(entries.map((entry) => [entry.line, entry.key.base64])).to.deep.equal([[2, KEY.base64]]);
  });
});

describe('knownTypes()', () => {
  it('gives the types by which exactly this port is known, else those of the host', () => {
    const entries = parseKnownHosts(
      `${line('edge.example.org')}\n${line('[edge.example.org]:2222', { type: 'ssh-rsa', base64: 'AAAA' })}\n@revoked ${line('*')}`,
      'x',
    );
    expect([...knownTypes(entries, NAME)]).to.deep.equal(['ssh-ed25519']);
    expect([...knownTypes(entries, { ...NAME, port: 2222 })]).to.deep.equal(['ssh-rsa']);
    expect([...knownTypes(entries, { ...NAME, port: 3333 })]).to.deep.equal(['ssh-ed25519']);
  });
});
