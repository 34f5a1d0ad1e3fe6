// The TCP connection to the first hop, and what its failures mean.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Fault } from '../base/fault.ts';
import { describeWhere } from './where.ts';
import type { Where } from './where.ts';

/** A connected socket that sends at once. Throws a machine fault. */
export async function dial(where: Where, signal: AbortSignal): Promise<Socket> {
  const { host, port } = where.hop;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const settle = (): void => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('connect', succeed);
    };
    const succeed = (): void => {
      settle();
      resolve(socket);
    };
    const fail = (cause: Error): void => {
      settle();
      reject(explainDial(cause, where));
    };
    const abort = (): void => {
      settle();
      socket.destroy();
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    socket.once('connect', succeed).once('error', fail);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

/** What an error of connect(2) or of the name's lookup means for a machine. */
export function explainDial(cause: Error, where: Where): Fault {
  const code = codeOf(cause);
  const { host, port } = where.hop;
  const [found, help] = MEANINGS[code]?.(host, port) ?? [
    cause.message === '' ? code : cause.message,
    `Try "ssh -v -p ${port} ${host}" to see more`,
  ];
  return new Fault('machine', `Cannot reach ${describeWhere(where)}: ${found}`, { help, cause });
}

/** When several addresses were tried, the first's code is told: its others mostly are unreachable families. */
function codeOf(cause: Error): string {
  if (cause instanceof AggregateError) {
    const codes = cause.errors.map((one: unknown) => (one instanceof Error ? codeOf(one) : ''));
    return (
      codes.find((code) => !/^(ENETUNREACH|EADDRNOTAVAIL|EAFNOSUPPORT)$/.test(code)) ??
      codes[0] ??
      ''
    );
  }
  return 'code' in cause ? String(cause.code) : '';
}

type Meaning = (host: string, port: number) => readonly [found: string, help: string];

const noRoute: Meaning = (host) => [
  `there is no route to "${host}"`,
  `Check the address and this machine's network: "ip route get ${host}"`,
];
const noAnswer: Meaning = (host, port) => [
  `"${host}" does not answer on port ${port}`,
  'Check that the machine runs, and that no firewall drops the connection',
];
const noName: Meaning = (host) => [
  `the name "${host}" has no address`,
  `Check the name, or give the address: "getent hosts ${host}"`,
];

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: (_, port) => [
    `connection refused on port ${port}`,
    'Check the port, and that sshd runs there: "systemctl status ssh"',
  ],
  ECONNRESET: (_, port) => [
    `the connection to port ${port} was reset`,
    'Check the port, and that no firewall stands in between',
  ],
  ENOTFOUND: noName,
  EAI_AGAIN: (host) => [
    `the name "${host}" could not be looked up now`,
    "Check this machine's name servers (/etc/resolv.conf)",
  ],
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  EADDRNOTAVAIL: noRoute,
  ETIMEDOUT: noAnswer,
};
