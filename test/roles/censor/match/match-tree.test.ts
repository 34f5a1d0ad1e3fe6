import { expect } from 'chai';
import fc from 'fast-check';
import type { Match } from '../../../../src/model/censor-match.ts';
import { describeMatch } from '../../../../src/roles/censor/match/words.ts';
import { V4, clientData, request, text } from '../playbook.ts';
import { ask, dnsMessage, httpMessage, tell } from './asked.ts';

const packet = clientData(V4, text('x'));
const YES: Match = { field: 'tcp.dstport', ranges: [[443, 443]] };
const NO: Match = { field: 'tcp.dstport', ranges: [[80, 80]] };
const ABSENT: Match = { field: 'udp.dstport', ranges: [[443, 443]] };
const VALUE = new Map<Match, boolean | 'unknown'>([
  [YES, true],
  [NO, false],
  [ABSENT, 'unknown'],
]);

/** Kleene's tables, read off: false wins in all, true in any. */
function evaluate(match: Match): boolean | 'unknown' {
  if ('all' in match) {
    const parts = match.all.map(evaluate);
    if (parts.includes(false)) return false;
    return parts.includes('unknown') ? 'unknown' : true;
  }
  if ('any' in match) {
    const parts = match.any.map(evaluate);
    if (parts.includes(true)) return true;
    return parts.includes('unknown') ? 'unknown' : false;
  }
  if ('not' in match) {
    const part = evaluate(match.not);
    return part === 'unknown' ? part : !part;
  }
  return VALUE.get(match) ?? 'unknown';
}

const { tree } = fc.letrec<{ tree: Match; leaf: Match; all: Match; any: Match; not: Match }>(
  (tie) => ({
    leaf: fc.constantFrom(YES, NO, ABSENT),
    all: fc.array(tie('tree'), { maxLength: 3 }).map((all) => ({ all })),
    any: fc.array(tie('tree'), { maxLength: 3 }).map((any) => ({ any })),
    not: tie('tree').map((not) => ({ not })),
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      tie('all'),
      tie('any'),
      tie('not'),
    ),
  }),
);

describe('roles/censor/match/match-tree', () => {
  it('compileMatch() agrees with Kleene’s tables', () => {
    fc.assert(
      fc.property(tree, (match) => {
        expect(ask(match, packet)).to.equal(evaluate(match));
      }),
    );
  });

  it('tells what of a message made it true', () => {
    const HTTP = httpMessage(request('x.example', '/a'));
    const host: Match = { field: 'http.host', names: ['*.example'] };
    const method: Match = { field: 'http.method', patterns: ['PUT', 'G*'] };
    const path: Match = { field: 'http.path', patterns: ['/b'] };
    const asking = { message: HTTP };
    expect(tell({ all: [YES, host, method] }, packet, asking)).to.deep.equal([
      'http.host x.example',
      'http.method GET',
    ]);
    expect(tell({ any: [path, host] }, packet, asking)).to.deep.equal(['http.host x.example']);
    expect(tell({ not: path }, packet, asking)).to.deep.equal(['not (http.path /b)']);
    expect(
      tell({ field: 'dns.qtype', ranges: [[1, 30]] }, packet, { message: dnsMessage(['a', 28]) }),
    ).to.deep.equal(['dns.qtype 28']);
  });

  const words: readonly (readonly [Match, string])[] = [
    [{ all: [YES, { not: NO }] }, 'tcp.dstport 443, not (tcp.dstport 80)'],
    [{ any: [YES, NO] }, 'any of (tcp.dstport 443; tcp.dstport 80)'],
    [{ field: 'ip.dst', prefixes: ['10.0.0.0/8', '::/0'] }, 'ip.dst 10.0.0.0/8|::/0'],
    [{ field: 'ip.dst', prefixes: ['a', 'b', 'c', 'd'] }, 'ip.dst of 4 prefixes'],
    [{ field: 'tls.sni', names: [], list: 0 }, 'tls.sni of a list'],
    [{ field: 'tls.sni', names: ['a'], list: 0 }, 'tls.sni of 1 names and a list'],
    [{ field: 'tcp.flags', set: ['ACK'], clear: ['FIN'] }, 'tcp.flags ACK+!FIN'],
    [{ field: 'tls.ech', value: true }, 'tls.ech'],
    [{ field: 'tls.ech', value: false }, 'tls.ech no'],
    [{ field: 'payload.regex', source: 'a+', flags: 'i' }, 'payload.regex /a+/i'],
    [{ field: 'payload.bytes', values: ['00'], at: 0 }, 'payload.bytes 00'],
    [{ field: 'ports', order: '>' }, 'ports source > destination'],
    [{ field: 'share', of: ['client'], share: 0.5 }, 'share 0.5 of client'],
    [{ field: 'flow.side', words: ['client'] }, 'flow.side client'],
  ];
  for (const [match, wish] of words)
    it(`describeMatch() says "${wish}"`, () => {
      expect(describeMatch(match)).to.equal(wish);
    });
});
