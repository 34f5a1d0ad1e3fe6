import { Fault } from '../../base/fault.ts';
import type { TraceSwitch } from '../../model/tunnel.ts';

/**
 * A file of switches: a line each of milliseconds since the beginning and the path from then on, in order. `#` begins a comment. Throws a usage fault
 * that names the line.
 */
export function readSwitches(text: string, file: string, paths: readonly string[]): TraceSwitch[] {
  const switches: TraceSwitch[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim();
    if (words === '') continue;
    const place = `${file}:${index + 1}`;
    const [, at, to] = /^(\d+(?:\.\d+)?)[\s,]+(\S+)$/.exec(words) ?? [];
    if (at === undefined || to === undefined)
      throw new Fault(
        'usage',
        `Expected milliseconds and a path such as "200 2" in ${place}, found ${JSON.stringify(words)}`,
      );
    if (!paths.includes(to))
      throw new Fault(
        'usage',
        `Expected a path from 1 to ${paths.length} in ${place}, found ${JSON.stringify(to)}`,
        { help: 'Say how many there are: trace,file=…,paths=5' },
      );
    if (Number(at) < (switches.at(-1)?.at ?? 0))
      throw new Fault('usage', `Expected times in their order in ${place}, found ${at} ms`);
    switches.push({ at: Number(at), to });
  }
  if (switches.length === 0) throw new Fault('usage', `There are no switches in "${file}"`);
  return switches;
}
