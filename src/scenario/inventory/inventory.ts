// What an inventory says of machines, whatever form it has.
import type { Severity, Span } from '../../base/diagnostic.ts';
import type { SshHop } from '../../model/machine.ts';

export interface Inventory {
  /** In the order in which they are first mentioned. */
  readonly machines: ReadonlyMap<string, InventoryMachine>;
  /** Names of machines, by group; `all` and `ungrouped` are among them where the inventory is one of Ansible's. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** False after a fault: what seems to be missing may be there. */
  readonly isWhole: boolean;
}

export const NO_INVENTORY: Inventory = { machines: new Map(), groups: new Map(), isWhole: true };

export interface InventoryMachine {
  readonly name: string;
  readonly span: Span;
  /** `ansible_connection=local`: the machine that runner is on. */
  readonly isLocal: boolean;
  /** Switched off by its own `when`; one that the scenario writes for it wins. */
  readonly isOff?: boolean;
  readonly draft: MachineDraft;
  /** Said only when something is on the machine: an inventory may have many that are none of ours. */
  readonly troubles: readonly Trouble[];
}

/** What is written of a machine; what is absent is left to ssh_config(5) or to what runner presumes. */
export interface MachineDraft {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  /** Relative to the folder of the scenario's main file, absolute, or `~/…`. */
  readonly identities?: readonly string[];
  readonly knownHosts?: readonly string[];
  readonly jumps?: readonly SshHop[];
  readonly become?: 'sudo' | false;
  /** Milliseconds. */
  readonly deadMan?: number;
  readonly address?: Placed<string>;
  /** The UDP port; false: none. */
  readonly wireguard?: Placed<number | false>;
}

export interface Placed<T> {
  readonly value: T;
  readonly span: Span;
}

/** A variable's value as text; undefined when it is a list or a map. */
export interface Setting {
  readonly text: string | undefined;
  readonly span: Span;
}

/** A fault that is not yet said. */
export interface Trouble {
  readonly code: string;
  readonly severity?: Severity;
  readonly span: Span;
  readonly message: string;
  readonly help?: string;
}

/** The port of a machine's WireGuard unless another is written: the one that its documentation uses. */
export const WIREGUARD_PORT = 51_820;

export const isMachineName = (text: string): boolean =>
  /^[A-Za-z0-9_]([A-Za-z0-9_.:-]{0,251}[A-Za-z0-9_])?$/.test(text);
