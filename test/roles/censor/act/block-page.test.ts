import { expect } from 'chai';
import { renderBlockPage } from '../../../../src/roles/censor/act/block-page.ts';
import { PAGE } from '../playbook.ts';

const page = {
  ...PAGE,
  status: 451,
  reason: 'Unavailable For Legal Reasons',
  body: 'é',
} as const;
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('roles/censor/block-page', () => {
  it('renderBlockPage() writes a whole response whose length counts bytes', () => {
    expect(decode(renderBlockPage(page))).to.equal(
      'HTTP/1.1 451 Unavailable For Legal Reasons\r\n' +
        'Content-Type: text/html; charset=utf-8\r\n' +
        'Content-Length: 2\r\n' +
        'Connection: close\r\n\r\né',
    );
  });

  it('renderBlockPage() leaves the fields that the rule names to the rule', () => {
    const headers = [
      ['content-length', '9'],
      ['CONNECTION', 'keep-alive'],
      ['Content-Type', 'text/plain'],
    ] as const;
    expect(decode(renderBlockPage({ ...page, headers }))).to.equal(
      'HTTP/1.1 451 Unavailable For Legal Reasons\r\n' +
        'content-length: 9\r\nCONNECTION: keep-alive\r\nContent-Type: text/plain\r\n\r\né',
    );
  });

  it('renderBlockPage() speaks the version of the rule', () => {
    expect(decode(renderBlockPage({ ...page, version: '1.0' }))).to.match(/^HTTP\/1\.0 451 /);
  });
});
