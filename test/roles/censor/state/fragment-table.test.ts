import { expect } from 'chai';
import { buildIp } from '../../../../src/wire/build.ts';
import { DROP, Playbook, V4, datagram, ip, query, rule } from '../playbook.ts';

describe('roles/censor/fragment-table', () => {
  const spec = { source: ip(V4.client), destination: ip(V4.server), id: 5, dontFragment: false };
  const whole = datagram({ ...V4, serverPort: 53 }, query('blocked.example')).subarray(20);
  const first = buildIp({ ...spec, moreFragments: true }, 17, whole.subarray(0, 32));
  const second = buildIp({ ...spec, fragmentOffset: 32 }, 17, whole.subarray(32));
  const port = rule([{ field: 'udp.dstport', ranges: [[53, 53]] }], { ...DROP, scope: 'packet' });

  it('judge() lets later fragments share the fate of their first', () => {
    const book = new Playbook([port]);
    expect(book.judge(first)).to.equal('drop');
    expect(book.judge(second)).to.equal('drop');
    expect(book.censor.statistics.orphanFragments).to.equal(0);
  });

  it('judge() passes and counts fragments whose first it has not seen', () => {
    const book = new Playbook([port]);
    expect(book.judge(second)).to.equal('pass');
    expect(book.censor.statistics.orphanFragments).to.equal(1);
  });
});
