import type { Path } from '../../source/tree.ts';
import { listed } from '../../text.ts';
import { peerOn } from './acts.ts';
import type { ScriptScope } from './scope.ts';

/** The place of the channel that a step of `party` is about. Undefined, with a report, when there is none or no telling which. */
export function chooseChannel(
  { context, channels }: ScriptScope,
  party: string,
  to: string | undefined,
  path: Path,
): number | undefined {
  const own = channels.flatMap((channel, index) =>
    channel.from === party || channel.to === party ? [{ index, peer: peerOn(channel, party) }] : [],
  );
  const peers = [...new Set(own.map(({ peer }) => peer))];
  const fitting = to === undefined ? own : own.filter(({ peer }) => peer === to);
  const [only, other] = fitting;
  if (only !== undefined && other === undefined) return only.index;
  if (only === undefined)
    context.report(
      'S150',
      to === undefined ? path : [...path, 'to'],
      to === undefined ? `"${party}" speaks with nobody` : `"${party}" does not speak with "${to}"`,
      {
        help:
          (to === undefined ? undefined : context.suggest(to, peers)) ??
          `It speaks with ${listed(peers, 'and')}: see "between"`,
      },
    );
  else
    context.report('S150', path, `"${party}" speaks with several: with whom here?`, {
      key: true,
      help: `Add "to" with ${listed(peers)}`,
    });
  return undefined;
}
