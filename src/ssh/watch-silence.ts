// Notices a connection that has died without a word, as when a cable is pulled.
import type { Duplex } from 'node:stream';
import type { Hop } from './hop.ts';

/**
 * Calls `dead` once when nothing came for aliveInterval × aliveCount. Any byte counts as life, not only the answers to
 * keepalives: over a slow line those queue behind data.
 */
export function watchSilence(
  stream: Duplex,
  { aliveInterval, aliveCount }: Hop,
  dead: (why: string) => void,
): void {
  if (aliveInterval === 0) return;
  const limit = aliveInterval * aliveCount;
  // In two halves: when this process itself was busy for long, what came meanwhile is read between them.
  let isWarned = false;
  const timer = setTimeout(() => {
    if (isWarned) dead(`nothing came for ${limit / 1000} s`);
    else timer.refresh();
    isWarned = true;
  }, limit / 2);
  const heard = (): void => {
    isWarned = false;
    timer.refresh();
  };
  stream.on('data', heard);
  stream.once('close', () => {
    stream.off('data', heard);
    clearTimeout(timer);
  });
}
