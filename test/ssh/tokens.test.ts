import { expect } from 'chai';
import { expandTokens } from '../../src/ssh/tokens.ts';
import type { TokenValues } from '../../src/ssh/tokens.ts';

const VALUES: TokenValues = {
  host: 'edge.example.org',
  port: 2222,
  user: 'lab',
  original: 'edge',
  hostKeyAlias: null,
};
const ENVIRONMENT = {
  home: '/home/me',
  user: 'me',
  hostname: 'here.example.org',
  variables: { KEYS: '/keys' },
};

describe('expandTokens()', () => {
  const CASES: readonly (readonly [value: string, expanded: string])[] = [
    ['%d/%r@%h:%p', '/home/me/lab@edge.example.org:2222'],
    ['%n %k %u %l %L', 'edge edge me here.example.org here'],
    ['100%%', '100%'],
    ['${KEYS}/id', '/keys/id'],
    ['${UNKNOWN} %Z %', '${UNKNOWN} %Z %'],
    ['%%h', '%h'],
  ];
  for (const [value, expanded] of CASES)
    it(`makes "${expanded}" of "${value}"`, () => {
      expect(expandTokens(value, VALUES, ENVIRONMENT)).to.equal(expanded);
    });
});
