// Names of hosts, as this machine knows them.
import { lookup } from 'node:dns/promises';
import { parseIp } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import type { StreamAddress } from '../../model/relay.ts';
import { EVERYWHERE } from './listeners.ts';

export const addressesOf = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** The addresses to listen on. Throws a machine fault for a name that has none. */
export async function addressesToListenOn(listen: StreamAddress): Promise<readonly string[]> {
  if (listen.kind === 'unix') return [];
  if (listen.host === '*') return EVERYWHERE;
  if (parseIp(listen.host).ok) return [listen.host];
  try {
    return await addressesOf(listen.host);
  } catch (cause) {
    throw new Fault('machine', `The name "${listen.host}" has no address on this machine`, {
      cause,
    });
  }
}
