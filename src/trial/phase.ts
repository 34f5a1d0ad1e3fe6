import type { ArmNotes, ArmOptions } from './arm.ts';
import { now } from './clock.ts';

export interface Phase {
  /** Its name in run.json's timings. */
  readonly name: string;
  /** What people see while it lasts. */
  readonly title: string;
  /** The line it leaves; null leaves none. */
  readonly line: (millis: number) => string | null;
}

/** Does one phase of an arm: shown to people, noted as events, timed whatever comes of it. */
export async function inPhase<T>(
  { name, title, line }: Phase,
  { name: arm, log, progress }: ArmOptions,
  notes: ArmNotes,
  work: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const tell = (state: 'begins' | 'ends' | 'breaks'): void =>
    log({ kind: 'phase', time: now(), arm, phase: name, state });
  progress.begin(title);
  tell('begins');
  try {
    const value = await work();
    notes.timings[name] = performance.now() - begun;
    tell('ends');
    progress.end(line(notes.timings[name]));
    return value;
  } catch (error) {
    notes.timings[name] = performance.now() - begun;
    tell('breaks');
    throw error;
  }
}
