// What the methods of a lab work with, and how they ask its agents.
import { Fault } from '../../base/fault.ts';
import type { Plan } from '../../model/plan.ts';
import type { AgentMethod, AgentMethods } from '../../model/rpc.ts';
import { type Part, callPart } from './part.ts';

export interface Fleet {
  readonly labId: string;
  /** The local part first. */
  readonly parts: readonly Part[];
  /** The folder of the scenario's main file, absolute; empty when the lab is on this machine alone. */
  readonly folder: string;
  readonly onProgress: (text: string) => void;
  /** Machine → where the scenario's own files were put there; once they were. */
  shipped?: ReadonlyMap<string, { readonly folder: string; readonly working?: string }>;
  /** From `build` on: what it built, and where the results go. */
  built?: { readonly plan: Plan; readonly directory: string };
  /** Machine → the address of its underlay; from `build` on, of a plan with trunks. */
  underlays?: ReadonlyMap<string, string>;
}

/** Asks every agent at once; `paramsOf` says what each is asked. */
export function askEach<M extends AgentMethod>(
  fleet: Fleet,
  method: M,
  timeoutMs: number,
  paramsOf: (part: Part) => AgentMethods[M]['params'],
): Promise<AgentMethods[M]['result'][]> {
  return Promise.all(fleet.parts.map((part) => callPart(part, method, paramsOf(part), timeoutMs)));
}

export function built({ built }: Fleet): NonNullable<Fleet['built']> {
  if (!built) throw new Fault('run', 'The lab is not built yet: "build" comes first');
  return built;
}

export function partOn({ parts }: Fleet, machine: string): Part {
  const part = parts.find(({ machine: { name } }) => name === machine);
  if (!part) throw new Fault('run', `The lab has no part on machine "${machine}"`);
  return part;
}

/** In the order of the plan's nodes, as if one agent had answered. */
export const byNode = <T extends { readonly node: string }>(plan: Plan, found: readonly T[]): T[] =>
  plan.nodes.flatMap(({ name }) => found.filter(({ node }) => node === name));
