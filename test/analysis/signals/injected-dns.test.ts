import { expect } from 'chai';
import { planNetwork, NODES } from '../support/plans.ts';
import { EPOCH, Tape, type TapeOptions, impairment } from '../support/tape.ts';
import { DNS_TYPE, buildDnsAnswer, buildDnsQuery, parseDns } from '../../../src/wire/dns.ts';
import { signalsOf } from './signals-of.ts';

const QUERY = query(7);

function query(id: number): Uint8Array {
  const built = buildDnsQuery(id, 'blocked.example', DNS_TYPE.A);
  if (!built.ok) throw new Error(built.error);
  return built.value;
}

function answer(address: string): Uint8Array {
  const asked = parseDns(QUERY);
  if (!asked.ok) throw new Error(asked.error);
  const built = buildDnsAnswer(asked.value, {
    authoritative: false,
    recursionAvailable: true,
    rcode: 'NOERROR',
    answers: [{ name: 'blocked.example', type: DNS_TYPE.A, class: 1, ttl: 60, value: address }],
  });
  if (!built.ok) throw new Error(built.error);
  return built.value;
}

/** A query, a forged answer from the middle where one is wished, and the resolver's own. */
function asked(forged: string | null, options: TapeOptions = {}): Tape {
  const tape = new Tape({ protocol: 'udp', ...options });
  tape.pass(0, { forward: true, payload: QUERY });
  if (forged !== null)
    tape.pass(5.5, { forward: false, payload: answer(forged), ttl: 61 }, { from: 'middle.inside' });
  tape.pass(26, { forward: false, payload: answer('10.10.2.2') });
  return tape;
}

const CLIENT_ALONE: TapeOptions = { captured: ['client.inside'] };

/** The links as the tape has them: 5 ms and 20 ms. */
function slowLinks(jitter = 0): TapeOptions {
  const { client, middle, server } = NODES;
  const inside = impairment({ delay: 5, jitter });
  const outside = impairment({ delay: 20 });
  return {
    ...CLIENT_ALONE,
    plan: {
      networks: [
        planNetwork('inside', [client, middle], { client: inside, middle: inside }),
        planNetwork('outside', [middle, server], { middle: outside, server: outside }),
      ],
    },
  };
}

const ANSWERED = { end: EPOCH + 60_000 };

describe('signalInjectedDns()', () => {
  it('proves it by its absence at the resolver', () => {
    const [signal, ...others] = signalsOf(asked('10.9.9.9'), 'injected-dns', ANSWERED);
    expect(others).to.deep.equal([]);
    expect(signal).to.include({ side: 'client', by: 'middle' });
    expect(signal!.detail).to.equal(
      '1 × DNS answer 10.9.9.9; TTL 61 where packets of server have 63; no such packet left server',
    );
  });

  it('tells it by answers that contradict each other where only the client captures', () => {
    const [signal] = signalsOf(asked('10.9.9.9', CLIENT_ALONE), 'injected-dns', ANSWERED);
    expect(signal!.detail).to.equal(
      '2 answers to one query: DNS answer 10.9.9.9 and DNS answer 10.10.2.2; 40.6 ms apart; TTL 61 and 63',
    );
    expect(signal!.proof.map(({ frame }) => frame)).to.deep.equal([2, 3]);
  });

  it('tells it by an answer that came sooner than the links allow', () => {
    const tape = new Tape({ protocol: 'udp', ...slowLinks() });
    tape.pass(0, { forward: true, payload: QUERY }, { to: 'middle.outside' });
    tape.pass(5.5, { forward: false, payload: answer('10.9.9.9') }, { from: 'middle.inside' });
    const [signal] = signalsOf(tape, 'injected-dns', ANSWERED);
    expect(signal!.detail).to.equal(
      'DNS answer 10.9.9.9; came after 10.5 ms, and the links alone take 50.0 ms',
    );
  });

  for (const [name, tape] of [
    ['one honest answer', asked(null, slowLinks())],
    ['the same answer twice', asked('10.10.2.2', CLIENT_ALONE)],
    ['two answers to a query that was sent twice', twice()],
    ['a link whose delay varies', hasty(slowLinks(2))],
  ] as const)
    it(`says nothing of ${name}`, () => {
      expect(signalsOf(tape, 'injected-dns', ANSWERED)).to.deep.equal([]);
    });
});

function twice(): Tape {
  const tape = new Tape({ protocol: 'udp', ...CLIENT_ALONE });
  tape.pass(0, { forward: true, payload: QUERY });
  tape.pass(1, { forward: true, payload: QUERY });
  tape.pass(26, { forward: false, payload: answer('10.10.2.2') });
  tape.pass(27, { forward: false, payload: answer('10.10.2.3') });
  return tape;
}

function hasty(options: TapeOptions): Tape {
  const tape = new Tape({ protocol: 'udp', ...options });
  tape.pass(0, { forward: true, payload: QUERY });
  tape.pass(5.5, { forward: false, payload: answer('10.9.9.9') }, { from: 'middle.inside' });
  return tape;
}
