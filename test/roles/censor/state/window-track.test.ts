import { expect } from 'chai';
import { NO_CHECKS } from '../../../../src/model/censor-defaults.ts';
import { WindowTrack } from '../../../../src/roles/censor/state/window-track.ts';
import type { TcpSpec } from '../../../../src/wire/build.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { type TcpOptionSpec, emitTcpOptions } from '../../../../src/wire/tcp-options.ts';
import { V4, fromClient, fromServer, text } from '../playbook.ts';

const { ACK, RST, SYN } = TCP_FLAG;
const ALL = { ...NO_CHECKS, ack: true, window: true, timestamp: true };

function view(packet: Uint8Array): PacketView {
  const loaded = new PacketView();
  loaded.load(packet, 0, packet.length);
  return loaded;
}

const client = (spec: Partial<TcpSpec>): PacketView =>
  view(fromClient(V4, { sequence: 1001, acknowledgment: 5001, flags: ACK, ...spec }));
const server = (spec: Partial<TcpSpec>): PacketView =>
  view(fromServer(V4, { sequence: 5001, acknowledgment: 1001, flags: ACK, ...spec }));
const options = (...list: readonly TcpOptionSpec[]): Uint8Array => emitTcpOptions(list);

/** A track of a connection that is open; the server's windows are of 1000. */
function open(clientScale: number | null, serverScale: number | null): WindowTrack {
  const track = new WindowTrack();
  const scaled = (shift: number | null): Uint8Array =>
    shift === null ? options() : options({ kind: 'window-scale', shift });
  track.note(
    client({ sequence: 1000, flags: SYN, acknowledgment: 0, options: scaled(clientScale) }),
    true,
  );
  track.note(
    server({ sequence: 5000, flags: SYN | ACK, options: scaled(serverScale), window: 1000 }),
    false,
  );
  track.note(client({}), true);
  return track;
}

const faultAt = (track: WindowTrack, sequence: number, length = 1): string | null =>
  track.fault(ALL, client({ sequence, payload: text('x'.repeat(length)) }), true);

describe('roles/censor/window-track', () => {
  it('fault() allows what lies in the window, as far as it reaches', () => {
    const track = open(null, null);
    expect(faultAt(track, 1001)).to.equal(null);
    expect(faultAt(track, 2000, 500)).to.equal(null);
    expect(faultAt(track, 2001)).to.equal('window');
    expect(faultAt(track, 2001, 0)).to.equal(null);
    expect(faultAt(track, 2002, 0)).to.equal('window');
    expect(faultAt(track, 900, 100)).to.equal('window');
    expect(faultAt(track, 900, 200)).to.equal(null);
  });

  const scales = [
    [null, null, 1000],
    [3, null, 1000],
    [null, 3, 1000],
    [0, 3, 8000],
    // RFC 7323 section 2.3: a shift above 14 is taken for 14.
    [0, 200, 16_384_000],
  ] as const;
  for (const [own, peer, reach] of scales)
    it(`note() scales windows by what both ends said: ${own} and ${peer}`, () => {
      const track = open(own, peer);
      track.note(server({ window: 1000 }), false);
      expect(faultAt(track, 1001 + reach - 1)).to.equal(null);
      expect(faultAt(track, 1001 + reach)).to.equal('window');
    });

  it('fault() holds nothing against a connection that it met in the midst', () => {
    const track = new WindowTrack();
    expect(faultAt(track, 123)).to.equal(null);
    track.note(server({ window: 1000 }), false);
    expect(faultAt(track, 1001 + 16_000_000)).to.equal(null);
    expect(track.fault(ALL, client({ acknowledgment: 5001 }), true)).to.equal(null);
  });

  it('note() lets the window move on with acknowledgments, and never back', () => {
    const track = open(null, null);
    track.note(server({ acknowledgment: 1501, window: 1000 }), false);
    expect(faultAt(track, 2500)).to.equal(null);
    expect(faultAt(track, 1400, 100)).to.equal('window');
    track.note(server({ acknowledgment: 1201, window: 10 }), false);
    expect(faultAt(track, 2500)).to.equal(null);
    expect(faultAt(track, 1400, 100)).to.equal('window');
  });

  it('fault() asks of acknowledgments that the peer has sent that much', () => {
    const track = open(null, null);
    expect(track.fault(ALL, client({ acknowledgment: 5001 }), true)).to.equal(null);
    expect(track.fault(ALL, client({ acknowledgment: 5002 }), true)).to.equal('ack');
    expect(track.fault(ALL, client({ flags: 0 }), true)).to.equal('ack');
    track.note(server({ payload: text('x') }), false);
    expect(track.fault(ALL, client({ acknowledgment: 5002 }), true)).to.equal(null);
  });

  it('fault() tells a SYN+ACK that the client did not ask for', () => {
    const track = new WindowTrack();
    track.note(client({ sequence: 1000, flags: SYN, acknowledgment: 0 }), true);
    for (const [acknowledgment, wish] of [
      [1000, 'ack'],
      [1001, null],
      [1002, 'ack'],
    ] as const)
      expect(
        track.fault(ALL, server({ sequence: 5000, flags: SYN | ACK, acknowledgment }), false),
      ).to.equal(wish);
  });

  it('fault() tells old timestamps, but for those of a RST, also where they wrap', () => {
    const track = open(null, null);
    const stamped = (value: number, flags: number = ACK): PacketView =>
      client({ flags, options: options({ kind: 'timestamps', value, echo: 0 }) });
    track.note(stamped(0xffff_fff0), true);
    expect(track.fault(ALL, stamped(5), true)).to.equal(null);
    track.note(stamped(5), true);
    expect(track.fault(ALL, stamped(5), true)).to.equal(null);
    expect(track.fault(ALL, stamped(0xffff_fff0), true)).to.equal('timestamp');
    expect(track.fault(ALL, stamped(0xffff_fff0, RST), true)).to.equal(null);
    expect(track.fault(ALL, client({}), true)).to.equal(null);
  });
});
