import { expect } from 'chai';
import fc from 'fast-check';
import type { Instruction, ScriptTransport } from '../../../../src/model/script.ts';
import type { Act } from '../../../../src/scenario/resolve/script/acts.ts';
import { projectPrograms } from '../../../../src/scenario/resolve/script/project.ts';

const BASE = { after: 0, at: null, within: null } as const;
const ONE = [{ from: 'client', to: 'server' }];

const act = (party: string, instruction: object, change: Partial<Act> = {}): Act => ({
  party,
  instruction: { ...BASE, step: '1', ...instruction } as Instruction,
  isExpected: true,
  size: 0,
  ...change,
});

const send = (party: string, text: string, channel = 0): Act =>
  act(
    party,
    { op: 'send', channel, payload: { kind: 'text', text }, framing: 'stream' },
    { size: text.length },
  );
const template = (party: string): Act =>
  act(
    party,
    {
      op: 'send',
      channel: 0,
      payload: { kind: 'template', parts: [{ text: 'id ' }, { variable: 'id' }] },
      framing: 'stream',
    },
    { size: 3 },
  );
const reading = (party: string, count: number, channel = 0): Act =>
  act(party, { op: 'expect', channel, pattern: { kind: 'bytes', count }, as: null });
const regex = (party: string): Act =>
  act(party, {
    ...{ op: 'expect', channel: 0, as: null },
    pattern: { kind: 'regex', source: 'x', flags: '' },
  });
const close = (party: string, how: string): Act => act(party, { op: 'close', channel: 0, how });
const craft = (party: string, segment: object, change: Partial<Act> = {}): Act =>
  act(
    party,
    {
      ...{ op: 'craft', channel: 0, flags: null, payload: null, sequence: null },
      ...{ acknowledgment: null, window: null, urgentPointer: null, options: null },
      ...{ checksum: 'right', ip: {}, retransmit: true, ...segment },
    },
    change,
  );

/** Each instruction in a word or two. */
function told(instruction: Instruction): string {
  switch (instruction.op) {
    case 'send':
      return instruction.payload.kind === 'text' ? `send ${instruction.payload.text}` : 'send';
    case 'arrive': {
      const { what, wait, channel } = instruction;
      const words =
        what.kind === 'data'
          ? (what.payload?.kind === 'text' ? what.payload.text : '?') || 'all'
          : what.kind === 'segment'
            ? `${what.flags.toString(16)}/${what.length}`
            : what.kind;
      return `${wait ? 'await' : 'know'} ${words}${channel === 0 ? '' : ` on ${channel}`}`;
    }
    case 'branch':
    case 'close':
    case 'craft':
    case 'expect':
    case 'loop':
    case 'set':
    case 'stack':
    case 'wait':
      return instruction.op;
  }
}

function programsOf(
  acts: readonly Act[],
  transport: ScriptTransport = 'tcp',
  channels = ONE,
): Record<string, string[]> {
  const parties = [...new Set(channels.flatMap(({ from, to }) => [from, to]))];
  return Object.fromEntries(
    Array.from(projectPrograms(parties, channels, transport, acts), ([party, program]) => [
      party,
      program.map(told),
    ]),
  );
}

describe('projectPrograms()', () => {
  const cases: [string, Act[], ScriptTransport, string[], string[]][] = [
    ['gives each its own steps', [send('client', 'a')], 'tcp', ['send a'], ['await a']],
    [
      'lets each wait for what comes before its own next step',
      [send('client', 'a'), send('client', 'b'), send('server', 'c'), send('client', 'd')],
      'tcp',
      ['send a', 'send b', 'await c', 'send d'],
      ['await a', 'await b', 'send c', 'await d'],
    ],
    [
      'leaves the waiting to an own expect',
      [send('client', 'ab'), reading('server', 2), send('server', 'c')],
      'tcp',
      ['send ab', 'await c'],
      ['know ab', 'expect', 'send c'],
    ],
    [
      'waits for the rest of what an expect was content with, before it acts',
      [send('client', 'ab'), reading('server', 1), send('server', 'c')],
      'tcp',
      ['send ab', 'await c'],
      ['know ab', 'expect', 'await all', 'send c'],
    ],
    [
      'waits for the rest at the end',
      [send('client', 'xy'), regex('server')],
      'tcp',
      ['send xy'],
      ['know xy', 'expect', 'await all'],
    ],
    [
      'awaits FIN and RST',
      [close('client', 'half'), close('server', 'reset')],
      'tcp',
      ['close', 'await reset'],
      ['await end', 'close'],
    ],
    [
      'compares no more bytes after a template',
      [send('client', 'a'), template('client'), send('client', 'b')],
      'tcp',
      ['send a', 'send', 'send b'],
      ['await a', 'await ?', 'await ?'],
    ],
    [
      'compares datagrams one by one, after a template too',
      [template('client'), send('client', 'b')],
      'udp',
      ['send', 'send b'],
      ['await ?', 'await b'],
    ],
    ['tells of no end of datagrams', [close('client', 'fin')], 'udp', ['close'], []],
    ['awaits no raw IP packets', [send('client', 'a')], 'raw-ip', ['send a'], []],
    [
      'awaits a crafted segment, and its bytes where they are in order',
      [
        craft('client', { flags: 2 }),
        craft('server', { flags: 0x12 }),
        craft('client', { payload: { kind: 'text', text: 'abc' } }, { size: 3 }),
      ],
      'raw-tcp',
      ['craft', 'await 12/0', 'craft'],
      ['await 2/0', 'craft', 'await 18/3', 'await abc'],
    ],
    [
      'compares no more bytes after one out of order',
      [
        craft(
          'client',
          { payload: { kind: 'text', text: 'b' }, sequence: { base: 'next', offset: 1 } },
          { size: 1 },
        ),
        send('client', 'a'),
      ],
      'raw-tcp',
      ['craft', 'send a'],
      ['await 18/1', 'await ?'],
    ],
    [
      'does not wait for what may not arrive',
      [
        craft(
          'client',
          { payload: { kind: 'text', text: 'b' }, ip: { ttl: 1 } },
          { size: 1, isExpected: false },
        ),
        send('client', 'a'),
      ],
      'raw-tcp',
      ['craft', 'send a'],
      ['await a'],
    ],
    [
      'awaits a crafted FIN and a crafted RST as ends too',
      [craft('client', { flags: 0x11 }), craft('server', { flags: 4 })],
      'raw-tcp',
      ['craft', 'await 4/0', 'await reset'],
      ['await 11/0', 'await end', 'craft'],
    ],
    [
      'tells nobody which way a branch goes, and what follows it is not known',
      [
        act('client', {
          op: 'branch',
          condition: { kind: 'set', variable: 'x' },
          yes: [send('client', 'a').instruction],
          no: [],
        }),
        send('client', 'b'),
      ],
      'tcp',
      ['branch', 'send b'],
      ['await ?'],
    ],
    [
      'leaves the waiting to a repetition or branch that begins by reading',
      [
        send('client', 'a'),
        act('server', {
          ...{ op: 'loop', times: 2, until: null },
          body: [reading('server', 1).instruction],
        }),
      ],
      'tcp',
      ['send a'],
      ['know a', 'loop', 'await all'],
    ],
  ];
  for (const [title, acts, transport, client, server] of cases)
    it(title, () => expect(programsOf(acts, transport)).to.deep.equal({ client, server }));

  it('keeps three parties in step', () => {
    const channels = [
      { from: 'client', to: 'proxy' },
      { from: 'proxy', to: 'server' },
    ];
    const acts = [send('client', 'a'), send('proxy', 'b', 1), send('server', 'c', 1)];
    expect(programsOf([...acts, send('proxy', 'd')], 'tcp', channels)).to.deep.equal({
      client: ['send a', 'await d'],
      proxy: ['await a', 'send b', 'await c on 1', 'send d'],
      server: ['await b on 1', 'send c'],
    });
  });

  it('keeps the order of own steps, and lets all that is sent arrive once, in order', () => {
    const step = fc.record({ client: fc.boolean(), size: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const acts = steps.map(({ client, size }, index) =>
          send(client ? 'client' : 'server', `${index}`.padEnd(size, '.')),
        );
        const programs = programsOf(acts);
        const sent = (party: string): string[] =>
          acts.flatMap(({ party: own, instruction }) => (own === party ? [told(instruction)] : []));
        const arrived = (party: string): string[] =>
          (programs[party] ?? []).filter((line) => line.startsWith('await'));
        for (const [party, peer] of [
          ['client', 'server'],
          ['server', 'client'],
        ] as const) {
          expect((programs[party] ?? []).filter((line) => line.startsWith('send'))).to.deep.equal(
            sent(party),
          );
          expect(arrived(peer)).to.deep.equal(
            sent(party).map((line) => line.replace('send', 'await')),
          );
        }
      }),
    );
  });

  it('never lets two parties wait for each other', () => {
    const steps = fc.array(fc.record({ from: fc.nat(2), to: fc.nat(1), reads: fc.boolean() }), {
      maxLength: 30,
    });
    const channels = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'a' },
    ];
    fc.assert(
      fc.property(steps, (written) => {
        const acts = written.flatMap(({ from, to, reads }): Act[] => {
          const channel = (from + to * 2) % 3;
          const party = ['a', 'b', 'c'][from] ?? 'a';
          const ends = channels[channel];
          const peer = ends?.from === party ? ends.to : (ends?.from ?? '');
          const sending = send(party, 'x', channel);
          return reads ? [sending, reading(peer, 1, channel)] : [sending];
        });
        const programs = projectPrograms(['a', 'b', 'c'], channels, 'tcp', acts);
        expect(playsToTheEnd(channels, programs)).to.equal(true);
      }),
    );
  });
});

/** Plays programs of one-byte sends as far as they get, with a network that loses nothing. */
function playsToTheEnd(
  channels: readonly { readonly from: string; readonly to: string }[],
  programs: ReadonlyMap<string, readonly Instruction[]>,
): boolean {
  const at = new Map<string, number>();
  const received = new Map<string, number>();
  const awaited = new Map<string, number>();
  const read = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string, more: number): number => {
    const sum = (counts.get(key) ?? 0) + more;
    counts.set(key, sum);
    return sum;
  };
  const perform = (party: string, instruction: Instruction): boolean => {
    if (instruction.op === 'send') {
      const ends = channels[instruction.channel];
      const peer = ends?.from === party ? ends.to : (ends?.from ?? '');
      add(received, `${peer} ${instruction.channel}`, 1);
      return true;
    }
    if (instruction.op !== 'arrive' && instruction.op !== 'expect') return true;
    const key = `${party} ${instruction.channel}`;
    if (instruction.op === 'expect') {
      if ((received.get(key) ?? 0) <= (read.get(key) ?? 0)) return false;
      add(read, key, 1);
      return true;
    }
    const size = instruction.what.kind === 'data' ? instruction.what.size : 0;
    const wanted = (awaited.get(key) ?? 0) + size;
    if (instruction.wait && (received.get(key) ?? 0) < wanted) return false;
    awaited.set(key, wanted);
    return true;
  };
  for (let moved = true; moved;) {
    moved = false;
    for (const [party, program] of programs) {
      const next = program[at.get(party) ?? 0];
      if (next === undefined || !perform(party, next)) continue;
      add(at, party, 1);
      moved = true;
    }
  }
  return [...programs].every(([party, program]) => (at.get(party) ?? 0) === program.length);
}
