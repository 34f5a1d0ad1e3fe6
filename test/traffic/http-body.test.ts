import { expect } from 'chai';
import { chunkedBody, closedBody, countedBody, emptyBody } from '../../src/traffic/http-body.ts';
import type { BodyReader } from '../../src/traffic/http-body.ts';

function push(body: BodyReader, text: string): string {
  let kept = '';
  body.push(Buffer.from(text), (content) => {
    kept += Buffer.from(content).toString();
  });
  return kept;
}

describe('traffic/http-body', () => {
  it('emptyBody() is complete from the start', () => {
    expect(emptyBody().complete).to.equal(true);
  });

  it('countedBody() is complete at its length and keeps nothing after', () => {
    const body = countedBody(3);
    expect(push(body, 'ab')).to.equal('ab');
    expect(body.complete).to.equal(false);
    expect(push(body, 'cd')).to.equal('c');
    expect(body.complete).to.equal(true);
  });

  it('closedBody() is complete when the stream ends', () => {
    const body = closedBody();
    push(body, 'ab');
    expect(body.complete).to.equal(false);
    body.end();
    expect(body.complete).to.equal(true);
  });

  it('chunkedBody() is complete after the empty chunk and its trailer', () => {
    const body = chunkedBody();
    expect(push(body, '2\r\nab\r\n0\r\n')).to.equal('ab');
    expect(body.complete).to.equal(false);
    push(body, '\r\n');
    expect(body.complete).to.equal(true);
  });
});
