import { expect } from 'chai';
import type { PlanMirror } from '../../../../src/model/mirror.ts';
import { Comparison } from '../../../../src/roles/mirror/compare/comparison.ts';
import { type Conduct, type Dialogue, World, requests } from '../world.ts';

const PLAIN = { protocol: 'bytes', ignoreHeaders: [], limit: 5 } as const;

/** A session in a world, and what a comparison makes of it. */
function compare(
  dialogue: Dialogue,
  plan: Partial<PlanMirror> = {},
  conduct: (connection: number) => Conduct = () => ({}),
): Comparison {
  const whole = { compare: PLAIN, hook: null, multiply: 1, ...plan };
  const world = new World({ plan: whole, keepsPayload: true, conduct });
  world.open(dialogue);
  world.finish();
  const comparison = new Comparison(whole);
  for (const words of world.words) comparison.heard(words);
  return comparison;
}

const text = (words: string): Uint8Array => Buffer.from(words, 'latin1');

/** What two servers say to the same requests. */
function told(
  protocol: 'http' | 'postgres',
  dialogue: readonly (readonly [asked: string, online: string, target: string | null])[],
  ignoreHeaders: readonly string[] = [],
): Comparison {
  const comparison = new Comparison({
    compare: { protocol, ignoreHeaders, limit: 10 },
    hook: null,
    multiply: 1,
  });
  const base = { session: 1, connection: 0, isEnd: false };
  for (const [index, [asked, online, target]] of dialogue.entries()) {
    const turn = index + 1;
    const at = index * 100_000;
    const hear = (
      from: 'client' | 'online' | 'copy' | 'target',
      said: string,
      time: number,
    ): void => {
      const bytes = text(said);
      const copy = from === 'copy' || from === 'target' ? 1 : 0;
      comparison.heard({ ...base, from, copy, turn, bytes, length: bytes.length, time });
    };
    hear('client', asked, at);
    hear('online', online, at + 10_000);
    hear('copy', asked, at + 1000);
    if (target !== null) hear('target', target, at + 31_000);
  }
  const end = { ...base, turn: 0, bytes: null, length: 0, isEnd: true, time: 1e9 };
  comparison.heard({ ...end, from: 'target', copy: 1 });
  return comparison;
}

const http = (status: string, body: string, fields = ''): string =>
  `HTTP/1.1 ${status}\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
const GET = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';

describe('roles/mirror/compare/comparison', () => {
  it('heard() pairs each answer of the target with that of the online server', () => {
    const statistics = compare({ requests: requests(6, 300, 5000) }).statistics();
    expect(statistics).to.include({ pairs: 6, different: 0, missing: 0, extra: 0, unread: 0 });
    expect(statistics.latency.online.count).to.equal(6);
    expect(statistics.latency.target.count).to.equal(6);
  });

  it('heard() finds the answers that differ, says where, and lists as many as it may', () => {
    const conduct = () => ({ answer: (bytes: number) => (bytes === 700 ? 699 : bytes) });
    const dialogue = [...requests(2, 50, 400), ...requests(7, 50, 700)];
    const statistics = compare({ requests: dialogue }, {}, conduct).statistics();
    expect(statistics).to.include({ pairs: 9, different: 7 });
    expect(statistics.differences).to.have.length(5);
    expect(statistics.differences[0]).to.deep.include({
      session: 1,
      copy: 1,
      request: 3,
      what: 'body',
      detail: 'the same up to byte 699, and not behind it',
    });
  });

  it('heard() compares each copy', () => {
    const conduct = (connection: number) =>
      connection === 1 ? { answer: (bytes: number) => bytes + 1 } : {};
    const statistics = compare({ requests: requests(4, 50, 80) }, { multiply: 3 }, conduct);
    expect(statistics.statistics()).to.include({ pairs: 12, different: 4, missing: 0, extra: 0 });
  });

  it('heard() says which answers are missing, though the target goes on in another connection', () => {
    const conduct = (connection: number) =>
      connection === 0 ? { resetsAfter: 3000 } : { skips: 1 };
    const dialogue = [...requests(1, 20_000, 100), ...requests(4, 500, 100)];
    const statistics = compare({ requests: dialogue }, {}, conduct).statistics();
    expect(statistics).to.include({ pairs: 4, different: 0, missing: 1 });
    expect(statistics.differences[0]).to.include({ request: 1, what: 'missing', target: null });
  });

  it('heard() compares sizes where only headers of the target came', () => {
    const conduct = () => ({ answer: (bytes: number) => (bytes === 80 ? 90 : bytes) });
    const world = new World({ plan: { compare: PLAIN }, conduct });
    world.open({ requests: [...requests(2, 50, 70), ...requests(1, 50, 80)] });
    world.finish();
    const comparison = new Comparison({ compare: PLAIN, hook: null, multiply: 1 });
    for (const words of world.words) comparison.heard(words);
    const statistics = comparison.statistics();
    expect(statistics).to.include({ pairs: 3, different: 1, unread: 3 });
    expect(statistics.differences[0]).to.include({ what: 'bytes', detail: '80 bytes, not 90' });
  });

  it('heard() reads HTTP: status, fields that count, body', () => {
    const statistics = told(
      'http',
      [
        [GET, http('200 OK', 'same', 'Date: 1\r\n'), http('200 OK', 'same', 'Date: 2\r\n')],
        [GET, http('200 OK', 'x'), http('500 No', 'x')],
        [GET, http('200 OK', 'x', 'A: 1\r\n'), http('200 OK', 'x')],
        [GET, http('200 OK', 'abc'), http('200 OK', 'abd')],
        [GET, http('200 OK', 'abc'), null],
      ],
      ['date'],
    ).statistics();
    expect(statistics).to.include({ pairs: 4, different: 3, missing: 1, faults: 0 });
    expect(
      statistics.differences.map(({ request, what, detail }) => [request, what, detail]),
    ).to.deep.equal([
      [2, 'status', 'status 200, not 500'],
      [3, 'header', 'a: 1, not not there'],
      [4, 'body', 'byte 2 is 0x63, not 0x64'],
      [5, 'missing', 'the target did not answer'],
    ]);
    expect(statistics.differences[0]?.asked).to.equal('GET /a HTTP/1.1');
    expect(statistics.differences[0]?.online).to.deep.equal({
      status: '200',
      bytes: 39,
      firstByte: 10,
      lastByte: 10,
    });
    expect(statistics.latency.online.p50).to.be.within(10, 11);
    expect(statistics.latency.target.p50).to.be.within(30, 33);
  });

  it('heard() knows where it can no longer read', () => {
    const statistics = told('http', [[GET, 'no HTTP at all\r\n\r\n', http('200 OK', 'x')]]);
    expect(statistics.statistics()).to.include({ pairs: 0, extra: 1, faults: 1 });
  });
});
