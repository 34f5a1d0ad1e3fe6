// A relay as whoever has it run sees it: its thread, its audit log and its control, started and ended together.
import { describeAddress } from '../../model/stream-address.ts';
import type { RelayFault, RelaySpec } from '../../model/relay.ts';
import type { ProxyChange } from '../../model/traffic.ts';
import { AuditFile } from './audit-file.ts';
import { type ControlServer, startControl } from './control/control-server.ts';
import { RelaySettings } from './control/relay-settings.ts';
import { addressesToListenOn } from './addresses-of.ts';
import { type RelayListener, RelayThread } from './relay-thread.ts';

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
  /** Resolves when it is in force. */
  change(change: ProxyChange): Promise<void>;
  stop(): Promise<void>;
}

/** As addresses are written. */
export interface RelayPlaces {
  readonly listening: readonly string[];
  readonly control: string | null;
}

export interface StartListener extends Omit<RelayListener, 'audit' | 'isQuiet'> {
  /** Absent: it wants to hear of all. */
  readonly isQuiet?: boolean;
  /** Lines that have been written to the audit file. */
  audited?(text: string): void;
  /** All faults, as they are from now on. */
  faults?(faults: readonly RelayFault[]): void;
}

export function startRelay(
  { spec, seed, audit, namespaceFd }: RelayStart,
  listener: StartListener,
): RunningRelay {
  const file = audit === null ? null : new AuditFile(audit);
  let thread: RelayThread | null = null;
  let control: ControlServer | null = null;
  let settings: RelaySettings | null = null;
  // Its records may lie where methods are looked up, as those of a class do.
  const own: Omit<RelayListener, 'audit'> = {
    isQuiet: listener.isQuiet ?? false,
    news: (news) => listener.news(news),
    statistics: (statistics) => listener.statistics(statistics),
    loss: (count, what) => listener.loss(count, what),
    broken: (fault) => listener.broken(fault),
  };
  const keep = async (text: string): Promise<void> => {
    await file?.append(text);
    listener.audited?.(text);
  };
  const isAudited = file !== null || listener.audited !== undefined;
  const begin = async (): Promise<RelayPlaces> => {
    await file?.ready();
    const listenOn = await addressesToListenOn(spec.listen);
    thread = new RelayThread(
      { spec, seed, listenOn, namespaceFd },
      { ...own, audit: isAudited ? keep : null },
    );
    const listening = await thread.listening;
    settings = new RelaySettings(spec, thread, (faults) => listener.faults?.(faults));
    if (spec.control !== null) control = await startControl(spec.control, settings, namespaceFd);
    return { listening, control: control === null ? null : describeAddress(control.address) };
  };
  const ready = begin();
  return {
    ready,
    change: async (change) => {
      await ready;
      await settings?.apply(change);
    },
    stop: async () => {
      await ready.catch(() => undefined);
      await control?.close();
      await thread?.stop();
      await file?.close().catch(() => undefined);
    },
  };
}
