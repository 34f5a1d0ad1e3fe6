import type { TraceSwitch } from '../../../model/tunnel.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { quoted } from '../../text.ts';

const MOST_SWITCHES = 1_000_000;

/** Lines of milliseconds since the migration began and a tunnel of `over`: `200 wgnet2`. Null, with a report, where the file is no good. */
export function readTrace(
  context: Context,
  file: string,
  path: Path,
  over: readonly string[],
): readonly TraceSwitch[] | null {
  const text = context.readText(file, path);
  if (!text.ok) return null;
  const refuse = (message: string): null => {
    context.report('S194', path, `${message} of "${file}"`, {
      help: `Each line has milliseconds, in order, and one of ${over.join(', ')}, as in "200 ${over[0] ?? ''}"`,
    });
    return null;
  };
  const switches: TraceSwitch[] = [];
  for (const [index, line] of text.value.split(/\r?\n/).entries()) {
    const words = line.replace(/#.*/, '').trim();
    if (words === '') continue;
    const [, at = '', to = ''] = /^(\d{1,9}(?:\.\d{1,3})?)[\s,]+(\S+)$/.exec(words) ?? [];
    const before = switches.at(-1)?.at ?? 0;
    if (at === '' || !over.includes(to) || Number(at) < before)
      return refuse(`Expected a switch, found ${quoted(words)} in line ${index + 1}`);
    switches.push({ at: Number(at), to });
  }
  if (switches.length > 0 && switches.length <= MOST_SWITCHES) return switches;
  return refuse(
    `Expected from 1 to ${MOST_SWITCHES} switches, found ${switches.length}, in the lines`,
  );
}
