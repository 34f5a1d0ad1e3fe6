import { expect } from 'chai';
import type { TamperEdit } from '../../../../../src/model/censor-action.ts';
import { buildTcp } from '../../../../../src/wire/build.ts';
import { PacketView } from '../../../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../../../src/wire/tcp.ts';
import { emitTcpOptions, readTcpOptions } from '../../../../../src/wire/tcp-options.ts';
import { Playbook, V4, V6, datagram, ip, query, rule } from '../../playbook.ts';

const field = (
  name: Extract<TamperEdit, { edit: 'field' }>['field'],
  value: number,
): TamperEdit => ({
  edit: 'field',
  field: name,
  value,
});
const EDITS: readonly TamperEdit[] = [
  field('ip.ttl', 9),
  field('ip.id', 0x1234),
  field('ip.dscp', 46),
  field('tcp.window', 512),
  field('tcp.urgent', 3),
  { edit: 'tcp-strip', option: 4 },
];
const book = (direction: 'both' | 'reverse' = 'both'): Playbook =>
  new Playbook([rule([], { kind: 'tamper', edits: EDITS, direction, scope: 'flow' })]);

describe('roles/censor/edit-headers', () => {
  for (const ends of [V4, V6])
    it(`editHeaders() sets fields and takes options out, checksums right, over ${ends.client}`, () => {
      const options = emitTcpOptions([
        { kind: 'maximum-segment-size', size: 1400 },
        { kind: 'sack-permitted' },
        { kind: 'window-scale', shift: 7 },
      ]);
      const packet = buildTcp({
        source: ip(ends.client),
        destination: ip(ends.server),
        sourcePort: ends.clientPort,
        destinationPort: ends.serverPort,
        sequence: 1,
        flags: TCP_FLAG.SYN,
        trafficClass: 1,
        options,
      });
      const player = book();
      expect(player.judge(packet)).to.equal('taken');
      const bytes = player.emitted[0]?.bytes ?? new Uint8Array(0);
      const view = new PacketView();
      expect(view.load(bytes, 0, bytes.length)).to.equal(true);
      expect(view).to.include({ ttl: 9, trafficClass: (46 << 2) | 1, window: 512 });
      expect(view.ipId).to.equal(ends === V4 ? 0x1234 : 0);
      expect(view.urgentPointer).to.equal(3);
      expect(view.verifyTransportChecksum()).to.equal('valid');
      expect(view.verifyIpChecksum()).to.equal(ends === V4 ? 'valid' : 'absent');
      expect(readTcpOptions(view.tcpOptions)).to.include({
        maximumSegmentSize: 1400,
        sackPermitted: false,
        windowScale: 7,
      });
    });

  it('editHeaders() leaves the other direction and wrong checksums as they are', () => {
    expect(book('reverse').judge(datagram(V4, query('a.example')))).to.equal('pass');
    const wrong = datagram(V4, query('a.example'));
    wrong[27] = (wrong[27] ?? 0) ^ 1;
    expect(book().judge(wrong)).to.equal('pass');
  });

  it('change() edits datagrams and their length', () => {
    const edits: readonly TamperEdit[] = [{ edit: 'replace', find: '0161', with: '026262' }];
    const player = new Playbook([
      rule([], { kind: 'tamper', edits, direction: 'both', scope: 'packet' }),
    ]);
    expect(player.judge(datagram(V6, query('a.example')))).to.equal('taken');
    expect(player.emitted[0]?.packet.udp).to.include({ checksum: 'valid' });
    expect(player.emitted[0]?.packet.payload).to.deep.equal(query('bb.example'));
  });
});
