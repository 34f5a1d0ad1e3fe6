import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { FAR_NODE, OWN_NODE } from '../../model/alone.ts';
import type { ScriptChannel, ScriptParty, ScriptSpec } from '../../model/script.ts';
import type { Input } from '../verb.ts';
import type { ScriptFlow } from './choose-flow.ts';

/** The party that is to be played. Throws a usage fault where the options do not go together. */
export function chooseParty(input: Input, { name, spec }: ScriptFlow): ScriptParty {
  const { from, to } = channelOf(spec);
  const wished = input.text('party') ?? (input.has('server') ? to : from);
  const own = spec.parties.find((party) => party.name === wished);
  if (!own)
    throw new Fault('usage', `Script "${name}" has no party "${wished}"`, {
      help: `"${from}" connects, "${to}" listens`,
    });
  if (input.has('server') && wished !== to)
    throw new Fault('usage', `${input.origin('server')} plays "${to}", not "${wished}"`, {
      help: `Leave out --party, or name the one that listens: --party ${to}`,
    });
  if (own.program.length === 0)
    throw new Fault('usage', `Party "${wished}" of script "${name}" has no steps`, {
      help: 'Its side is left to a service or program: start that one in its place',
    });
  return own;
}

/** The script with the party at its own node. One over sockets need not know what the other does. */
export function isolateParty(spec: ScriptSpec, own: ScriptParty): ScriptSpec {
  const isRaw = spec.transport.startsWith('raw-');
  const parties = spec.parties.map((party) => {
    if (party.name === own.name) return { ...party, node: OWN_NODE };
    return { ...party, node: FAR_NODE, ...(!isRaw && { program: [] }) };
  });
  return { ...spec, parties };
}

export function channelOf({ channels }: ScriptSpec): ScriptChannel {
  const [channel] = channels;
  invariant(channel, 'A script that is played by hand has one channel');
  return channel;
}
