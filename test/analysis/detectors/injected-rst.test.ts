import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { EPOCH, type Family, Tape, type TapeOptions } from '../support/tape.ts';

/** A handshake, a ClientHello of which the server's answer never comes, and RSTs made by the middle. */
function censored(options: TapeOptions = {}): Tape {
  const tape = new Tape(options);
  tape.handshake();
  tape.pass(51, { forward: true, sequence: 1001, acknowledgment: 5001, payload: HELLO });
  const rst = { flags: ['RST', 'ACK'], ipId: 0, ttl: 61 } as const;
  tape.pass(
    56.2,
    { ...rst, forward: false, sequence: 5001, acknowledgment: 1010 },
    { from: 'middle.inside' },
  );
  tape.pass(
    56.3,
    { ...rst, forward: true, sequence: 1010, acknowledgment: 5001 },
    { from: 'middle.outside' },
  );
  return tape;
}

const HELLO = Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0);
const RESET = { failure: 'connection_reset', operation: 'tls_handshake', end: EPOCH + 62_000 };

describe('detectInjectedRst()', () => {
  for (const family of [4, 6] as const satisfies Family[])
    it(`finds an RST that no capture of the server holds, over IPv${family}`, () => {
      const tape = censored({ family });
      const [verdict] = analyse(tape.evidence(tape.observation(RESET)));
      expect(verdict).to.include({
        failure: 'connection_reset',
        cause: 'injected-rst',
        by: 'middle',
        summary: 'RST injected by middle',
      });
      const [seen, ...rest] = verdict!.proof;
      expect(seen).to.include({ capture: 'client.inside', frame: 5 });
      expect(seen!.note).to.match(
        /^RST\+ACK, seq 1, from \S+:443; TTL 61 where packets of server have 63/,
      );
      expect(rest.filter(({ frame }) => frame === null)).to.deep.equal([
        { capture: 'server.outside', frame: null, note: 'no such packet left server' },
        { capture: 'middle.outside', frame: null, note: 'no such packet passed middle.outside' },
      ]);
    });

  it('names the server when its own capture lacks the packet', () => {
    const tape = censored({ captured: ['client.inside', 'server.outside'] });
    const [verdict] = analyse(tape.evidence(tape.observation(RESET)));
    expect(verdict).to.include({ cause: 'injected-rst', by: 'middle' });
    expect(verdict!.proof.at(-1)).to.deep.equal({
      capture: 'server.outside',
      frame: null,
      note: 'no such packet left server',
    });
  });

  it('blames nobody when no capture lies nearer to the server', () => {
    const tape = censored({ captured: ['client.inside'] });
    const [verdict] = analyse(tape.evidence(tape.observation(RESET)));
    expect(verdict).to.include({ cause: 'unexplained', by: null });
    expect(verdict!.summary).to.equal(
      'RST from the side of server: no capture shows whether it sent it',
    );
  });

  it('takes the word of the censor where captures do not reach', () => {
    const tape = censored({ captured: ['client.inside'] });
    tape.events.push({
      kind: 'censor',
      time: EPOCH + 56_000,
      node: 'middle',
      censor: 'censor',
      rule: 'forbidden',
      action: 'reset',
      protocol: 'tcp',
      source: '10.10.1.1',
      sourcePort: 40_000,
      destination: '10.10.2.2',
      destinationPort: 443,
      detail: 'tls.sni blocked.example',
    });
    const [verdict] = analyse(tape.evidence(tape.observation(RESET)));
    expect(verdict).to.include({ cause: 'injected-rst', by: 'middle' });
    expect(verdict!.summary).to.equal(
      'RST injected by middle, says censor censor (rule forbidden); no capture proves it',
    );
  });

  it('holds when the captures of the node in between miss what it sends', () => {
    const blind = new Tape();
    // Everything that middle itself puts on a link is missing from its own captures.
    blind.pass(0, { forward: true, flags: ['SYN'], sequence: 1000 }, { to: 'middle.inside' });
    blind.record(
      'server.outside',
      25.1,
      blind.packet({ forward: true, flags: ['SYN'], sequence: 1000, ipId: 101 }),
    );
    const answer = { forward: false, flags: ['SYN', 'ACK'], sequence: 5000, ipId: 7 } as const;
    blind.pass(26, { ...answer, acknowledgment: 1001 }, { to: 'middle.outside' });
    blind.record('client.inside', 52, blind.packet({ ...answer, acknowledgment: 1001 }));
    blind.record(
      'client.inside',
      60,
      blind.packet({ forward: false, flags: ['RST'], sequence: 5001 }),
    );
    const [verdict] = analyse(blind.evidence(blind.observation(RESET)));
    expect(verdict).to.include({ cause: 'injected-rst', by: 'middle' });
  });

  it('says of a flow that went on that the RST had no effect', () => {
    const tape = censored();
    const [verdict] = analyse(tape.evidence(tape.observation()));
    expect(verdict).to.include({
      failure: null,
      cause: 'injected-rst',
      summary: 'RST injected by middle, to no effect',
    });
  });

  it('does not take copies that a link makes for injections', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, { forward: false, sequence: 5001, flags: ['RST'], ipId: 9 });
    tape.pass(
      61,
      { forward: false, sequence: 5001, flags: ['RST'], ipId: 9 },
      { from: 'middle.outside' },
    );
    const [verdict] = analyse(tape.evidence(tape.observation({ ...RESET, end: EPOCH + 90_000 })));
    expect(verdict).to.include({ cause: 'reset-by-peer', by: 'server' });
  });

  it('says when an RST was made of a packet of the flow', () => {
    const tape = new Tape();
    tape.handshake();
    const answer = { forward: false, sequence: 5001, acknowledgment: 1001, ipId: 77 };
    tape.pass(60, { ...answer, payload: 'hello' }, { to: 'middle.outside' });
    tape.pass(80.2, { ...answer, flags: ['RST', 'ACK'] }, { from: 'middle.inside' });
    const end = EPOCH + 90_000;
    const [verdict] = analyse(tape.evidence(tape.observation({ ...RESET, end })));
    expect(verdict).to.include({
      cause: 'injected-rst',
      summary: 'RST injected by middle, made of a packet of the flow',
    });
  });
});
