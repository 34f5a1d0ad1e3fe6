import type { IpAddress } from '../../../../base/addresses.ts';
import { formatIp } from '../../../../base/addresses.ts';
import { openIcmp } from '../../../../kernel/hops.ts';
import { readIcmpAnswer } from '../../../../traffic/icmp-error.ts';
import type { IcmpAnswer } from '../../../../traffic/icmp-error.ts';
import type { Measurement } from '../../measurement.ts';

/** Called with an answer, who sent it, and when the kernel took it in (microseconds since the epoch). */
export type OnIcmp = (answer: IcmpAnswer, source: string, time: number) => void;

export interface IcmpListener {
  /** Hears answers from now on in place of whoever heard them before. */
  listen(onAnswer: OnIcmp): void;
  /** Takes what has come already. */
  drain(): void;
  /** Sends an ICMP message with this TTL or hop limit. */
  send(target: IpAddress, message: Uint8Array, limit: number): void;
  close(): void;
}

/** Milliseconds between two looks: what came says itself when. */
const PERIOD = 2;

/** Hears the ICMP messages that this node gets; Node has no sockets for them. Closed when the attempt fails. */
export function listenIcmp(family: 4 | 6, measurement: Measurement): IcmpListener {
  const socket = openIcmp(family);
  let hear: OnIcmp = () => undefined;
  const drain = (): void => {
    for (let next = socket.receive(); next !== null; next = socket.receive()) {
      const answer = readIcmpAnswer(family, next.message);
      if (answer) hear(answer, formatIp({ family, bytes: next.source }), next.time);
    }
  };
  const timer = setInterval(drain, PERIOD);
  const close = (): void => {
    clearInterval(timer);
    socket.close();
  };
  measurement.onFailure(close);
  return {
    listen: (onAnswer) => {
      hear = onAnswer;
    },
    drain,
    send: (target, message, limit) => socket.send(target.bytes, message, limit),
    close,
  };
}
