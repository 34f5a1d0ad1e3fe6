import type { HopAnswer } from '../../../../model/observation.ts';
import { nowMicros } from '../../clock.ts';

/** What answers one packet of a traceroute, until it is time for the next. */
export interface Gathering {
  /** Notes that the packet leaves now. */
  begin(): void;
  /** `time` is when it came, microseconds since the epoch: now unless given. The same answer again is none. */
  add(answer: Omit<HopAnswer, 'rtt'>, time?: number): void;
  /** Resolves to all that came. */
  readonly finished: Promise<readonly HopAnswer[]>;
}

/** Milliseconds after the first answer in which others still belong to the same packet: a censor and a router may both answer. */
const COMPANY = 100;

/** `limit` is how many milliseconds the first answer may take, from the moment that the packet leaves. */
export function gatherAnswers(limit: number): Gathering {
  const answers: HopAnswer[] = [];
  let finish = (): void => undefined;
  const finished = new Promise<readonly HopAnswer[]>((resolve) => {
    finish = () => resolve(answers);
  });
  let left = nowMicros();
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: () => {
      left = nowMicros();
      timer = setTimeout(finish, limit);
    },
    add: (answer, time = nowMicros()) => {
      const isKnown = answers.some(
        ({ kind, address }) => kind === answer.kind && address === answer.address,
      );
      if (isKnown) return;
      if (answers.length === 0) {
        clearTimeout(timer);
        timer = setTimeout(finish, COMPANY);
      }
      answers.push({ ...answer, rtt: Math.max(0, time - left) / 1000 });
    },
    finished,
  };
}
