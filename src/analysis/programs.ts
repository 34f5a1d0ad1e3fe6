// Which program began a connection. Packets name no process: only a program that was alone on its node can be told.
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { type CaptureIndex, type Conversation, addressOf } from './capture-index.ts';
import { isOfMirror } from './mirror-packets.ts';
import { nodeWithAddress } from './path.ts';
import { NO_SKEW, type Skew } from './skew.ts';
import { isOfTunnel } from './tunnel-packets.ts';

/** What a program began, and what it or another may have begun. */
export interface Beginnings {
  /** In order of time. */
  readonly own: readonly Conversation[];
  /** How many programs ran at once when a connection began that none can be given; 0 when there is none. */
  readonly contenders: number;
}

/** Splits what the program's node began during the attempt into its own and what cannot be told apart. */
export function beginningsOf(
  plan: Plan,
  observations: readonly Observation[],
  indexes: readonly CaptureIndex[],
  attempt: Observation,
  isClaimed: (conversation: Conversation) => boolean,
  skew: Skew = NO_SKEW,
): Beginnings {
  const { node, start, end } = attempt;
  const others = [
    ...observations.filter((other) => other !== attempt && isProgram(other)),
    ...backgroundOf(plan, observations, skew),
  ].filter((other) => other.node === node);
  const own: Conversation[] = [];
  let contenders = 0;
  for (const { file, conversations } of indexes) {
    if (file.node !== node) continue;
    for (const conversation of conversations) {
      const begun = beginOf(conversation);
      if (begun < start || begun > end || isClaimed(conversation)) continue;
      if (isOfTunnel(plan, conversation) || isOfMirror(plan, conversation)) continue;
      // What others began is answered or forwarded here.
      if (nodeWithAddress(plan, addressOf(conversation.near))?.name !== node) continue;
      const rivals = others.filter((other) => other.start <= begun && begun <= other.end).length;
      if (rivals === 0) own.push(conversation);
      else contenders = Math.max(contenders, rivals + 1);
    }
  }
  return { own: own.toSorted((left, right) => beginOf(left) - beginOf(right)), contenders };
}

/** What starts programs that begin connections of their own. */
const isProgram = ({ probe }: Observation): boolean => probe === 'run' || probe === 'visit';

const beginOf = ({ times }: Conversation): number => times[0] ?? 0;

/** Background programs leave no observation: each runs from the end of what it waits for until traffic ends. */
const backgroundOf = (
  { flows }: Plan,
  observations: readonly Observation[],
  skew: Skew,
): Pick<Observation, 'node' | 'start' | 'end'>[] =>
  flows.flatMap(({ from, probe, schedule }) => {
    if (probe.kind !== 'run' || !probe.background) return [];
    const awaited = observations.filter(({ flow }) => schedule.after.includes(flow));
    const start = Math.max(0, ...awaited.map(({ end, node }) => end - skew(node, from)));
    return [{ node: from, start, end: Infinity }];
  });
