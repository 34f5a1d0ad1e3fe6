import { expect } from 'chai';
import { Admission } from '../../../src/roles/mirror/admission.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { ip } from '../forward/router.ts';

const ALL = { clients: [], sample: 1, ramp: 0, fullSessions: false };

function packet(source: string, sourcePort: number): PacketView {
  const destination = ip(source.includes(':') ? 'fd01::2' : '10.1.0.2');
  const bytes = buildTcp({
    source: ip(source),
    destination,
    sourcePort,
    destinationPort: 80,
    sequence: 1,
    flags: TCP_FLAG.SYN,
  });
  const view = new PacketView();
  view.load(bytes, 0, bytes.length);
  return view;
}

/** Of 4000 sessions of two addresses. */
function shareOf(admission: Admission, now: number): number {
  let admitted = 0;
  for (let port = 0; port < 2000; port += 1)
    for (const source of ['10.9.0.7', 'fd09::7'])
      if (admission.refuse(packet(source, 10_000 + port), true, now) === null) admitted += 1;
  return admitted / 4000;
}

describe('roles/mirror/admission', () => {
  it('refuse() refuses none where nothing is said', () => {
    expect(shareOf(new Admission(ALL, 1), 0)).to.equal(1);
  });

  it('refuse() knows clients by their prefixes, of both families', () => {
    const admission = new Admission({ ...ALL, clients: ['10.190.0.0/16', 'fd09::/32'] }, 1);
    const cause = (source: string) => admission.refuse(packet(source, 5), true, 0);
    expect([cause('10.190.7.7'), cause('fd09::1')]).to.deep.equal([null, null]);
    expect([cause('10.191.7.7'), cause('fd08::1')]).to.deep.equal(['not-a-client', 'not-a-client']);
  });

  it('refuse() wants to have seen the beginning where it is told so', () => {
    const admission = new Admission({ ...ALL, fullSessions: true }, 1);
    expect(admission.refuse(packet('10.9.0.1', 5), false, 0)).to.equal('not-from-its-beginning');
    expect(admission.refuse(packet('10.9.0.1', 5), true, 0)).to.equal(null);
  });

  it('refuse() takes the share that it is told, by the seed, of sessions and not of packets', () => {
    for (const sample of [0, 0.1, 0.5, 0.9])
      expect(shareOf(new Admission({ ...ALL, sample }, 3), 0)).to.be.closeTo(sample, 0.03);
    const admission = new Admission({ ...ALL, sample: 0.5 }, 3);
    const first = admission.refuse(packet('10.9.0.1', 777), true, 0);
    for (let time = 0; time < 5; time += 1)
      expect(admission.refuse(packet('10.9.0.1', 777), false, time)).to.equal(first);
  });

  it('refuse() lets the share grow evenly, and those stay in it that were', () => {
    const admission = new Admission({ ...ALL, sample: 0.8, ramp: 1000 }, 3);
    expect(shareOf(admission, 5_000_000)).to.equal(0);
    expect(shareOf(admission, 5_500_000)).to.be.closeTo(0.4, 0.03);
    expect(shareOf(admission, 6_000_000)).to.be.closeTo(0.8, 0.03);
    expect(shareOf(admission, 60_000_000)).to.be.closeTo(0.8, 0.03);
  });
});
