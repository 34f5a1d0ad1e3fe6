import { readSwitches } from '../../../model/read-switches.ts';
import type { TraceSwitch } from '../../../model/tunnel.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';

/** The switches that a file says, between tunnels of `over`. Null, with a report, where the file is no good. */
export function readTrace(
  context: Context,
  file: string,
  path: Path,
  over: readonly string[],
): readonly TraceSwitch[] | null {
  const text = context.readText(file, path);
  if (!text.ok) return null;
  const switches = readSwitches(text.value, over);
  if (switches.ok) return switches.value;
  const { line, message } = switches.error;
  const place = line === null ? `in "${file}"` : `in line ${line} of "${file}"`;
  context.report('S194', path, `${message} ${place}`, {
    help: `Each line has milliseconds, in order, and one of ${over.join(', ')} or its number, as in "200 ${over[0] ?? ''}"`,
  });
  return null;
}
