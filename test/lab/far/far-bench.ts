// Far machines for one test, all of which are gone behind it.
import { expect } from 'chai';
import { Fault } from '../../../src/base/fault.ts';
import type { FarMachine } from '../../../src/lab/far/far-machine.ts';
import { type OpenOptions, openFarMachine } from '../../../src/lab/far/open-far-machine.ts';
import { type FarHost, type FarHostOptions, startFarHost } from './far-host.ts';

export const CACHE = '/home/edge/.cache/netscenario';

export interface FarBench {
  begin(options?: FarHostOptions): Promise<FarHost>;
  open(host: FarHost, options?: Partial<OpenOptions>): Promise<FarMachine>;
  clear(): Promise<void>;
}

export function createBench(): FarBench {
  const hosts: FarHost[] = [];
  const machines: FarMachine[] = [];
  return {
    begin: async (options) => {
      const host = await startFarHost(options);
      hosts.push(host);
      return host;
    },
    open: async (host, options) => {
      const machine = await openFarMachine({
        ...{ machine: host.machine, folder: host.folder, ask: () => Promise.resolve(null) },
        ...options,
      });
      machines.push(machine);
      return machine;
    },
    clear: async () => {
      for (const machine of machines.splice(0)) machine.close();
      await Promise.all(hosts.splice(0).map((host) => host.stop()));
    },
  };
}

export async function faultOf(
  promise: Promise<unknown>,
  kind: string,
  pattern: RegExp,
): Promise<Fault> {
  const fault = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof Fault)) throw new Error(`No fault: ${String(fault)}`);
  expect(fault.kind).to.equal(kind);
  expect(fault.message).to.match(pattern);
  return fault;
}
