import { echoPayload } from '../../../../traffic/echo.ts';
import { buildEcho } from '../../../../traffic/icmp-error.ts';
import { gatherAnswers } from './gathering.ts';
import type { TraceStep } from './step.ts';

/** Bytes of data in an echo request. */
const SIZE = 32;

/** An echo request. */
export const stepIcmp: TraceStep = ({ probe, target, listener }, ttl) => {
  const id = Math.floor(Math.random() * 0x1_0000);
  const { address } = probe.target;
  const gathering = gatherAnswers(probe.hopTimeout);
  listener.listen((answer, source, time) => {
    if (answer.kind === 'echo-reply') {
      if (answer.id === id) gathering.add({ kind: 'echo-reply', address: source }, time);
    } else if (answer.quoted.first === id && answer.quoted.destination === address) {
      const detail = answer.detail === '' ? {} : { detail: answer.detail };
      gathering.add({ kind: answer.kind, address: source, ...detail }, time);
    }
  });
  gathering.begin();
  listener.send(target, buildEcho(target.family, { id, sequence: ttl }, echoPayload(0, SIZE)), ttl);
  return gathering.finished;
};
