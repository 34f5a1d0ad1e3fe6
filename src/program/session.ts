// One program's conversation with its censor: lines become calls, what these give becomes lines. Answers to one line leave in one line.
import { decodeBase64, encodeBase64 } from '../base/base64.ts';
import { seededRandom } from '../base/random.ts';
import type { CensorProgram, Flow, Lab, Packet, Verdict } from './api.ts';

const PROTOCOL = 1;

export interface SessionEnds {
  /** Takes a line to the censor, without its end. */
  write(line: string): void;
  log(text: string): void;
}

interface Hello extends Pick<Lab, 'censor' | 'position' | 'seed' | 'params' | 'actions'> {
  readonly hello: number;
}

/** As the line has it. */
interface Question extends Omit<Packet, 'payload'> {
  readonly payload: string;
  readonly flow: number;
  readonly state: Pick<Flow, 'packets' | 'bytes' | 'age'>;
  readonly data: unknown;
}

type Item = Hello | Question | { readonly timer: string };

export class Session {
  readonly #program: CensorProgram;
  readonly #ends: SessionEnds;
  readonly #timers = new Map<string, () => void>();
  #timerCount = 0;
  #lab: Lab | undefined;
  #started: Promise<void> | undefined;
  #answers: object[] = [];
  #isBatch = false;

  constructor(program: CensorProgram, ends: SessionEnds) {
    this.#program = program;
    this.#ends = ends;
  }

  /** Hears one line of the censor. */
  hear(line: string): void {
    const parsed = JSON.parse(line) as Item | readonly Item[];
    this.#isBatch = true;
    for (const item of Array.isArray(parsed) ? (parsed as readonly Item[]) : [parsed as Item])
      this.#hearItem(item);
    this.#isBatch = false;
    this.#flush();
  }

  #hearItem(item: Item): void {
    if ('hello' in item) this.#begin(item);
    else if ('timer' in item) this.#ring(item.timer);
    else if (this.#started === undefined) this.#judge(item);
    else void this.#started.then(() => this.#judge(item));
  }

  #begin(hello: Hello): void {
    const { censor, position, seed, params, actions } = hello;
    const random = seededRandom(seed, `program/${censor}`);
    const lab: Lab = {
      ...{ censor, position, seed, params, actions },
      random: () => random.next(),
      log: (text) => this.#ends.log(text),
      note: (text) => this.#say({ note: text }),
      after: (milliseconds, action) => {
        const timer = `t${(this.#timerCount += 1)}`;
        this.#timers.set(timer, action);
        this.#say({ timer, after: milliseconds });
      },
      inject: (...packets) => this.#say({ inject: packets.map(encodeBase64) }),
    };
    this.#lab = lab;
    this.#started = Promise.resolve(this.#program.start?.(lab)).then(() => {
      this.#started = undefined;
      this.#say({ ready: PROTOCOL });
    });
  }

  #ring(timer: string): void {
    const action = this.#timers.get(timer);
    this.#timers.delete(timer);
    action?.();
  }

  #judge({ payload, flow: number, state, data, ...question }: Question): void {
    const lab = this.#lab;
    if (lab === undefined) return;
    const { id } = question;
    const flow: Flow = { id: number, ...state, data };
    const before = JSON.stringify(data);
    const answer = (verdict: Verdict | undefined): void => {
      const after = JSON.stringify(flow.data) as string | undefined;
      const kept = after === before ? {} : { data: flow.data ?? null };
      this.#say({ id, ...detailsOf(verdict), ...kept });
    };
    const refuse = (error: unknown): void => {
      this.#ends.log(traceOf(error));
      this.#say({ id, error: error instanceof Error ? error.message : String(error) });
    };
    try {
      const packet = { ...question, payload: decodeBase64(payload) ?? new Uint8Array(0) };
      const verdict = this.#program.packet(packet, flow, lab);
      if (verdict instanceof Promise) verdict.then(answer, refuse);
      else answer(verdict ?? undefined);
    } catch (error) {
      refuse(error);
    }
  }

  #say(answer: object): void {
    this.#answers.push(answer);
    if (!this.#isBatch) this.#flush();
  }

  #flush(): void {
    const [first] = this.#answers;
    if (first === undefined) return;
    this.#ends.write(JSON.stringify(this.#answers.length > 1 ? this.#answers : first));
    this.#answers = [];
  }
}

/** Where in the program it was thrown; what called it there is of no interest. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? error.message).split('\n');
  return lines.filter((line) => !/program-host\.js|\(node:/.test(line)).join('\n');
}

function detailsOf(verdict: Verdict | undefined): object {
  if (verdict === undefined) return { action: 'pass' };
  if (typeof verdict === 'string') return { action: verdict };
  const { payload, inject, ...rest } = verdict;
  return {
    ...rest,
    ...(payload && { payload: encodeBase64(payload) }),
    ...(inject && { inject: inject.map(encodeBase64) }),
  };
}
