import type { ScriptSpec } from '../../model/script.ts';
import { isRaw } from '../../model/script-transport.ts';
import type { Rule } from './rule.ts';

/** Plays of a script that are under way at one time can be told apart. */
export const scriptPlays: Rule = (context, { flows }) => {
  for (const { flow, path } of flows) {
    const { probe, schedule } = flow;
    if (probe.kind !== 'script' || schedule.concurrency === 1) continue;
    const fixed = fixedEnd(probe);
    if (fixed !== undefined)
      context.report(
        'S160',
        [...path, 'concurrency'],
        `${schedule.concurrency} plays at once would share one five-tuple: ${fixed}`,
        {
          help: isRaw(probe.transport)
            ? 'With a raw transport the ports are fixed: write one entry for each, with ports of its own'
            : 'Leave the port of the side that connects to the kernel',
        },
      );
  }
};

/** The end that is the same in every play. */
function fixedEnd({ transport, channels }: ScriptSpec): string | undefined {
  if (transport === 'unix') return undefined;
  const fixed = channels.find(({ source }) => source.port !== 0 || transport === 'raw-ip');
  if (fixed === undefined) return undefined;
  return fixed.source.port === 0
    ? `"${fixed.from}" has no ports`
    : `"${fixed.from}" has port ${fixed.source.port}`;
}
