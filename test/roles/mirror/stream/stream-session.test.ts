import { expect } from 'chai';
import type { MirrorNews } from '../../../../src/model/mirror-record.ts';
import type { Words } from '../../../../src/roles/mirror/mirror-port.ts';
import { StreamSession } from '../../../../src/roles/mirror/stream/stream-session.ts';
import { Tally } from '../../../../src/roles/mirror/tally.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

function begin(compares = true) {
  const news: MirrorNews[] = [];
  const words: string[] = [];
  const tally = new Tally();
  tally.open = 1;
  const heard = ({ from, turn, length, isEnd, copy }: Words): void =>
    void words.push(`${from} ${copy} ${turn} ${isEnd ? 'end' : length}`);
  const session = new StreamSession({
    ...{ number: 7, copy: 3, client: '10.0.0.1:40000', compares, tally },
    port: { tell: (one) => void news.push(one), heard },
  });
  return { session, news, words, tally };
}

describe('StreamSession', () => {
  it('tells both servers’ words, and when the client spoke after an answer', () => {
    const { session, words } = begin();
    session.said(text('ask'), session.fromClient(text('ask'), 1), 1);
    session.fromOnline(text('told'), 2);
    session.fromTarget(text('tell'), 3);
    session.said(text('again'), session.fromClient(text('again'), 4), 4);
    session.end('finished', 8, 5);
    expect(words).to.deep.equal([
      ...['client 0 1 3', 'copy 3 1 3', 'online 0 0 4', 'target 3 0 4'],
      ...['client 0 2 5', 'copy 3 2 5', 'target 3 0 end'],
    ]);
  });

  it('accounts for what the client said once it has said all', () => {
    const { session, news, tally } = begin(false);
    session.opened('10.1.0.1:50000', 1);
    session.fromClient(text('hello'), 2);
    session.end('finished', 5, 3);
    session.end('stopped', 0, 4);
    expect(news.map(({ kind }) => kind)).to.deep.equal(['opened', 'ended']);
    expect(news[0]).to.include({ client: '10.0.0.1:40000', as: '10.1.0.1:50000', copy: 3 });
    expect(news[1]).to.include({ ending: 'finished', copied: 5, sent: 5, short: 0 });
    expect(tally.snapshot().copies).to.include({ whole: 1, short: 0 });
    expect(tally.open).to.equal(0);
  });

  it('is its client’s own where the copy has no end', () => {
    const { session, news } = begin();
    session.opened('', 1);
    expect(news[0]).to.include({ as: '10.0.0.1:40000' });
  });

  it('counts on what a copy that failed did not say', () => {
    const { session, news, words } = begin();
    session.said(text('hello'), session.fromClient(text('hello'), 1), 1);
    session.fail('reset-by-target', 'ECONNRESET', 2, 2);
    session.fail('no-window', '', 2, 3);
    session.fromClient(text('more'), 4);
    session.fromTarget(text('late'), 5);
    session.end('finished', 9, 6);
    expect(session.isCopied).to.equal(false);
    expect(news.map(({ kind }) => kind)).to.deep.equal(['failed', 'ended']);
    expect(news[1]).to.include({ ending: 'reset-by-target', copied: 9, sent: 2, short: 7 });
    expect(words.filter((word) => word.startsWith('copy'))).to.have.length(1);
    expect(words).to.not.include('target 3 0 4');
  });
});
