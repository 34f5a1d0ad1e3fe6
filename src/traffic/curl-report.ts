// What curl(1) says of a transfer on standard error by `--verbose --write-out '%{stderr}\n%{json}\n'`.
import { member } from '../base/member.ts';
import type { FiveTuple } from '../model/observation.ts';

export interface CurlReport {
  readonly exitCode: number;
  /** In words, with the system's reason where there is one; empty when all went well. */
  readonly message: string;
  readonly finalUrl: string | null;
  /** Null where no response came. */
  readonly httpStatus: number | null;
  readonly protocol: string | null;
  /** Milliseconds since the beginning, by name. */
  readonly timings: Readonly<Record<string, number>>;
  /** Null also where redirects led over several connections. */
  readonly fiveTuple: FiveTuple | null;
}

/** Seconds, by the names that timings have. */
const TIMES = {
  connect: 'time_connect',
  tls_handshake: 'time_appconnect',
  first_byte: 'time_starttransfer',
  done: 'time_total',
} as const;

/** Null where the text is none: curl was ended before it could say anything. */
export function readCurlReport(text: string): CurlReport | null {
  const start = text.lastIndexOf('\n{') + 1;
  let report: unknown;
  try {
    report = JSON.parse(text.slice(start));
  } catch {
    return null;
  }
  const number = (name: string): number => Number(member(report, name) ?? 0);
  const words = (name: string): string | null => {
    const value = member(report, name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const httpStatus = number('http_code');
  const [local, remote] = [words('local_ip'), words('remote_ip')];
  return {
    exitCode: number('exitcode'),
    message: [words('errormsg'), number('exitcode') === 0 ? null : reasonIn(text)]
      .filter((part) => part !== null)
      .join(': '),
    finalUrl: httpStatus === 0 ? null : words('url_effective'),
    httpStatus: httpStatus === 0 ? null : httpStatus,
    protocol: PROTOCOLS[words('http_version') ?? ''] ?? null,
    timings: Object.fromEntries(
      Object.entries(TIMES).flatMap(([name, key]) =>
        number(key) > 0 ? [[name, number(key) * 1000]] : [],
      ),
    ),
    fiveTuple:
      local === null || remote === null || number('num_redirects') > 0
        ? null
        : {
            protocol: 'tcp',
            source: local,
            sourcePort: number('local_port'),
            destination: remote,
            destinationPort: number('remote_port'),
          },
  };
}

/** `* connect to 10.0.0.2 port 443 failed: Connection refused`: nothing else tells why. */
const reasonIn = (text: string): string | null =>
  [...text.matchAll(/^\* +connect to .* failed: (.*)$/gm)].at(-1)?.[1]?.trim() ?? null;

const PROTOCOLS: Readonly<Record<string, string>> = {
  '1': 'HTTP/1.0',
  '1.0': 'HTTP/1.0',
  '1.1': 'HTTP/1.1',
  '2': 'HTTP/2.0',
  '3': 'h3',
};
