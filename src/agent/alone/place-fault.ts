import { networkInterfaces } from 'node:os';
import { Fault } from '../../base/fault.ts';
import { OWN_NODE } from '../../model/alone.ts';
import type { ScriptEndpoint, ScriptSpec } from '../../model/script.ts';

/** The end of the party that is played. */
export function ownEnd({ parties, channels }: ScriptSpec): ScriptEndpoint {
  const own = parties.find(({ node }) => node === OWN_NODE)?.name;
  const [channel] = channels;
  const end = channel?.from === own ? channel?.source : channel?.destination;
  return end ?? { address: '', port: 0 };
}

/** Why the machine does not let a party have its end, from the system's error; undefined for other errors. */
export function placeFault(
  error: unknown,
  spec: ScriptSpec,
  socket: string | null,
): Fault | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const { address, port } = ownEnd(spec);
  const place = socket === null ? `Port ${port} of ${address}` : `Socket file "${socket}"`;
  const fault = (message: string, help: string): Fault =>
    new Fault('machine', message, { help, cause: error });
  switch (code) {
    case 'EADDRNOTAVAIL':
      return fault(
        `Address ${address} is not one of this machine`,
        `Give one of its own with --src: ${ownAddresses().join(', ')}`,
      );
    case 'EADDRINUSE':
      return fault(
        `${place} is taken`,
        socket === null
          ? `"ss -anp" says by whom; or give another port with --sport`
          : 'Remove it if nobody listens there, or name another with --socket',
      );
    case 'EACCES':
      return fault(
        `${place} is not for this user`,
        socket === null
          ? 'Give a port from 1024 on with --sport, or run it as root'
          : 'Name a file in a folder of yours with --socket',
      );
    default:
      return undefined;
  }
}

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
