// A first play meets code that has never run: its segments are milliseconds late. So a thread that is to play scripts plays one to
// itself before, over the loopback interface of its node, which no capture and no censor of a lab sees.
import type { Instruction, ScriptSpec } from '../../../model/script.ts';
import { createScripts } from './scripts.ts';

/** Of 127.0.0.0/8, so that it is on every loopback interface, and where nobody listens. */
const ADDRESS = '127.83.67.82';
const PORT = 28277;
/** Milliseconds; a node without a loopback interface, or a port that is taken, only costs the exercise. */
const LIMIT = 500;
const TURNS = 240;
const SIZE = 1400;

/** Whether it was played to its end; whatever kept it from that, the real play will tell. */
export async function rehearse(): Promise<boolean> {
  const scripts = createScripts(NODE, '', [
    { flow: 'rehearsal', spec: SPEC, seed: 1, credentials: null, sockets: null },
  ]);
  const request = { flow: 'rehearsal', attempt: 1 };
  try {
    await scripts.open(request);
    const reports = await scripts.play({ ...request, at: null });
    return reports.every(({ failure }) => failure === null);
  } catch {
    return false;
  } finally {
    await scripts.stop();
  }
}

const NODE = 'rehearsal';
const PAYLOAD = { kind: 'random', size: SIZE, name: 'rehearsal' } as const;

const at = (turn: number): Pick<Instruction, 'step' | 'after' | 'at' | 'within'> => ({
  step: String(turn),
  after: 0,
  at: turn / 20,
  within: null,
});
const send = (turn: number): Instruction => ({
  ...at(turn),
  op: 'send',
  channel: 0,
  payload: PAYLOAD,
  framing: [],
});
const arrive = (turn: number): Instruction => ({
  ...at(turn),
  op: 'arrive',
  channel: 0,
  wait: true,
  what: { kind: 'data', payload: PAYLOAD, size: SIZE },
});
/** Each answers what the other sends, with a few sends in a row. */
const program = (isFirst: boolean): Instruction[] =>
  Array.from({ length: TURNS }, (_, turn) =>
    ((turn >> 4) % 2 === 0) === isFirst ? send(turn) : arrive(turn),
  );

const SPEC: ScriptSpec = {
  kind: 'script',
  transport: 'tcp',
  timeout: LIMIT,
  parties: [
    { name: 'first', node: NODE, program: program(true) },
    { name: 'second', node: NODE, program: program(false) },
  ],
  channels: [
    {
      from: 'first',
      to: 'second',
      source: { address: ADDRESS, port: 0 },
      destination: { address: ADDRESS, port: PORT },
    },
  ],
};
