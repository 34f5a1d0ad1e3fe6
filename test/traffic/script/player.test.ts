import { expect } from 'chai';
import type { Instruction } from '../../../src/model/script.ts';
import {
  PACKET,
  arrive,
  arriveClose,
  expectThat,
  instruction,
  playbook,
  regex,
  send,
  text,
} from './playbook.ts';

const template = (...parts: ({ text: string } | { variable: string })[]): Instruction =>
  send({ kind: 'template', parts });
const END = { kind: 'end', channel: 0 } as const;
const RESET = { kind: 'reset', channel: 0 } as const;
const SENT = { kind: 'sent', channel: 0 } as const;

describe('createPlayer() takes turns', () => {
  it('begins when the channel is open, and sends what may be sent', () => {
    const play = playbook([send('a'), send('b')]);
    expect(play.commands()).to.deep.equal([]);
    expect(play.open().commands()).to.deep.equal(['send a', 'send b']);
    expect(play.end).to.equal(null);
    expect(play.outcome).to.include({ sent: 2, received: 0 });
  });

  it('waits for what others send before it goes on', () => {
    const play = playbook([send('GET'), arrive('page'), send('bye')]).open();
    expect(play.commands()).to.deep.equal(['send GET']);
    expect(play.data('pa').commands()).to.deep.equal([]);
    expect(play.data('ge').commands()).to.deep.equal(['send bye']);
    expect(play.outcome).to.include({ sent: 6, received: 4 });
  });

  it('takes what came early', () => {
    const play = playbook([arrive('one'), arrive('two'), send('x')])
      .open()
      .data('onetwo');
    expect(play.commands()).to.deep.equal(['send x']);
  });

  it('waits for a driver that is at work, whenever it tells', () => {
    const play = playbook([send('a'), send('b')], { answer: () => 'pending' }).open();
    expect(play.commands()).to.deep.equal(['send a']);
    expect(play.event(SENT).commands()).to.deep.equal(['send b']);
    expect(play.end).to.equal(undefined);
    expect(play.event(SENT).end).to.equal(null);
    let tell = (): void => undefined;
    const eager = playbook([send('a'), send('b')], {
      answer: () => {
        tell();
        return 'pending';
      },
    });
    tell = () => eager.event(SENT);
    expect(eager.open().commands()).to.deep.equal(['send a', 'send b']);
    expect(eager.end).to.equal(null);
  });

  it('asks for segments of the sizes that a step names', () => {
    const framed = (framing: 'stream' | number | number[]): Instruction =>
      instruction({ op: 'send', channel: 0, payload: text('abcdefg'), framing });
    const play = playbook([framed([]), framed(2), framed([3, 9]), framed('stream')]).open();
    expect(play.commands()).to.deep.equal([
      'send abcdefg in 7',
      'send abcdefg in 4+3',
      'send abcdefg in 3+4',
      'send abcdefg',
    ]);
  });

  it('plays a million steps, and a loop of a million turns, without a stack of their depth', () => {
    const step = arrive('x');
    const flat = playbook(Array.from({ length: 1_000_000 }, () => step)).open();
    expect(flat.data('x'.repeat(1_000_000)).end).to.equal(null);
    let turns = 0;
    const loop = instruction({ op: 'loop', times: 1_000_000, until: null, body: [send('y')] });
    const looped = playbook([loop], {
      answer: () => {
        turns += 1;
        return 'done';
      },
    });
    expect(looped.open().end).to.equal(null);
    expect(turns).to.equal(1_000_000);
    let nested: Instruction[] = [send('deep')];
    for (let depth = 0; depth < 20_000; depth += 1)
      nested = [
        instruction({
          op: 'branch',
          condition: { kind: 'not', condition: { kind: 'set', variable: 'x' } },
          yes: nested,
          no: [],
        }),
      ];
    expect(playbook(nested).open().commands()).to.deep.equal(['send deep']);
  }).timeout(60_000);

  it('hands on what only raw transports know', () => {
    const craft = instruction({
      ...{ op: 'craft', channel: 0, flags: 2, payload: null, sequence: null },
      ...{ acknowledgment: null, window: null, urgentPointer: null, options: null },
      ...{ checksum: 'right', ip: {}, retransmit: false },
    });
    const stack = instruction({ op: 'stack', channel: 0, ack: 'none', retransmit: null });
    const fields = instruction({
      ...{ op: 'send', channel: 0, payload: text('u'), framing: 'stream' },
      ...{ ip: { ttl: 3 }, protocol: 47 },
    });
    const play = playbook([craft, stack, fields], { transport: 'raw-tcp' }).open();
    expect(play.commands()).to.deep.equal(['craft 2 -', 'stack none null', 'send u']);
  });

  it('awaits crafted segments and expects packets', () => {
    const arrival = instruction({
      ...{ op: 'arrive', channel: 0, wait: true },
      what: { kind: 'segment', flags: 0x12, length: 0 },
    });
    const any = expectThat({ kind: 'packet', flags: 0x10, minLength: 4, protocol: 6 });
    const play = playbook([arrival, send('a'), any, send('b')], { transport: 'raw-tcp' }).open();
    const packet = (flags: number, length: number): void =>
      void play.event({ kind: 'packet', channel: 0, packet: { ...PACKET, flags, length } });
    packet(0x10, 0);
    expect(play.commands()).to.deep.equal([]);
    packet(0x12, 0);
    expect(play.commands()).to.deep.equal(['send a']);
    packet(0x18, 5);
    expect(play.commands()).to.deep.equal(['send b']);
  });
});

describe('createPlayer() compares what comes', () => {
  it('finds the first byte that is not what was sent', () => {
    const play = playbook([arrive('hello', { step: '4' }), send('x')])
      .open()
      .data('he')
      .data('lpo');
    expect(play.end).to.equal('4 unknown_failure: The stream differs at byte 3');
    expect(play.outcome?.fault).to.include({ operation: 'read' });
    expect(play.commands()).to.deep.equal([]);
  });

  it('compares what came before the step that says so', () => {
    const late = arrive('good', { step: '7' });
    const play = playbook([send('a', { after: 5 }), late])
      .open()
      .data('gold', 1);
    expect(play.end).to.equal(undefined);
    expect(play.tick(5000).end).to.equal('7 unknown_failure: The stream differs at byte 2');
  });

  it('compares what is only known to come, and counts from there', () => {
    const known = arrive('abc', { wait: false });
    const play = playbook([known, expectThat({ kind: 'bytes', count: 2 }), arrive('d')]).open();
    expect(play.data('ab').end).to.equal(undefined);
    expect(play.data('cd').end).to.equal(null);
  });

  it('gives up comparing behind what nobody knows, not counting', () => {
    const play = playbook([arrive(null, { size: 3 }), arrive('xyz'), send('!')]).open();
    expect(play.data('abcd').commands()).to.deep.equal([]);
    expect(play.data('ef').commands()).to.deep.equal(['send !']);
  });

  it('compares datagrams one by one', () => {
    const play = (): ReturnType<typeof playbook> =>
      playbook([arrive('one'), arrive('two', { step: '2' })], { transport: 'udp' }).open();
    expect(play().data('one').data('two').end).to.equal(null);
    expect(play().data('one').data('twice').end).to.equal(
      '2 unknown_failure: Datagram 2 has 5 bytes instead of 3',
    );
    expect(play().data('one').data('tao').end).to.equal(
      '2 unknown_failure: Datagram 2 differs at byte 1',
    );
    const unknown = playbook([arrive(null)], { transport: 'udp' }).open();
    expect(unknown.data('whatever').end).to.equal(null);
  });
});

describe('createPlayer() expects', () => {
  it('reads bytes, exact bytes, and up to a delimiter, one after the other', () => {
    const play = playbook([
      expectThat({ kind: 'bytes', count: 3 }, { as: 'first' }),
      expectThat({ kind: 'exact', payload: text('--') }),
      expectThat({ kind: 'until', payload: text('\r\n') }, { as: 'line' }),
      template({ variable: 'line' }, { text: '/' }, { variable: 'first' }),
    ]).open();
    for (const piece of ['ab', 'c-', '-li', 'ne\r', '\nrest']) play.data(piece);
    expect(play.commands()).to.deep.equal(['send line\r\n/abc']);
  });

  it('finds a regular expression across pieces and remembers its groups', () => {
    const play = playbook([regex('id (?<id>\\d+);'), template({ variable: 'id' })]).open();
    for (const piece of ['an i', 'd 4', '2', '; more']) play.data(piece);
    expect(play.commands()).to.deep.equal(['send 42']);
  });

  it('waits for the rest of a match of which more is known to come', () => {
    const program = [arrive('id 1234', { wait: false }), regex('id (?<id>\\d+)')];
    const play = playbook([...program, template({ variable: 'id' })]).open();
    expect(play.data('id 12').commands()).to.deep.equal([]);
    expect(play.data('34').commands()).to.deep.equal(['send 1234']);
    const cut = playbook([...program, template({ variable: 'id' })])
      .open()
      .data('id 12');
    expect(cut.event(END).commands()).to.deep.equal(['send 12']);
  });

  it('looks through a long stream once', () => {
    const play = playbook([regex('needle$')]).open();
    const begun = performance.now();
    for (let piece = 0; piece < 900; piece += 1) play.data('hay '.repeat(250));
    expect(play.end).to.equal(undefined);
    expect(play.data('needle').end).to.equal(null);
    expect(performance.now() - begun).to.be.below(5000);
  });

  it('tells when what it looks for is nowhere, or comes otherwise', () => {
    const nowhere = playbook([regex('needle')])
      .open()
      .data('x'.repeat(1_100_000));
    expect(nowhere.end).to.match(/^1 unknown_failure: Not found in 1100000 bytes/);
    const other = playbook([expectThat({ kind: 'exact', payload: text('abc') })]).open();
    expect(other.data('abd').end).to.equal('1 unknown_failure: Byte 2 is not the one expected');
    const stream = playbook([expectThat({ kind: 'datagram', min: 1, max: 2 })]).open();
    expect(stream.end).to.equal('1 unknown_failure: A stream has no datagrams');
  });

  it('reads datagrams whole', () => {
    const patterns = [
      expectThat({ kind: 'datagram', min: 2, max: 3 }, { as: 'x' }),
      expectThat({ kind: 'bytes', count: 1 }),
      expectThat({ kind: 'exact', payload: text('xy') }),
      regex('k=(?<k>.)'),
      expectThat({ kind: 'until', payload: text('.') }),
      template({ variable: 'x' }, { variable: 'k' }),
    ];
    const play = playbook(patterns, { transport: 'udp' }).open();
    for (const datagram of ['abc', 'd', 'xy', 'k=9 and more', 'end.']) play.data(datagram);
    expect(play.commands()).to.deep.equal(['send abc9']);
    const wrong = (pattern: Instruction, datagram: string): string | null | undefined =>
      playbook([pattern], { transport: 'udp' }).open().data(datagram).end;
    const size = '1 unknown_failure: The datagram has 1 bytes';
    expect(wrong(expectThat({ kind: 'datagram', min: 2, max: 3 }), 'a')).to.equal(size);
    expect(wrong(expectThat({ kind: 'bytes', count: 2 }), 'a')).to.equal(size);
    expect(wrong(expectThat({ kind: 'exact', payload: text('ab') }), 'a')).to.equal(size);
    expect(wrong(expectThat({ kind: 'exact', payload: text('ab') }), 'ac')).to.include('Byte 1');
    expect(wrong(regex('z'), 'a')).to.include('Not found');
  });

  it('chooses by what came, and repeats until it did', () => {
    const answer = (kind: 'matches' | 'equals'): Instruction =>
      instruction({
        op: 'branch',
        condition:
          kind === 'matches'
            ? { kind, variable: 'x', source: '^y', flags: 'i' }
            : { kind, variable: 'x', payload: text('Yes') },
        yes: [send('yes')],
        no: [send('no')],
      });
    const read = expectThat({ kind: 'until', payload: text(';') }, { as: 'x' });
    for (const [came, wanted] of [
      ['Yes;', ['send yes', 'send no']],
      ['Nope;', ['send no', 'send no']],
    ] as const) {
      const play = playbook([read, answer('matches'), answer('equals')])
        .open()
        .data(came);
      expect(play.commands()).to.deep.equal(wanted);
    }
    const unset = playbook([answer('matches'), answer('equals')]).open();
    expect(unset.commands()).to.deep.equal(['send no', 'send no']);
    const until = { kind: 'matches', variable: 'x', source: 'bye', flags: '' } as const;
    const loop = instruction({ op: 'loop', times: 5, until, body: [read, send('more')] });
    const play = playbook([loop, send('end')])
      .open()
      .data('a;b;bye;c;');
    expect(play.commands()).to.deep.equal(['send more', 'send more', 'send more', 'send end']);
  });

  it('sets variables, and fails where a template lacks one', () => {
    const set = instruction({ op: 'set', variable: 'v', value: text('value') });
    const play = playbook([set, template({ variable: 'v' })]).open();
    expect(play.commands()).to.deep.equal(['send value']);
    const lacking = playbook([template({ variable: 'w' })]).open();
    expect(lacking.end).to.equal('1 unknown_failure: The variable "w" is not set');
  });
});

describe('createPlayer() and the end of a connection', () => {
  it('takes a FIN for the end of what it waits for', () => {
    expect(
      playbook([arrive('abc')])
        .open()
        .data('ab')
        .event(END).end,
    ).to.equal('1 eof_error');
    expect(
      playbook([regex('x')])
        .open()
        .event(END).end,
    ).to.equal('1 eof_error');
    const fine = playbook([arriveClose('end'), expectThat({ kind: 'end' }), send('last')]).open();
    expect(fine.event(END).commands()).to.deep.equal(['send last']);
    expect(
      playbook([send('a')], { answer: () => 'pending' })
        .open()
        .event(END).end,
    ).to.equal(undefined);
  });

  it('fails by a RST that nothing waits for', () => {
    const play = playbook([send('a'), arrive('b', { step: '2' })])
      .open()
      .event(RESET);
    expect(play.end).to.equal('2 connection_reset');
    expect(play.outcome?.fault?.operation).to.equal('read');
    const closed = playbook([arriveClose('end')])
      .open()
      .event(RESET);
    expect(closed.end).to.equal('1 connection_reset');
  });

  it('goes on after a RST that a later step waits for, as far as it can', () => {
    const waits = [arriveClose('reset'), expectThat({ kind: 'reset' })];
    expect(playbook(waits).open().event(RESET).end).to.equal(null);
    const late = playbook([send('a', { after: 1 }), ...waits])
      .open()
      .event(RESET);
    expect(late.end).to.equal(undefined);
    expect(late.tick(1000).end).to.equal('1 connection_reset');
    const lacking = playbook([arrive('ab'), ...waits])
      .open()
      .data('a')
      .event(RESET);
    expect(lacking.end).to.equal('1 connection_reset');
    const instead = playbook([arriveClose('end'), ...waits])
      .open()
      .event(RESET);
    expect(instead.end).to.equal('1 connection_reset');
  });

  it('knows whether a loop will come back to the step that waits', () => {
    const body = [arriveClose('reset', false), send('a', { after: 1 })];
    const loop = (times: number): Instruction =>
      instruction({ op: 'loop', times, until: null, body });
    expect(
      playbook([loop(1)])
        .open()
        .event(RESET).end,
    ).to.equal('1 connection_reset');
    expect(
      playbook([loop(2)])
        .open()
        .event(RESET).end,
    ).to.equal(undefined);
  });

  it('closes as the script says', () => {
    const close = (how: 'fin' | 'half' | 'reset'): Instruction =>
      instruction({ op: 'close', channel: 0, how });
    const play = playbook([close('half'), close('fin'), close('reset')]).open();
    expect(play.commands()).to.deep.equal(['close half', 'close fin', 'close reset']);
  });

  it('fails as the driver says, and does no more', () => {
    const fault = { failure: 'connection_refused', operation: 'connect', detail: 'no' } as const;
    const play = playbook([send('a')]).event({ kind: 'failed', fault });
    expect(play.outcome).to.deep.include({ fault, step: '1' });
    expect(play.open().commands()).to.deep.equal([]);
  });
});

describe('createPlayer() keeps time', () => {
  it('waits after the step before, and until a moment of the play', () => {
    const play = playbook([send('a', { after: 10 }), send('b', { at: 25 }), send('c', { at: 5 })]);
    play.open(2000);
    expect(play.due).to.equal(12_000);
    expect(play.tick(11_999).commands()).to.deep.equal([]);
    expect(play.tick(12_000).commands()).to.deep.equal(['send a']);
    expect(play.due).to.equal(25_000);
    expect(play.tick(25_000).commands()).to.deep.equal(['send b', 'send c']);
    expect(play.due).to.equal(Infinity);
  });

  it('does not let lateness add up, nor makes up for more than a millisecond', () => {
    const every = Array.from({ length: 3 }, () => send('x', { after: 10 }));
    const play = playbook(every).open();
    play.tick(10_300);
    expect(play.due).to.equal(20_000);
    play.tick(25_000);
    expect(play.due).to.equal(34_000);
  });

  it('counts from when something came', () => {
    const play = playbook([arrive('a'), send('b', { after: 20 })])
      .open()
      .data('a', 7000);
    expect(play.due).to.equal(27_000);
    const wait = playbook([instruction({ op: 'wait' }, { after: 3 })]).tick(2999);
    expect(wait.end).to.equal(undefined);
    expect(wait.tick(3000).end).to.equal(null);
  });

  it('fails a step that takes longer than it may, and says why', () => {
    const read = playbook([arrive('a', { within: 50, step: '3' })]).open(1000);
    expect(read.due).to.equal(51_000);
    expect(read.tick(51_000).end).to.equal('3 generic_timeout_error');
    expect(read.outcome?.fault).to.deep.equal({
      failure: 'generic_timeout_error',
      operation: 'read',
      detail: 'Not finished within 50 ms',
    });
    const answer = (): 'pending' => 'pending';
    const options = { answer, obstacle: 'the window is closed' };
    const write = playbook([send('a', { within: 5 })], options)
      .open()
      .tick(5000);
    expect(write.outcome?.fault).to.include({
      operation: 'write',
      detail: 'Not finished within 5 ms: the window is closed',
    });
  });

  it('fails a play that takes longer than it may', () => {
    const play = playbook([arrive('a')], { timeout: 100 });
    expect(play.due).to.equal(100_000);
    expect(play.tick(100_000).outcome?.fault).to.include({
      failure: 'generic_timeout_error',
      operation: 'connect',
      detail: 'Not finished after 100 ms',
    });
  });
});
