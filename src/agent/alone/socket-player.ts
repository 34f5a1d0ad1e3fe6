// A party over sockets of this process's own network stack, by the driver that plays in labs.
import { constants, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { type AloneOrder, OWN_NODE } from '../../model/alone.ts';
import type { ScriptParty, ScriptSpec } from '../../model/script.ts';
import { createAuthority } from '../endpoint/authority.ts';
import type { ScriptSetup } from '../endpoint/protocol.ts';
import type { Begin } from '../endpoint/script/party.ts';
import { createScripts } from '../endpoint/script/scripts.ts';
import { placeFault } from './place-fault.ts';
import type { PartyPlayer } from './party-player.ts';

export async function createSocketPlayer(order: AloneOrder): Promise<PartyPlayer> {
  const { flow, spec, seed, tls, socket } = order;
  const authority = createAuthority();
  const setup: ScriptSetup = {
    ...{ flow, spec, seed },
    credentials: tls && (tls.credentials ?? authority.issue(flow, serverNames(spec))),
    sockets: socket === null ? null : { folderFd: openFolder(socket), names: [basename(socket)] },
  };
  const scripts = createScripts(OWN_NODE, tls?.trust ?? authority.certificate, [setup]);
  await scripts.load();
  const at = beginOf(spec);
  let givenUp: number | null = null;
  return {
    canQueue: true,
    open: async (attempt) => {
      try {
        await scripts.open({ flow, attempt });
      } catch (error) {
        throw error instanceof Fault ? (placeFault(error.cause, spec, socket) ?? error) : error;
      }
    },
    run: async (attempt) => {
      const [report] = await scripts.play({ flow, attempt, at });
      invariant(report, 'The party that is played has a channel');
      return attempt === givenUp ? null : report;
    },
    giveUp: (attempt) => {
      if (!scripts.isAlone({ flow, attempt })) return;
      givenUp = attempt;
      scripts.endPlay({ flow, attempt, reason: 'Nobody came', tuples: [] });
    },
    stop: () => scripts.stop(),
  };
}

/** Whoever listens waits for its peer, but where it sends datagrams of its own accord. */
function beginOf({ transport, parties, channels }: ScriptSpec): Begin {
  const own = parties.find(({ node }) => node === OWN_NODE);
  const [channel] = channels;
  if (!own || channel?.from === own.name) return null;
  return transport === 'udp' && channel?.source.port !== 0 && speaksFirst(own) ? null : 'peer';
}

const TRAFFIC: ReadonlySet<string> = new Set(['send', 'arrive', 'expect']);
const speaksFirst = ({ program }: ScriptParty): boolean =>
  program.find(({ op }) => TRAFFIC.has(op))?.op === 'send';

const serverNames = ({ tls, channels }: ScriptSpec): string[] => [
  ...(tls?.sni ? [tls.sni] : []),
  ...channels.map(({ destination }) => destination.address),
];

function openFolder(socket: string): number {
  const folder = dirname(socket);
  try {
    return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `The folder of the socket file cannot be opened: ${reason}`, {
      help: `Make it first: mkdir -p ${folder}`,
      cause,
    });
  }
}
