// Unix sockets in the lab's own folder: those whose path is a name alone. No two labs meet there.
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { RelaySpec, StreamAddress } from '../../model/relay.ts';

export class LabSockets {
  /** A socket's path has 107 bytes (unix(7)), and that of a results folder may have more. */
  readonly #folder: number;

  constructor(directory: string) {
    this.#folder = openSync(join(directory, 'lab'), 'r');
  }

  /** What the relay is told, with paths that it can open. */
  place(spec: RelaySpec): RelaySpec {
    const { listen, target, control } = spec;
    return {
      ...spec,
      listen: this.#placed(listen),
      target: target === 'original' ? target : this.#placed(target),
      control: control === null ? null : this.#placed(control),
    };
  }

  close(): void {
    closeSync(this.#folder);
  }

  #placed(address: StreamAddress): StreamAddress {
    if (address.kind !== 'unix' || /^[@/]/.test(address.path)) return address;
    return { kind: 'unix', path: `/proc/self/fd/${this.#folder}/${address.path.slice(2)}` };
  }
}
