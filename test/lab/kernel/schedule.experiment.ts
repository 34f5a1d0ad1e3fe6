import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { hurry } from '../../../src/kernel/schedule.ts';

const before = getPriority();
hurry();
const [, turn] = /se\.slice\s*:\s*(\d+)/.exec(readFileSync('/proc/self/sched', 'utf8')) ?? [];
process.stdout.write(JSON.stringify({ turn: Number(turn), isSooner: getPriority() <= before }));
