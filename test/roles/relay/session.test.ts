import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { RelaySession } from '../../../src/roles/relay/session.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { LIMITS, MS, Play, RAW, memo, rule } from './playbook.ts';

const phase = ({ session }: Play): string =>
  session instanceof RelaySession ? session.phase : 'none';

describe('roles/relay/session', () => {
  it('keeps what the client says until the target has accepted, and its end', () => {
    const play = new Play({}, { dialled: false });
    play.hear('client', memo('ASK', 1));
    play.session.ended('client', play.now);
    expect([phase(play), play.writes.length, play.told]).to.deep.equal(['dialling', 0, []]);
    play.session.dialled(play.now);
    expect(play.numbers('server')).to.deep.equal([1]);
    expect([phase(play), play.told]).to.deep.equal(['half-closed', ['end server']]);
  });

  it('stops reading a client that says more than its limit before the target has accepted', () => {
    const play = new Play({ limits: { ...LIMITS, bytes: 20 } }, { dialled: false });
    play.hear('client', memo('ASK', 1));
    expect(play.told).to.deep.equal([]);
    play.hear('client', memo('ASK', 2, 4));
    expect(play.told).to.deep.equal(['ignore client']);
    play.session.dialled(play.now);
    expect(play.told).to.deep.equal(['ignore client', 'listen client']);
    expect(play.numbers('server')).to.deep.equal([1, 2]);
  });

  it('resets the client whose target does not accept', () => {
    const play = new Play({}, { dialled: false });
    play.hear('client', memo('ASK', 1));
    play.session.dialFailed('ECONNREFUSED', play.now);
    expect(play.told).to.deep.equal(['reset client', 'reset server', 'dial-failed']);
    play.session.dialled(play.now);
    expect([phase(play), play.writes.length, play.session.nextDue]).to.deep.equal([
      'closed',
      0,
      Infinity,
    ]);
  });

  it('gives up the target of a client that resets while it is dialled', () => {
    const play = new Play({}, { dialled: false });
    play.session.failed('client', 'ECONNRESET', play.now);
    expect(play.told).to.deep.equal(['reset client', 'reset server', 'reset-by-client']);
  });

  it('keeps a half of a connection open, and is finished when both have ended', () => {
    const play = new Play();
    play.session.ended('client', play.now);
    expect([phase(play), play.told]).to.deep.equal(['half-closed', ['end server']]);
    play.hear('server', memo('TELL', 1), memo('TELL', 2));
    expect(play.numbers('client')).to.deep.equal([1, 2]);
    play.session.ended('server', play.now);
    expect(phase(play)).to.equal('closed');
    expect(play.told).to.deep.equal(['end server', 'end client', 'finished']);
  });

  it('passes the end on behind what still waits', () => {
    const play = new Play({
      faults: [
        {
          name: 'slow',
          kind: 'latency',
          latency: 10,
          jitter: 0,
          direction: 'upstream',
          probability: 1,
          enabled: true,
        },
      ],
    });
    play.hear('client', memo('ASK', 1));
    play.session.ended('client', play.now);
    play.session.ended('server', play.now);
    expect([phase(play), play.told]).to.deep.equal(['draining', ['end client']]);
    play.pass(10);
    expect(play.numbers('server')).to.deep.equal([1]);
    expect(play.told).to.deep.equal(['end client', 'end server', 'finished']);
  });

  for (const side of ['client', 'server'] as const)
    it(`mirrors a reset by the ${side}`, () => {
      const play = new Play();
      play.session.failed(side, 'ECONNRESET', play.now);
      expect(play.told).to.deep.equal(['reset client', 'reset server', `reset-by-${side}`]);
    });

  it('stop() resets both', () => {
    const play = new Play();
    play.session.stop(play.now);
    expect(play.told).to.deep.equal(['reset client', 'reset server', 'stopped']);
  });

  it('ends when no byte has come for the idle time', () => {
    const play = new Play({ limits: { ...LIMITS, idleTimeout: 100 } });
    play.pass(60);
    play.hear('server', memo('TELL', 1));
    play.pass(99);
    expect(play.told).to.deep.equal([]);
    play.pass(1);
    expect(play.told).to.deep.equal(['end client', 'end server', 'idle']);
  });

  it('has nothing to do at any time where nothing waits', () => {
    const play = new Play();
    play.hear('client', memo('ASK', 1));
    expect(play.session.nextDue).to.equal(Infinity);
  });

  it('forgets a client of datagrams after a minute where nothing is said', () => {
    const play = new Play({ listen: { kind: 'udp', host: '127.0.0.1', port: 1 } });
    expect(play.session.nextDue).to.equal(play.now + 60_000 * MS);
  });

  it('loses datagrams that there is no room for', () => {
    const listen = { kind: 'udp', host: '127.0.0.1', port: 1 } as const;
    const limits = { ...LIMITS, bytes: 20 };
    const play = new Play({ listen, limits }, { dialled: false });
    for (const number of [1, 2, 3, 4]) play.hear('client', memo('ASK', number, 4));
    play.session.dialled(play.now);
    expect(play.numbers('server')).to.deep.equal([1, 2]);
    play.hear('client', memo('ASK', 5, 4));
    expect(play.numbers('server')).to.deep.equal([1, 2, 5]);
  });

  it('stops reading while too much is unsent', () => {
    const play = new Play({ limits: { ...LIMITS, bytes: 1000 } });
    play.session.drained('server', 1000, play.now);
    play.session.drained('server', 2000, play.now);
    play.session.drained('server', 999, play.now);
    expect(play.told).to.deep.equal(['ignore client', 'listen client']);
  });

  it('loses and doubles no byte of random pieces that nothing is done to', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const random = seededRandom(seed);
      const play = new Play(seed % 2 === 0 ? {} : { protocol: RAW });
      const stream = concatBytes(
        ...Array.from({ length: 50 }, (_, number) => memo('ASK', number, random.below(200))),
      );
      for (let at = 0; at < stream.length;) {
        const size = 1 + random.below(300);
        play.hear('client', stream.slice(at, at + size));
        at += size;
      }
      expect(play.got('server')).to.deep.equal(stream);
    }
  });

  it('writes what came together and is not changed together', () => {
    const play = new Play();
    play.hear('client', ...Array.from({ length: 100 }, (_, number) => memo('ASK', number, 9)));
    expect(play.writes).to.have.length(1);
  });

  it('writes what came together together where edits keep its length, and what grows by itself', () => {
    const renumber = { kind: 'set', path: 'number', value: 9 } as const;
    const lengthen = { kind: 'insert', path: 'text', at: 0, hex: 'aabbccddeeff' } as const;
    const play = new Play({
      rules: [
        rule('renumber', { types: ['ASK'] }, [renumber]),
        rule('lengthen', { types: ['TELL'] }, [lengthen]),
        rule('again', { types: ['LOOSE'] }, [renumber, { kind: 'duplicate', times: 1 }]),
      ],
    });
    play.hear('client', memo('ASK', 1), memo('STRICT', 2), memo('ASK', 3), memo('STRICT', 4));
    expect([play.writes.length, play.numbers('server')]).to.deep.equal([1, [9, 2, 9, 4]]);
    play.hear('client', memo('ASK', 1), memo('TELL', 2), memo('STRICT', 3), memo('ASK', 4));
    expect(play.writes.map(({ bytes }) => bytes.length)).to.deep.equal([32, 8, 14, 16]);
    play.hear('client', memo('STRICT', 1), memo('LOOSE', 2), memo('STRICT', 3));
    expect(play.numbers('server').slice(8)).to.deep.equal([1, 9, 9, 3]);
  });

  it('passes what is left of a message when its sender ends', () => {
    const play = new Play();
    play.hear('client', memo('ASK', 1), memo('ASK', 2).slice(0, 5));
    play.session.ended('client', play.now);
    expect(play.got('server')).to.have.length(13);
    expect(play.relay.statistics().messages.upstream).to.deep.equal({ in: 1, out: 1 });
  });

  describe('a stream that cannot be framed', () => {
    const broken = Uint8Array.of(1, 0, 0, 3, 9, 9, 9);

    it('goes on as it is, is counted and noted', () => {
      const play = new Play();
      play.hear('client', memo('ASK', 1), broken);
      play.hear('client', broken);
      expect(play.got('server')).to.deep.equal(concatBytes(memo('ASK', 1), broken, broken));
      expect(play.relay.statistics().framingFaults).to.equal(1);
      expect(play.notes[0]).to.match(/^Messages of the client cannot be told apart any more: /);
    });

    it('ends the session behind what came before it where that is wished', () => {
      const play = new Play({ onFramingFault: 'close' });
      play.hear('client', memo('ASK', 1), broken);
      expect(play.numbers('server')).to.deep.equal([1]);
      expect(play.told).to.deep.equal(['end client', 'end server', 'framing-fault']);
    });
  });
});
