// Blocks a TLS connection whose server name holds a forbidden word, however it is spelled, and counts how often each client has tried.
import type { CensorProgram } from 'netscenario/program';
import { holdsWord } from './words.ts';

const tries = new Map<string, number>();

const censor: CensorProgram = {
  start: (lab) => lab.log(`looking for ${lab.params['word']}`),
  packet: ({ ip, message }, _flow, { params }) => {
    if (message?.protocol !== 'tls') return undefined;
    if (!holdsWord(message.sni ?? '', String(params['word']))) return { flow: true };
    const count = (tries.get(ip.src) ?? 0) + 1;
    tries.set(ip.src, count);
    return { action: 'block', flow: true, note: `${message.sni}, try ${count} of ${ip.src}` };
  },
};
export default censor;
