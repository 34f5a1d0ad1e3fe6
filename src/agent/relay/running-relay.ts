// A relay as whoever has it run sees it: its thread, its audit log and its control, started and ended together.
import { describeAddress } from '../../model/stream-address.ts';
import type { RelaySpec } from '../../model/relay.ts';
import { AuditFile } from './audit-file.ts';
import { type ControlServer, startControl } from './control/control-server.ts';
import { type RelayListener, RelayThread, addressesToListenOn } from './relay-thread.ts';

export interface RelayStart {
  readonly spec: RelaySpec;
  readonly seed: number;
  /** Null: nowhere. */
  readonly audit: string | null;
  /** The namespace that its sockets are in; null: the process's own. */
  readonly namespaceFd: number | null;
}

export interface RunningRelay {
  /** Resolves when it accepts. Rejects with a fault where it cannot. */
  readonly ready: Promise<RelayPlaces>;
  stop(): Promise<void>;
}

/** As addresses are written. */
export interface RelayPlaces {
  readonly listening: readonly string[];
  readonly control: string | null;
}

export function startRelay(
  { spec, seed, audit, namespaceFd }: RelayStart,
  listener: Omit<RelayListener, 'audit'>,
): RunningRelay {
  const file = audit === null ? null : new AuditFile(audit);
  let thread: RelayThread | null = null;
  let control: ControlServer | null = null;
  const begin = async (): Promise<RelayPlaces> => {
    await file?.ready();
    const listenOn = await addressesToListenOn(spec.listen);
    thread = new RelayThread(
      { spec, seed, listenOn, namespaceFd },
      { ...listener, audit: async (text) => file?.append(text) },
    );
    const listening = await thread.listening;
    if (spec.control !== null)
      control = await startControl(spec.control, spec, thread, namespaceFd);
    return { listening, control: control === null ? null : describeAddress(control.address) };
  };
  const ready = begin();
  return {
    ready,
    stop: async () => {
      await ready.catch(() => undefined);
      await control?.close();
      await thread?.stop();
      await file?.close().catch(() => undefined);
    },
  };
}
