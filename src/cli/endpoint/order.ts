import { resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { AloneOrder } from '../../model/alone.ts';
import type { ScriptTransport } from '../../model/script.ts';
import type { Input } from '../verb.ts';
import type { ScriptFlow } from './choose-flow.ts';
import { readEnds } from './ends.ts';
import { channelOf, chooseParty, isolateParty } from './party.ts';
import { readPlayTime } from './play-time.ts';
import { readSecurity } from './security.ts';

export interface PartyOrder {
  readonly party: string;
  /** Its host in the scenario. */
  readonly node: string;
  /** Whether it is the one that is connected to. */
  readonly isListening: boolean;
  readonly order: AloneOrder;
}

/** What the command line asks for. Throws usage faults. */
export function orderParty(input: Input, flow: ScriptFlow, seed: number): PartyOrder {
  const own = chooseParty(input, flow);
  const { transport, tls } = flow.spec;
  const channel = channelOf(flow.spec);
  const isListening = channel.to === own.name;
  const security = readSecurity(input, transport, isListening);
  const spec = {
    ...isolateParty(flow.spec, own),
    channels: [readEnds(input, channel, own.name, transport)],
    // Without an authority that both know there is nothing to verify against.
    ...(tls && { tls: { ...tls, verify: tls.verify && security?.trust !== null } }),
  };
  const order: AloneOrder = {
    ...{ flow: flow.name, seed, spec },
    playFor: readPlayTime(input),
    tls: security,
    socket: readSocket(input, transport),
  };
  return { party: own.name, node: own.node, isListening, order };
}

function readSocket(input: Input, transport: ScriptTransport): string | null {
  const path = input.text('socket');
  if (transport === 'unix' && path === undefined)
    throw new Fault('usage', 'Transport unix needs a socket file', {
      help: 'Name the same one for both parties: --socket PATH',
    });
  if (transport !== 'unix' && path !== undefined)
    throw new Fault(
      'usage',
      `${input.origin('socket')} means nothing with transport ${transport}`,
      {
        help: 'Give addresses and ports: --src, --sport, --dst, --dport',
      },
    );
  return path === undefined ? null : resolve(path);
}
