import { expect } from 'chai';
import fc from 'fast-check';
import { Fault } from '../../src/base/fault.ts';
import { readSettings } from '../../src/ssh/config.ts';
import type { ConfigFile, ReadInclude } from '../../src/ssh/config.ts';

const noInclude: ReadInclude = () => [];

function settings(
  text: string | readonly string[],
  host: string,
  { user = null as string | null, readInclude = noInclude } = {},
): Record<string, readonly string[]> {
  const texts = typeof text === 'string' ? [text] : text;
  const files = texts.map((one, index): ConfigFile => ({ path: `/config${index}`, text: one }));
  return Object.fromEntries(readSettings(files, { host, user, localUser: 'me' }, readInclude));
}

describe('readSettings()', () => {
  it('takes the first value of a keyword and all files of keys', () => {
    const text =
      'Host edge\n User a\n IdentityFile one\nHost *\n User b\n identityfile two\n IdentityFile one\n';
    expect(settings(text, 'edge')).to.deep.include({ user: ['a'], identityfile: ['one', 'two'] });
    expect(settings(text, 'other')).to.deep.include({ user: ['b'], identityfile: ['two', 'one'] });
  });

  it('lets the earlier file win, whatever the case and the sign between keyword and value', () => {
    expect(settings(['PORT=1', 'Port 2\nUser b'], 'edge')).to.deep.include({
      port: ['1'],
      user: ['b'],
    });
  });

  it('understands negated patterns, lists and quotes', () => {
    const text = 'Host *.example.org !gate.example.org "two words"\n  IdentityFile "~/my key"\n';
    expect(settings(text, 'edge.example.org')).to.deep.include({ identityfile: ['~/my key'] });
    expect(settings(text, 'gate.example.org')).to.not.have.property('identityfile');
    expect(settings(text, 'two words')).to.have.property('identityfile');
  });

  const MATCHES: readonly (readonly [criteria: string, matches: boolean])[] = [
    ['all', true],
    ['host 192.0.2.7', true],
    ['originalhost edge,other', true],
    ['host edge', false],
    ['!host edge', true],
    ['user lab', true],
    ['user me', false],
    ['localuser me originalhost e*', true],
    ['localuser you', false],
    ['exec "true"', false],
    ['!exec "false"', false],
    ['localnetwork 192.0.2.0/24', false],
    ['final', true],
  ];
  for (const [criteria, matches] of MATCHES)
    it(`says ${matches} of "Match ${criteria}"`, () => {
      const text = `Host edge\n HostName 192.0.2.7\n User lab\nMatch ${criteria}\n Port 7\n`;
      expect(settings(text, 'edge')['port']).to.deep.equal(matches ? ['7'] : undefined);
    });

  it('reads included files where they stand, within the block that includes them', () => {
    const readInclude: ReadInclude = (pattern) => [
      { path: `/${pattern}`, text: `User ${pattern}\nHost other\n Port 3\n` },
    ];
    const text = 'Host edge\n Include a\n Port 2\nInclude b\n';
    expect(settings(text, 'edge', { readInclude })).to.deep.include({ user: ['a'], port: ['2'] });
    expect(settings('Include b\nUser c', 'other', { readInclude })).to.deep.include({
      user: ['b'],
      port: ['3'],
    });
  });

  it('refuses files that include each other', () => {
    const readInclude: ReadInclude = (pattern) => [
      { path: `/${pattern}`, text: `Include ${pattern}` },
    ];
    expect(() => settings('Include a', 'edge', { readInclude })).to.throw(Fault, '17 levels deep');
  });

  it('lets the first of ProxyJump and ProxyCommand win', () => {
    expect(settings('ProxyJump a\nProxyCommand nc %h %p', 'edge')).to.deep.include({
      proxyjump: ['a'],
      proxycommand: ['none'],
    });
    expect(settings('ProxyCommand nc %h %p\nProxyJump a', 'edge')['proxyjump']).to.deep.equal([
      'none',
    ]);
  });

  it('throws nothing but faults, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 80 }), (text) => {
        try {
          settings(`Host *\n${text}`, 'edge');
        } catch (error) {
          expect(error).to.be.instanceOf(Fault);
        }
      }),
    );
  });
});
