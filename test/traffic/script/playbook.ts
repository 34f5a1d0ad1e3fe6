// A player and a driver that notes commands: tests say what happens and read what the player wanted.
import type { Instruction, Payload, ScriptTransport } from '../../../src/model/script.ts';
import type {
  PlayCommand,
  PlayEvent,
  PlayOutcome,
  PlayPacket,
} from '../../../src/traffic/script/play.ts';
import { createPlayer } from '../../../src/traffic/script/player.ts';

type Timing = Partial<Pick<Instruction, 'step' | 'after' | 'at' | 'within'>>;
type Body = Instruction extends infer One
  ? One extends Instruction
    ? Omit<One, 'step' | 'after' | 'at' | 'within'>
    : never
  : never;

export const instruction = (body: Body, timing: Timing = {}): Instruction => ({
  ...{ step: '1', after: 0, at: null, within: null },
  ...body,
  ...timing,
});

export const text = (content: string): Payload => ({ kind: 'text', text: content });
export const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const string = (content: Uint8Array): string => new TextDecoder().decode(content);

export const send = (payload: string | Payload, timing: Timing = {}): Instruction =>
  instruction(
    {
      op: 'send',
      channel: 0,
      payload: typeof payload === 'string' ? text(payload) : payload,
      framing: 'stream',
    },
    timing,
  );

export const arrive = (
  payload: string | null,
  {
    wait = true,
    size = payload?.length ?? 0,
    ...timing
  }: Timing & {
    wait?: boolean;
    size?: number;
  } = {},
): Instruction =>
  instruction(
    {
      op: 'arrive',
      channel: 0,
      wait,
      what: { kind: 'data', payload: payload === null ? null : text(payload), size },
    },
    timing,
  );

export const arriveClose = (kind: 'end' | 'reset', wait = true): Instruction =>
  instruction({ op: 'arrive', channel: 0, wait, what: { kind } });

export const expectThat = (
  pattern: Extract<Instruction, { op: 'expect' }>['pattern'],
  { as = null, ...timing }: Timing & { as?: string | null } = {},
): Instruction => instruction({ op: 'expect', channel: 0, pattern, as }, timing);

export const regex = (source: string, timing: Timing & { as?: string } = {}): Instruction =>
  expectThat({ kind: 'regex', source, flags: '' }, timing);

export const PACKET: PlayPacket = {
  ...{ protocol: 6, flags: 0x10, length: 0, sequence: 1, acknowledgment: 1 },
  ...{ window: 100, ttl: 64, id: 0 },
};

export interface Playbook {
  /** What was wanted since the last call, a line each. */
  commands(): string[];
  open(now?: number): Playbook;
  data(content: string, now?: number): Playbook;
  event(event: PlayEvent, now?: number): Playbook;
  tick(now: number): Playbook;
  readonly due: number;
  readonly outcome: PlayOutcome | null;
  /** `null` when it was played to its end, else `step failure`. */
  readonly end: string | null | undefined;
}

interface Options {
  readonly transport?: ScriptTransport;
  readonly timeout?: number;
  readonly answer?: (command: PlayCommand) => 'done' | 'pending';
  readonly obstacle?: string;
  readonly channels?: readonly number[];
}

/** Plays from time 0 on. */
export function playbook(program: readonly Instruction[], options: Options = {}): Playbook {
  const { transport = 'tcp', timeout, answer = () => 'done', channels = [0], obstacle } = options;
  let log: string[] = [];
  const player = createPlayer(
    program,
    { seed: 1, transport, channels, ...(timeout !== undefined && { timeout }) },
    {
      perform: (command) => {
        log.push(describe(command));
        return answer(command);
      },
      ...(obstacle !== undefined && { obstacle: () => obstacle }),
    },
  );
  player.start(0);
  const book: Playbook = {
    commands: () => {
      const told = log;
      log = [];
      return told;
    },
    open: (now = 0) => book.event({ kind: 'open', channel: 0 }, now),
    data: (content, now = 0) =>
      book.event({ kind: 'data', channel: 0, bytes: bytes(content) }, now),
    event: (event, now = 0) => {
      player.handle(event, now);
      return book;
    },
    tick: (now) => {
      player.tick(now);
      return book;
    },
    get due() {
      return player.nextDue;
    },
    get outcome() {
      return player.outcome;
    },
    get end() {
      if (!player.outcome) return undefined;
      const { fault, step } = player.outcome;
      return fault && `${step ?? '-'} ${fault.failure}`;
    },
  };
  return book;
}

function describe(command: PlayCommand): string {
  switch (command.kind) {
    case 'send': {
      const { framing } = command;
      const sizes = framing === 'stream' ? '' : ` in ${framing.join('+')}`;
      return `send ${string(command.bytes)}${sizes}`;
    }
    case 'craft':
      return `craft ${String(command.segment.flags)} ${command.bytes ? string(command.bytes) : '-'}`;
    case 'stack':
      return `stack ${String(command.ack)} ${String(command.retransmit)}`;
    case 'close':
      return `close ${command.how}`;
  }
}
