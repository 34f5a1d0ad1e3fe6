// How many packets the kernel has forwarded in a network namespace, of both families.
import { closeSync, openSync, readSync } from 'node:fs';

const FILES = ['/proc/thread-self/net/snmp', '/proc/thread-self/net/snmp6'] as const;
const ROOM = 16 * 1024;

/** Counts from when it was opened, in the namespace that this thread was in then. */
export class ForwardedPackets {
  readonly #fds = FILES.map((file) => openSync(file, 'r'));
  readonly #buffer: Buffer = Buffer.alloc(ROOM);
  readonly #before: number = this.#read();

  get count(): number {
    return this.#read() - this.#before;
  }

  close(): void {
    for (const fd of this.#fds) closeSync(fd);
  }

  #read(): number {
    const [v4 = '', v6 = ''] = this.#fds.map((fd) =>
      this.#buffer.toString('latin1', 0, readSync(fd, this.#buffer, 0, ROOM, 0)),
    );
    return forwardedV4(v4) + Number(/^Ip6OutForwDatagrams\s+(\d+)/m.exec(v6)?.[1] ?? 0);
  }
}

/** RFC 1213 `ipForwDatagrams`, of a line of names and one of values. */
function forwardedV4(text: string): number {
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('Ip:'));
  const place = names.split(' ').indexOf('ForwDatagrams');
  return Number(values.split(' ')[place] ?? 0);
}
