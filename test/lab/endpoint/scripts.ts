// Programs of parties by hand, for tests: what the compiler makes of a script is not theirs to know.
import type {
  ArriveInstruction,
  Instruction,
  Payload,
  ScriptChannel,
  ScriptSpec,
} from '../../../src/model/script.ts';
import { CLIENT, SERVER } from './two-nodes.ts';

type Timing = Partial<Pick<Instruction, 'after' | 'at' | 'within'>>;

let lastStep = 0;
const base = ({ after = 0, at = null, within = null }: Timing = {}): Pick<
  Instruction,
  'step' | 'after' | 'at' | 'within'
> => {
  lastStep += 1;
  return { step: String(lastStep), after, at, within };
};

export const text = (content: string): Payload => ({ kind: 'text', text: content });
export const random = (size: number, name = `random ${size}`): Payload => ({
  kind: 'random',
  size,
  name,
});

export const send = (
  payload: Payload,
  framing: 'stream' | number | readonly number[] = 'stream',
  timing: Timing & { readonly channel?: number } = {},
): Instruction => ({ ...base(timing), op: 'send', channel: timing.channel ?? 0, payload, framing });

/** One segment of its own. */
export const flush = (payload: Payload, timing: Timing = {}): Instruction =>
  send(payload, [], timing);

export const arrive = (
  payload: Payload | null,
  size: number,
  timing: Timing & { readonly channel?: number } = {},
): Instruction => ({
  ...base(timing),
  op: 'arrive',
  channel: timing.channel ?? 0,
  wait: true,
  what: { kind: 'data', payload, size },
});

export const arriveClose = (kind: 'end' | 'reset'): Instruction => {
  const what: ArriveInstruction['what'] = { kind };
  return { ...base(), op: 'arrive', channel: 0, wait: true, what };
};

export const close = (how: 'fin' | 'half' | 'reset', timing: Timing = {}): Instruction => ({
  ...base(timing),
  op: 'close',
  channel: 0,
  how,
});

export interface Places {
  readonly source?: ScriptChannel['source'];
  readonly destination?: ScriptChannel['destination'];
}

/** A script between a party on the client and one on the server. */
export function script(
  client: readonly Instruction[],
  server: readonly Instruction[],
  options: Partial<Pick<ScriptSpec, 'transport' | 'timeout' | 'tls'>> & Places = {},
): ScriptSpec {
  const {
    source = { address: CLIENT.v4, port: 0 },
    destination = { address: SERVER.v4, port: 9000 },
    ...rest
  } = options;
  return {
    kind: 'script',
    transport: 'tcp',
    timeout: 10_000,
    parties: [
      { name: 'client', node: 'client', program: client },
      { name: 'server', node: 'server', program: server },
    ],
    channels: [{ from: 'client', to: 'server', source, destination }],
    ...rest,
  };
}
