// Censor programs that misbehave, each in its own way, as the text of a file of our host.

const withPacket = (body: string): string =>
  `import { writeSync } from 'node:fs'; export default (packet, flow, lab) => { ${body} };`;
const onPort = (port: number, action: string): string =>
  `if (packet.tcp?.dstport === ${port}) { ${action} }`;

/** By name; each behaves but for what comes to port 81. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  throws: withPacket(onPort(81, "throw new Error('not today')")),
  hangs: withPacket(onPort(81, 'for (;;);')),
  exits: withPacket(onPort(81, 'process.exit(7);')),
  dies: 'process.exit(3);',
  garbage: withPacket(
    onPort(81, "for (let line = 0; line < 200; line += 1) writeSync(1, 'no\\n');"),
  ),
  floods: withPacket(onPort(81, "for (;;) writeSync(1, 'x'.repeat(65536));")),
  silent: 'setInterval(() => {}, 1000); export default () => new Promise(() => {});',
  counts: `
    export default {
      start: (lab) => { lab.log('start with ' + lab.params.limit); lab.after(50, () => lab.note('fifty')); },
      packet: (packet, flow, lab) => {
        flow.data = (flow.data ?? 0) + 1;
        if (packet.tcp?.dstport === 82) return { action: 'block', flow: true };
        return packet.tcp?.dstport === 81 && packet.payload.length > 0
          ? { payload: Buffer.from('HELLO'), note: 'packet ' + flow.data } : 'pass';
      },
    };`,
};
