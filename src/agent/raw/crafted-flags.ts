import type { Instruction } from '../../model/script.ts';

/** The flags of all segments that a program crafts on a channel, whichever way it goes. */
export function craftedFlags(program: readonly Instruction[], channel: number): number {
  let flags = 0;
  const bodies = [program];
  for (let body = bodies.pop(); body; body = bodies.pop())
    for (const instruction of body)
      switch (instruction.op) {
        case 'craft':
          if (instruction.channel === channel) flags |= instruction.flags ?? 0;
          break;
        case 'branch':
          bodies.push(instruction.yes, instruction.no);
          break;
        case 'loop':
          bodies.push(instruction.body);
          break;
        case 'send':
        case 'arrive':
        case 'expect':
        case 'close':
        case 'wait':
        case 'set':
        case 'stack':
          break;
      }
  return flags;
}
