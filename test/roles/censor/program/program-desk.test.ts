import { expect } from 'chai';
import type { CensorProgram, CensorSpec } from '../../../../src/model/censor.ts';
import { encodeBase64 } from '../../../../src/base/base64.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import type { ProgramDesk } from '../../../../src/roles/censor/program/program-desk.ts';
import {
  DROP,
  Playbook,
  V4,
  V6,
  clientData,
  datagram,
  fromClient,
  handshake,
  hello,
  query,
  serverData,
  sniRule,
  text,
} from '../playbook.ts';

const PROGRAM: CensorProgram = {
  argv: ['./program'],
  files: {},
  match: { all: [] },
  actions: { block: [DROP] },
  params: { limit: 5 },
  timeout: 100,
  window: 8,
};

interface Told {
  readonly id: number;
  readonly [member: string]: unknown;
}

/** A censor with a program that the test speaks for. */
class Conversation extends Playbook {
  ended: string[] = [];
  wakes = 0;

  constructor(
    program: Partial<CensorProgram> = {},
    rest: Partial<CensorSpec> & { position?: 'in-path' | 'on-path' } = {},
    rules: ConstructorParameters<typeof Playbook>[0] = [],
  ) {
    super(rules, { ...rest, program: { ...PROGRAM, ...program } });
    this.begin();
    this.say({ ready: 1 });
  }

  get desk(): ProgramDesk {
    const { program } = this.censor;
    if (program === null) throw new Error('There is a program');
    return program;
  }

  begin(): void {
    this.desk.attach(
      { wake: () => (this.wakes += 1), end: (reason) => this.ended.push(reason) },
      this.now,
    );
  }

  say(...answers: readonly object[]): void {
    this.write(`${JSON.stringify(answers)}\n`);
  }

  write(line: string): void {
    this.desk.hear(new TextEncoder().encode(line), this.now);
  }

  /** All that it has been told since the last call. */
  told(): readonly Told[] {
    const line = this.desk.takeOutput();
    if (line === null) return [];
    const parsed = JSON.parse(line) as Told | Told[];
    return Array.isArray(parsed) ? parsed : [parsed];
  }

  expire(milliseconds: number): void {
    this.wait(milliseconds);
    this.desk.expire(this.now);
  }
}

const DATA = clientData(V4, text('hello'));
const errors = ({ events }: Playbook): readonly string[] =>
  events.filter(({ action }) => action === 'error').map(({ detail }) => detail);

describe('ProgramDesk', () => {
  it('says hello, tells of packets with their flow, and holds them until the verdict', () => {
    const play = new Conversation();
    expect(play.told()).to.deep.equal([
      {
        ...{ hello: 1, censor: 'censor', position: 'in-path', seed: 1, params: { limit: 5 } },
        ...{ actions: ['block'], timeout: 100, window: 8 },
      },
    ]);
    expect(play.judge(DATA)).to.equal('taken');
    const [packet] = play.told();
    expect(packet).to.deep.include({
      ...{ id: 1, flow: 1, direction: 'forward', payload: encodeBase64(text('hello')), data: null },
      ...{ state: { packets: 1, bytes: DATA.length, age: 0 } },
    });
    expect(packet?.['tcp']).to.deep.include({ srcport: 40_000, dstport: 443, flags: 'PSH+ACK' });
    expect(play.emitted).to.deep.equal([]);
    play.say({ id: 1 });
    expect(play.emitted.map(({ bytes, origin }) => [bytes, origin])).to.deep.equal([
      [DATA, 'forwarded'],
    ]);
  });

  it('tells what the client has said, of TCP put together, in both families', () => {
    for (const ends of [V4, V6]) {
      const play = new Conversation();
      for (const packet of handshake(ends)) play.judge(packet);
      const bytes = hello('blocked.example');
      play.judge(clientData(ends, bytes.subarray(0, 30)));
      play.judge(clientData(ends, bytes.subarray(30), 30));
      const messages = play.told().map(({ message }) => message);
      expect(messages.slice(0, -1)).to.deep.equal([
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      expect(messages.at(-1)).to.deep.include({ protocol: 'tls', sni: 'blocked.example' });
    }
    const play = new Conversation();
    play.told();
    play.judge(datagram({ ...V4, serverPort: 53 }, query('blocked.example')));
    expect(play.told()[0]?.['message']).to.deep.equal({
      ...{ protocol: 'dns', qname: 'blocked.example', qtype: 1, qdcount: 1 },
    });
  });

  it('keeps the order of each direction, whatever the order of verdicts', () => {
    const play = new Conversation();
    const second = clientData(V4, text('second'), 5);
    const answer = serverData(V4, text('answer'));
    for (const packet of [DATA, second, answer]) play.judge(packet);
    play.say({ id: 2 });
    expect(play.emitted).to.have.length(0);
    play.say({ id: 3 });
    play.say({ id: 1 });
    expect(play.emitted.map(({ bytes }) => bytes)).to.deep.equal([answer, DATA, second]);
  });

  it('asks about what the rules have left, and lets what passes wait its turn', () => {
    const play = new Conversation({ match: { field: 'tcp.flags', set: ['PSH'], clear: [] } }, {}, [
      sniRule(DROP),
    ]);
    const other = fromClient(V4, { sequence: 1006, acknowledgment: 5001, flags: TCP_FLAG.ACK });
    expect(play.judge(DATA)).to.equal('taken');
    expect(play.judge(other), 'not asked about, but behind').to.equal('taken');
    play.say({ id: 1 });
    expect(play.emitted.map(({ bytes }) => bytes)).to.deep.equal([DATA, other]);
    expect(play.judge(other)).to.equal('pass');
  });

  it('acts as a rule would: drop, reset, a name of its own, for the packet or for the rest of the flow', () => {
    const play = new Conversation();
    for (const packet of handshake(V4)) play.judge(packet);
    play.say({ id: 1 }, { id: 2 }, { id: 3 });
    play.lines();
    play.judge(DATA);
    play.say({ id: 4, action: 'drop' });
    expect(play.lines()).to.deep.equal([]);
    play.judge(DATA);
    play.say({ id: 5, action: 'reset' });
    const resets = play.emitted.map(({ packet, origin }) => [packet.tcp?.flags, origin]);
    expect(resets).to.have.length(2);
    for (const reset of resets) expect(reset).to.deep.equal([4, 'injected']);
    expect(play.actions()).to.deep.equal(['drop', 'reset']);
    play.judge(DATA);
    play.say({ id: 6, action: 'block', flow: true });
    expect(play.judge(DATA), 'decided for good').to.equal('drop');
    expect(play.desk.counters.asked).to.equal(6);
  });

  it('passes or drops what of a decided flow waits already, and settles a flow that passes', () => {
    for (const [action, left] of [
      ['pass', 2],
      ['drop', 0],
    ] as const) {
      const play = new Conversation();
      play.judge(DATA);
      play.judge(clientData(V4, text('second'), 5));
      play.say({ id: 1, action, flow: true });
      expect(play.emitted).to.have.length(left);
      expect(play.judge(clientData(V4, text('third'), 11))).to.equal(action);
      if (action === 'drop') continue;
      play.judge(clientData(V4, text('fourth'), 16));
      expect(play.censor.settled).to.equal(true);
    }
  });

  it('replaces payload, of UDP in another length; injects; keeps data for the flow; notes', () => {
    const play = new Conversation();
    play.judge(datagram(V4, text('question')));
    const forged = datagram(V4, text('forged'));
    play.say({
      ...{ id: 1, payload: encodeBase64(text('shorter')), inject: [encodeBase64(forged)] },
      ...{ data: { seen: 1 }, note: 'as it should be' },
    });
    expect(play.emitted.map(({ bytes }) => bytes)).to.deep.equal([
      forged,
      datagram(V4, text('shorter')),
    ]);
    expect(play.events[0]).to.deep.include({ rule: 'program/pass', detail: 'as it should be' });
    play.told();
    play.judge(datagram(V4, text('again')));
    expect(play.told()[0]).to.deep.include({ id: 2, data: { seen: 1 } });
    play.judge(DATA);
    play.say({ id: 3, payload: encodeBase64(text('longer than it was')) });
    expect(play.emitted.at(-1)?.bytes, 'TCP of another length stays').to.deep.equal(DATA);
    expect(errors(play)[0]).to.match(/Verdict 3: .* TCP in another length cannot be replaced/);
  });

  for (const onError of ['pass', 'drop'] as const)
    it(`decides by onError "${onError}" what comes too late, is too much, or cannot be told`, () => {
      const play = new Conversation({ window: 2 }, { onError });
      const passed = onError === 'pass' ? 1 : 0;
      play.judge(DATA);
      expect(play.desk.nextDue).to.equal(play.now + 100_000);
      play.expire(100);
      expect(play.emitted).to.have.length(passed);
      play.say({ id: 1, action: 'drop' });
      expect(play.desk.counters).to.deep.include({ timedOut: 1, late: 1, answered: 0 });
      for (const port of [1, 2]) play.judge(clientData({ ...V4, clientPort: port }, text('x')));
      const more = clientData({ ...V4, clientPort: 3 }, text('x'));
      expect(play.judge(more), 'the window is full').to.equal(onError);
      play.say({ id: 2, error: 'no idea' });
      expect(play.emitted).to.have.length(2 * passed);
      expect(play.desk.counters).to.deep.include({ overflowed: 1, failed: 1 });
      expect(errors(play)).to.deep.equal([
        'Program gave no verdict in time (1 so far)',
        'Program could not tell: no idea (1 so far)',
      ]);
    });

  it('ends a program that hangs, and decides by onError until there is another', () => {
    const play = new Conversation();
    for (let turn = 0; turn < 10; turn += 1) {
      play.judge(clientData(V4, text('hello'), turn * 5));
      play.expire(100);
    }
    expect(play.ended).to.deep.equal(['it hangs: it said nothing for 1000 ms']);
    expect(play.judge(DATA)).to.equal('pass');
    play.begin();
    expect(play.judge(DATA), 'it only starts').to.equal('pass');
    play.say({ ready: 1 });
    expect(play.judge(DATA)).to.equal('taken');
    expect(play.desk.counters).to.deep.include({ ended: 1, unattended: 2 });
  });

  it('ends a program that is never ready, that talks nonsense, or whose line never ends', () => {
    const slow = new Conversation();
    slow.begin();
    slow.expire(10_000);
    expect(slow.ended).to.deep.equal(['it did not say that it is ready within 10 s']);
    const mad = new Conversation();
    mad.judge(DATA);
    mad.write('no\n'.repeat(99));
    mad.say({ timer: 'x', after: 1 });
    mad.write('no\n'.repeat(99));
    expect(mad.ended).to.deep.equal([]);
    mad.write('no\n');
    expect(mad.ended).to.deep.equal(['it said nothing that makes sense 100 times in a row']);
    expect(errors(mad).length, 'garbage does not flood the events').to.be.below(12);
    const loud = new Conversation();
    loud.write('x'.repeat(2 ** 20 + 1));
    expect(loud.ended).to.deep.equal(['it wrote a line that is too long']);
  });

  it('decides by onError what waits for a program that ended', () => {
    const play = new Conversation();
    play.judge(DATA);
    play.desk.detach('exit code 3', play.now);
    expect(play.emitted).to.have.length(1);
    expect(errors(play)).to.deep.equal(['Program ended: exit code 3 (1 so far)']);
    expect(play.desk.nextDue).to.equal(Infinity);
  });

  it('asks the next program again when it takes over, and keeps what was kept', () => {
    const play = new Conversation();
    play.judge(DATA);
    play.say({ id: 1, data: 'kept' });
    play.judge(clientData(V4, text('second'), 5));
    play.told();
    play.censor.reload({ rules: [], program: { ...PROGRAM, actions: { other: [DROP] } } });
    play.begin();
    play.judge(clientData(V4, text('third'), 11));
    const [greeting, ...packets] = play.told();
    expect(greeting).to.deep.include({ actions: ['other'] });
    expect(packets.map(({ id, data }) => [id, data])).to.deep.equal([
      [2, 'kept'],
      [3, 'kept'],
    ]);
    play.expire(300);
    play.say({ ready: 1 }, { id: 2 }, { id: 3, action: 'other' });
    expect(play.emitted).to.have.length(2);
    expect(play.desk.counters).to.deep.include({ timedOut: 0, faults: 0, ended: 0 });
  });

  it("rings timers by the packets' clock", () => {
    const play = new Conversation();
    play.told();
    play.say({ timer: 'tick', after: 20 });
    expect(play.desk.nextDue).to.equal(play.now + 20_000);
    play.expire(20);
    expect(play.told()).to.deep.equal([{ timer: 'tick', time: play.now }]);
  });

  it('on-path only races: packets pass, drops mean nothing, what is forged leaves', () => {
    const play = new Conversation({}, { position: 'on-path' });
    for (const packet of handshake(V4)) expect(play.judge(packet)).to.equal('pass');
    play.judge(DATA);
    play.say({ id: 1 }, { id: 2 }, { id: 3, action: 'drop' }, { id: 4, action: 'reset' });
    expect(play.emitted.map(({ origin }) => origin)).to.deep.equal(['injected', 'injected']);
  });

  it('counts in the statistics, with what its verdicts did', () => {
    const play = new Conversation();
    play.judge(DATA);
    play.say({ id: 1, action: 'drop' });
    const { program, actions } = play.censor.statistics;
    expect(program).to.deep.include({ asked: 1, answered: 1 });
    expect(actions).to.deep.include({ drop: 1 });
  });
});
