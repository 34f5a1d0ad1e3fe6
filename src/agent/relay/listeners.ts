// Opens what a relay listens on. A Unix socket's file that nobody listens on any more makes room; it is gone when the relay is.
import { lstatSync, unlinkSync } from 'node:fs';
import { Fault } from '../../base/fault.ts';
import { listenDatagrams } from '../../kernel/datagram-socket.ts';
import { closeDescriptor } from '../../kernel/process.ts';
import type { SocketAddress } from '../../kernel/socket-address.ts';
import { connectStream, errorName, listenStream, ownAddress } from '../../kernel/stream-socket.ts';
import type { StreamAddress } from '../../model/relay.ts';
import { describeAddress } from '../../model/stream-address.ts';

export interface OpenListener {
  readonly fd: number;
  readonly isDatagram: boolean;
  /** With the port that it has got, where none was asked for. */
  readonly address: StreamAddress;
  /** After its descriptor has been closed. */
  readonly removeFile: () => void;
}

/** `addresses`: of the host, where it is a name. Throws a machine fault where the machine does not let it. */
export function openListeners(
  listen: StreamAddress,
  addresses: readonly string[],
  isTransparent: boolean,
): readonly OpenListener[] {
  if (listen.kind === 'unix') return [openUnix(listen.path)];
  const opened: OpenListener[] = [];
  let { port } = listen;
  for (const address of addresses) {
    try {
      const listener = openIp(listen.kind, { kind: 'ip', address, port }, isTransparent);
      opened.push(listener);
      // All have the port that the first has got.
      if (listener.address.kind !== 'unix') port = listener.address.port;
    } catch (error) {
      // A machine without IPv6 listens on IPv4 alone.
      if (listen.host === '*' && opened.length > 0 && isWithoutFamily(error)) continue;
      for (const { fd } of opened) closeDescriptor(fd);
      throw listenFault(listen, error);
    }
  }
  return opened;
}

/** What `openListeners` takes for a host that is no name. */
export const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

function openIp(kind: 'tcp' | 'udp', address: SocketAddress, isTransparent: boolean): OpenListener {
  const isDatagram = kind === 'udp';
  const listen = isDatagram ? listenDatagrams : listenStream;
  const fd = listen(address, { isTransparent });
  const own = ownAddress(fd);
  const { address: host, port } = own?.kind === 'ip' ? own : { address: '', port: 0 };
  return { fd, isDatagram, address: { kind, host, port }, removeFile: () => undefined };
}

function openUnix(path: string): OpenListener {
  const fd = listenUnix(path);
  const identity = identityOf(path);
  const removeFile = (): void => {
    if (identity !== null && identityOf(path) === identity) unlinkSync(path);
  };
  return { fd, isDatagram: false, address: { kind: 'unix', path }, removeFile };
}

function listenUnix(path: string): number {
  const listen = (): number => listenStream({ kind: 'unix', path }, { isTransparent: false });
  try {
    return listen();
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' || !isStale(path))
      throw listenFault({ kind: 'unix', path }, error);
    unlinkSync(path);
    return listen();
  }
}

/** Whether it is the file of a socket on which nobody listens. */
function isStale(path: string): boolean {
  if (path.startsWith('@') || !lstatSync(path).isSocket()) return false;
  const fd = connectStream({ kind: 'unix', path });
  if (fd >= 0) closeDescriptor(fd);
  return fd < 0 && errorName(fd) === 'ECONNREFUSED';
}

/** Of a file, so that another in its place is not taken for it; null where there is none. */
function identityOf(path: string): string | null {
  if (path.startsWith('@')) return null;
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found ? `${found.dev}/${found.ino}` : null;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const isWithoutFamily = (error: unknown): boolean =>
  codeOf(error) === 'EAFNOSUPPORT' || codeOf(error) === 'EADDRNOTAVAIL';

function listenFault(listen: StreamAddress, error: unknown): Fault {
  const place = describeAddress(listen);
  const fault = (message: string, help: string): Fault =>
    new Fault('machine', message, { help, cause: error });
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return fault(
        `${place} is taken`,
        listen.kind === 'unix'
          ? 'Somebody listens there, or the file is no socket: name another'
          : '"ss -anp" says by whom; or listen on another port',
      );
    case 'EADDRNOTAVAIL':
      return fault(`${place} is not an address of this machine`, '"ip address" lists them');
    case 'EACCES':
    case 'EPERM':
      return fault(
        `${place} is not for this user`,
        'Listen on a port from 1024 on, or run it as root',
      );
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return new Fault('machine', `The relay cannot listen on ${place}: ${reason}`, {
        cause: error,
      });
    }
  }
}
