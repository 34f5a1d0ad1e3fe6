// Asks the thread that has the models, and waits for its answer as long as a packet may wait.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Fault } from '../base/fault.ts';
import type { ModelEvaluator } from '../model/censor-evaluator.ts';
import type { CensorModel } from '../model/censor.ts';
import { findRuntime } from './find-runtime.ts';
import { INPUT_LIMIT, STATE, type SharedViews, WORD, sharedSize, viewsOf } from './shared.ts';

/** Milliseconds. */
const START_LIMIT = 15_000;
const ANSWER_LIMIT = 20;

export interface EvaluatorCounters {
  asked: number;
  /** Without an answer in time, or asked while it still computed what came too late. */
  late: number;
  /** The model refused the inputs. */
  failed: number;
}

export class OnnxEvaluator implements ModelEvaluator {
  readonly counters: EvaluatorCounters = { asked: 0, late: 0, failed: 0 };
  readonly #views: SharedViews;
  readonly #worker: Worker;
  readonly #limit: number;

  /** Returns when the models are loaded. `folder` is where the runtime is looked for besides; `limit`: milliseconds for an answer. */
  constructor(models: readonly CensorModel[], folder: string, limit: number = ANSWER_LIMIT) {
    const runtime = findRuntime(folder);
    const shared = new SharedArrayBuffer(sharedSize);
    this.#views = viewsOf(shared);
    this.#limit = limit;
    this.#worker = new Worker(findWorker(), {
      workerData: { shared, runtime, models },
      // It is JavaScript, whatever loads this file.
      execArgv: [],
    });
    this.#worker.unref();
    const { words, fault } = this.#views;
    Atomics.wait(words, WORD.state, STATE.starting, START_LIMIT);
    const state = Atomics.load(words, WORD.state);
    if (state === STATE.ready) return;
    // One that could not load them ends by itself.
    if (state === STATE.starting) void this.#worker.terminate();
    const text = new TextDecoder().decode(fault.slice(0, words[WORD.faultBytes]));
    throw new Fault(
      'usage',
      state === STATE.failed
        ? `A model cannot be loaded: ${text}`
        : `The models are not loaded after ${START_LIMIT} ms`,
    );
  }

  evaluate(model: number, features: Float32Array): Float32Array | null {
    const { words, inputs, outputs } = this.#views;
    this.counters.asked += 1;
    const before = Atomics.load(words, WORD.answered);
    if (features.length > INPUT_LIMIT) {
      this.counters.failed += 1;
      return null;
    }
    // It still computes what nobody waits for any more.
    if (before !== Atomics.load(words, WORD.asked)) {
      this.counters.late += 1;
      return null;
    }
    inputs.set(features);
    words[WORD.model] = model;
    words[WORD.inputs] = features.length;
    Atomics.store(words, WORD.asked, (before + 1) | 0);
    Atomics.notify(words, WORD.asked);
    if (Atomics.wait(words, WORD.answered, before, this.#limit) === 'timed-out') {
      this.counters.late += 1;
      return null;
    }
    const length = words[WORD.outputs] ?? -1;
    if (length >= 0) return outputs.slice(0, length);
    this.counters.failed += 1;
    return null;
  }

  /** The thread ends by itself, once it has computed what it was asked: to end it within the runtime would abort the whole process. */
  close(): void {
    const { words } = this.#views;
    Atomics.store(words, WORD.state, STATE.stopped);
    Atomics.notify(words, WORD.asked);
  }
}

/** Built: beside this code's bundle, beside the folder of its chunk, or in dist/ when it runs from its sources. */
function findWorker(): URL {
  const places = ['./', '../', '../../dist/'].map(
    (folder) => new URL(`${folder}onnx-worker.js`, import.meta.url),
  );
  const found = places.find((place) => existsSync(fileURLToPath(place)));
  if (found === undefined)
    throw new Fault('machine', 'dist/onnx-worker.js was not found', { help: 'Run "make build"' });
  return found;
}
