// The thread that has the models: waits to be asked, computes, answers. Whoever asks may not be waiting any more.
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { CensorModel } from '../model/censor.ts';
import { OUTPUT_LIMIT, STATE, WORD, viewsOf } from './shared.ts';
import { type Runtime, type Session, shapeOf } from './session.ts';

interface Order {
  readonly shared: SharedArrayBuffer;
  readonly runtime: string;
  readonly models: readonly CensorModel[];
}

/** Milliseconds: a thread that waited longer could not be ended. */
const LONGEST_WAIT = 250;

const { shared, runtime, models } = workerData as Order;
const { words, inputs, outputs, fault } = viewsOf(shared);
const { InferenceSession, Tensor } = createRequire(import.meta.url)(runtime) as Runtime;

const sessions = await load();
if (sessions !== undefined) await serve(sessions);

async function load(): Promise<readonly Session[] | undefined> {
  const loaded: Session[] = [];
  for (const { file, content } of models)
    try {
      loaded.push(
        await InferenceSession.create(Buffer.from(content, 'base64'), { intraOpNumThreads: 1 }),
      );
    } catch (error) {
      const text = `"${file}": ${error instanceof Error ? error.message : String(error)}`;
      words[WORD.faultBytes] = new TextEncoder().encodeInto(text, fault).written;
      tell(STATE.failed);
      return undefined;
    }
  tell(STATE.ready);
  return loaded;
}

function tell(state: number): void {
  Atomics.store(words, WORD.state, state);
  Atomics.notify(words, WORD.state);
}

async function serve(loaded: readonly Session[]): Promise<void> {
  let done = 0;
  while (Atomics.load(words, WORD.state) !== STATE.stopped) {
    Atomics.wait(words, WORD.asked, done, LONGEST_WAIT);
    const asked = Atomics.load(words, WORD.asked);
    if (asked === done) continue;
    const session = loaded[words[WORD.model] ?? -1];
    words[WORD.outputs] = session === undefined ? -1 : await compute(session);
    done = asked;
    Atomics.store(words, WORD.answered, done);
    Atomics.notify(words, WORD.answered);
  }
}

/** How many numbers are now in `outputs`; -1 when the model cannot tell. */
async function compute(session: Session): Promise<number> {
  try {
    const [input = ''] = session.inputNames;
    const features = inputs.slice(0, words[WORD.inputs]);
    const tensor = new Tensor('float32', features, shapeOf(session, features.length));
    const results = await session.run({ [input]: tensor });
    for (const name of session.outputNames) {
      const { data } = results[name] ?? {};
      if (!(data instanceof Float32Array)) continue;
      const length = Math.min(data.length, OUTPUT_LIMIT);
      outputs.set(data.subarray(0, length));
      return length;
    }
    return -1;
  } catch {
    return -1;
  }
}
