import { expect } from 'chai';
import fc from 'fast-check';
import { hideSecrets } from '../../../src/scenario/inventory/hide-secrets.ts';

const SECRET = 'hunter2';
const hidden = (text: string): string | undefined => hideSecrets('hosts.ini', text);

describe('hideSecrets()', () => {
  const LINES: readonly (readonly [string, string])[] = [
    ['a ansible_password=hunter2 ansible_user=x', 'a ansible_password=********'],
    ["a ansible_become_pass='not hunter2'", 'a ansible_become_pass=********'],
    ['a "ansible_password=not hunter2"', 'a "ansible_password=********'],
    ['a ansible_pass"word"=hunter2', 'a ansible_pass"word"=********'],
    ['a ansible_password = hunter2', 'a ansible_password********'],
    ['a ansible_password="hunter2', 'a********'],
    [
      `a ansible_ssh_common_args='-o ProxyCommand="sshpass -p hunter2 ssh -W %h:%p g"'`,
      'a ansible_ssh_common_args=********',
    ],
    ['[x:vars]\nansible_password = two words hunter2', '[x:vars]\nansible_password = ********'],
    ["[x:vars]\nansible_password=don't hunter2", '[x:vars]\nansible_password=********'],
    ['[x:vars]\nansible_password hunter2', '[x:vars]\nansible_password ********'],
  ];
  for (const [text, shown] of LINES)
    it(`hides the secret of ${JSON.stringify(text)}`, () => {
      expect(hidden(text)).to.equal(shown);
    });

  it('leaves the rest as it is', () => {
    const text =
      '# of passau\n[passau:vars]\nansible_ssh_private_key_file=keys/a\n[x]\npassau ansible_port=1\n';
    expect(hidden(text)).to.equal(text);
  });

  it('hides what is sensitive in outputs of Terraform, and what keys call a secret', () => {
    const data = {
      first: { sensitive: true, value: { list: [SECRET], [SECRET]: 7 } },
      machines: { sensitive: false, value: { edge: { address: 'x', password: SECRET } } },
    };
    const shown = hidden(JSON.stringify(data, null, 1)) ?? '';
    expect(shown).to.contain('"address": "x"').and.not.contain(SECRET);
    expect(hidden(JSON.stringify(data))).to.not.contain(SECRET);
  });

  it('shows nothing of JSON that cannot be read', () => {
    expect(hidden(`{ "a": "${SECRET}`)).to.equal(undefined);
  });

  it('never shows a password of a host, whatever is around it, nor its length', () => {
    const part = fc.stringMatching(/^[a-z0-9 ="'\\#]{0,12}$/);
    fc.assert(
      fc.property(part, part, (before, after) => {
        const text = (secret: string): string => `h x=${before} ansible_password=${secret}${after}`;
        if ((hidden(text('A')) ?? '').includes('ansible_password=A')) {
          // Within a comment or another variable's quotes: none that is read.
          expect(/["'#\\]/.test(before)).to.equal(true);
          return;
        }
        expect(hidden(text('A'))).to.equal(hidden(text('ABCDEFGHIJKLM')));
      }),
    );
  });
});
