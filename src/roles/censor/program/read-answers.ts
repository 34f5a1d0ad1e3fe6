// One line of a program, read: every fault is said with what was wished and what was found, and costs no more than its own answer.
import { decodeBase64 } from '../../../base/base64.ts';
import { type Result, fail, ok } from '../../../base/result.ts';
import { OWN_VERDICTS } from '../../../model/own-verdicts.ts';
import { PacketView } from '../../../wire/packet.ts';
import { type Answer, PROGRAM_PROTOCOL, type VerdictAnswer } from './answer.ts';

/** Packets that one answer may inject: more is a flood. */
export const INJECT_LIMIT = 64;
/** Characters of JSON that are kept for a flow. */
export const DATA_LIMIT = 4096;
/** Characters of a note that are kept. */
const NOTE_LIMIT = 1000;
const NAME_LIMIT = 100;
/** Milliseconds: a day. */
const LONGEST_TIMER = 86_400_000;

export interface LineReading {
  readonly answers: readonly Answer[];
  readonly faults: readonly string[];
}

/** `actions` are the names that a verdict may use beside `pass`, `drop` and `reset`. */
export function readAnswers(line: string, actions: ReadonlySet<string>): LineReading {
  const parsed = parse(line);
  if (!parsed.ok) return { answers: [], faults: [parsed.error] };
  const items: readonly unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  const answers: Answer[] = [];
  const faults: string[] = [];
  for (const item of items) {
    const answer = readAnswer(item, actions);
    if (answer.ok) answers.push(answer.value);
    else faults.push(answer.error);
  }
  return { answers, faults };
}

function parse(line: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(line) as unknown);
  } catch {
    return fail(`Expected JSON, found ${quote(line)}`);
  }
}

function readAnswer(item: unknown, actions: ReadonlySet<string>): Result<Answer, string> {
  if (!isObject(item)) return fail(`Expected an object, found ${quote(JSON.stringify(item))}`);
  if ('id' in item) return readVerdict(item, actions);
  if ('timer' in item) return readTimer(item);
  if ('ready' in item)
    return item['ready'] === PROGRAM_PROTOCOL
      ? ok({ kind: 'ready' })
      : fail(
          `Expected "ready": ${PROGRAM_PROTOCOL}, found ${quote(JSON.stringify(item['ready']))}`,
        );
  if ('inject' in item) {
    const packets = readPackets(item['inject']);
    return packets.ok ? ok({ kind: 'inject', packets: packets.value }) : packets;
  }
  if (typeof item['note'] === 'string')
    return ok({ kind: 'note', text: item['note'].slice(0, NOTE_LIMIT) });
  return fail(
    `Expected one of "id", "timer", "inject", "note" and "ready", found ${quote(Object.keys(item).join(', '))}`,
  );
}

function readVerdict(
  item: Readonly<Record<string, unknown>>,
  actions: ReadonlySet<string>,
): Result<VerdictAnswer, string> {
  const { id, action = 'pass', flow = false, payload = null, note = null, error = null } = item;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1)
    return fail(`Expected the number of a packet as "id", found ${quote(JSON.stringify(id))}`);
  const wrong = (what: string, found: unknown): Result<never, string> =>
    fail(`Verdict ${id}: expected ${what}, found ${quote(JSON.stringify(found))}`);
  if (typeof action !== 'string' || !isAction(action, actions))
    return wrong(`"action" to be one of ${[...OWN_VERDICTS, ...actions].join(', ')}`, action);
  if (typeof flow !== 'boolean') return wrong('"flow" to be true or false', flow);
  if (note !== null && typeof note !== 'string') return wrong('"note" to be a text', note);
  if (error !== null && typeof error !== 'string') return wrong('"error" to be a text', error);
  const bytes = payload === null ? null : bytesOf(payload);
  if (bytes === undefined) return wrong('"payload" to be base64', payload);
  const inject = 'inject' in item ? readPackets(item['inject']) : ok([]);
  if (!inject.ok) return fail(`Verdict ${id}: ${inject.error}`);
  const data = 'data' in item ? JSON.stringify(item['data']) : undefined;
  if (data !== undefined && data.length > DATA_LIMIT)
    return fail(
      `Verdict ${id}: expected "data" of at most ${DATA_LIMIT} characters, found ${data.length}`,
    );
  return ok({
    ...{ kind: 'verdict', id, action, flow, payload: bytes, inject: inject.value, data },
    note: note?.slice(0, NOTE_LIMIT) ?? null,
    error: error?.slice(0, NOTE_LIMIT) ?? null,
  });
}

const isAction = (name: string, actions: ReadonlySet<string>): boolean =>
  actions.has(name) || OWN_VERDICTS.includes(name);

function readTimer({ timer, after }: Readonly<Record<string, unknown>>): Result<Answer, string> {
  if (typeof timer !== 'string' || timer === '' || timer.length > NAME_LIMIT)
    return fail(
      `Expected "timer" to be a name of 1 to ${NAME_LIMIT} characters, found ${quote(JSON.stringify(timer))}`,
    );
  if (typeof after !== 'number' || !(after >= 0 && after <= LONGEST_TIMER))
    return fail(
      `Timer "${timer}": expected "after" to be 0 to ${LONGEST_TIMER} milliseconds, found ${quote(JSON.stringify(after))}`,
    );
  return ok({ kind: 'timer', name: timer, after });
}

/** Whole IP packets; their checksums are the program's business. */
function readPackets(value: unknown): Result<readonly Uint8Array[], string> {
  if (!Array.isArray(value)) return fail(`Expected "inject" to be a list of IP packets in base64`);
  if (value.length > INJECT_LIMIT)
    return fail(`Expected "inject" to have at most ${INJECT_LIMIT} packets, found ${value.length}`);
  const packets: Uint8Array[] = [];
  const view = new PacketView();
  for (const [index, item] of value.entries()) {
    const bytes = bytesOf(item);
    if (bytes === undefined) return fail(`Packet ${index + 1} of "inject" is not base64`);
    if (!view.load(bytes, 0, bytes.length))
      return fail(`Packet ${index + 1} of "inject" is no IP packet: ${view.fault}`);
    packets.push(bytes);
  }
  return ok(packets);
}

const bytesOf = (value: unknown): Uint8Array | undefined =>
  typeof value === 'string' ? decodeBase64(value) : undefined;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of the program, short enough for a message. */
const quote = (text: string | undefined): string => {
  const shown = text ?? 'nothing';
  return shown.length > 60 ? `"${shown.slice(0, 60)}…"` : `"${shown}"`;
};
