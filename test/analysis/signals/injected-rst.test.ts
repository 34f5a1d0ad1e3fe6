import { expect } from 'chai';
import type { Segment, TapeOptions } from '../support/tape.ts';
import { EPOCH, Tape } from '../support/tape.ts';
import { signalsOf } from './signals-of.ts';

const RESET = { failure: 'connection_reset', operation: 'read', end: EPOCH + 150_000 };
const CLIENT_ALONE: TapeOptions = { captured: ['client.inside'] };

/** A handshake and 20 bytes of the server, identifications counted up, then what is asked for. */
function begun(options: TapeOptions = CLIENT_ALONE): Tape {
  const tape = new Tape(options);
  tape.handshake();
  tape.pass(51, { forward: true, sequence: 1001, acknowledgment: 5001, payload: 'GET / HTTP/1.1' });
  tape.pass(60, {
    forward: false,
    sequence: 5001,
    acknowledgment: 1015,
    payload: 'twenty bytes of data',
  });
  return tape;
}

const injection = (changes: Partial<Segment> = {}): Segment => ({
  forward: false,
  flags: ['RST'],
  sequence: 5021,
  ipId: 0,
  ttl: 63,
  ...changes,
});

describe('signalInjectedRst()', () => {
  it('proves it by its absence at the sender, and names who did it', () => {
    const tape = begun({});
    tape.pass(90, injection({ ttl: 61 }), { from: 'middle.inside' });
    const [signal, ...others] = signalsOf(tape, 'injected-rst', RESET);
    expect(others).to.deep.equal([]);
    expect(signal).to.include({ side: 'client', by: 'middle' });
    expect(signal!.detail).to.equal(
      '1 × RST; RST, seq 21, from 10.10.2.2:443; TTL 61 where packets of server have 63; IP-ID 0 where packets of server have others; no such packet left server',
    );
    expect(signal!.proof.filter(({ frame }) => frame === null)).not.to.deep.equal([]);
  });

  it('tells it by its TTL where only the client captures', () => {
    const tape = begun();
    tape.pass(90, injection({ ttl: 61 }), { from: 'middle.inside' });
    const [signal] = signalsOf(tape, 'injected-rst', RESET);
    expect(signal).to.include({ side: 'client' });
    expect(signal).not.to.have.property('by');
    expect(signal!.detail).to.match(
      /TTL 61 where 2 packets before it have 63; told by headers alone$/,
    );
  });

  it('tells it by an identification and a window that fit nothing', () => {
    const tape = begun();
    const [place] = ['client.inside'] as const;
    // The builder writes one window: the forged one has another.
    const forged = tape.packet(injection({ ipId: 40_000 }));
    forged.set([0x12, 0x34], 20 + 14);
    tape.record(place, 100, forged);
    const [signal] = signalsOf(tape, 'injected-rst', RESET);
    expect(signal!.detail).to.include('IP-ID 40000 where the packet before it has 10');
    expect(signal!.detail).to.match(/window 4660 where 2 packets before it have \d+/);
  });

  it('tells it by RSTs at guessed places after which the server goes on', () => {
    const tape = begun();
    for (const ahead of [0, 1460, 4380])
      tape.pass(90, injection({ sequence: 5021 + ahead }), { from: 'middle.inside' });
    tape.pass(100, { forward: false, sequence: 5021, acknowledgment: 1015, payload: 'more' });
    const [signal] = signalsOf(tape, 'injected-rst', { ...RESET, end: EPOCH + 200_000 });
    expect(signal!.detail).to.include('3 RSTs at 0, +1460, +4380 of what was sent');
    expect(signal!.detail).to.include('its sender goes on afterwards with 4 bytes');
  });

  it('says nothing of a close with RST by the peer, seen by the client alone', () => {
    const tape = begun();
    tape.pass(90, injection());
    expect(signalsOf(tape, 'injected-rst', RESET)).to.deep.equal([]);
  });

  it('says nothing of an RST that its sender sent, whatever its headers', () => {
    const tape = begun({ captured: ['client.inside', 'server.outside'] });
    tape.pass(90, injection({ ttl: 61, ipId: 40_000 }));
    expect(signalsOf(tape, 'injected-rst', RESET)).to.deep.equal([]);
  });

  it('says nothing of data that was overtaken by an RST', () => {
    const tape = begun();
    tape.pass(90, injection());
    tape.pass(90.1, { forward: false, sequence: 5021, acknowledgment: 1015, payload: 'late' });
    expect(signalsOf(tape, 'injected-rst', RESET)).to.deep.equal([]);
  });

  it('says nothing of TTLs that changed before', () => {
    const tape = begun();
    const detour = { forward: false, sequence: 5021, acknowledgment: 1015, payload: 'x', ttl: 60 };
    tape.pass(62, detour);
    tape.pass(90, injection({ ttl: 61, sequence: 5022 }));
    expect(signalsOf(tape, 'injected-rst', RESET)).to.deep.equal([]);
  });
});
