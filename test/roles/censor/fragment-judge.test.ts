import { expect } from 'chai';
import { DEFAULT_REASSEMBLY } from '../../../src/model/censor-defaults.ts';
import { fragmentPacket } from '../../../src/wire/fragment.ts';
import { DROP, Playbook, V4, datagram, query, rule } from './playbook.ts';

describe('roles/censor/fragment-judge', () => {
  it('judge() puts together what lies in fragments only as it is told to', () => {
    const names = rule([{ field: 'dns.qname', names: ['blocked.example'] }], DROP);
    const fragments = fragmentPacket(
      datagram({ ...V4, serverPort: 53 }, query('blocked.example')),
      [16, 16],
      1,
    );
    for (const [ipFragment, wish] of [
      [false, []],
      [true, ['drop']],
    ] as const) {
      const book = new Playbook([names], { reassembly: { ...DEFAULT_REASSEMBLY, ipFragment } });
      for (const fragment of fragments) book.judge(fragment);
      expect(book.actions()).to.deep.equal(wish);
    }
  });

  it('judge() lets later fragments share the fate of their first, and counts those without one', () => {
    const port = rule([{ field: 'udp.dstport', ranges: [[53, 53]] }], DROP);
    const cut = (client: string): readonly Uint8Array[] =>
      fragmentPacket(datagram({ ...V4, client, serverPort: 53 }, query('a.example')), [16, 16], 1);
    const book = new Playbook([port]);
    for (const fragment of cut('10.0.0.1')) expect(book.judge(fragment)).to.equal('drop');
    const [, ...later] = cut('10.0.0.9');
    for (const fragment of later) expect(book.judge(fragment)).to.equal('pass');
    expect(book.censor.statistics.orphanFragments).to.equal(later.length);
    expect(book.censor.settled).to.equal(false);
  });
});
