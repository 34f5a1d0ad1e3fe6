import type { AgentEvent, AuthorityKey } from '../model/rpc.ts';
import type { Plan } from '../model/plan.ts';
import type { Containers } from './container/containers.ts';
import type { Secrets } from './container/secrets.ts';

/** What the agent's parts are handed: the plan, where files go, the nodes' namespaces and the way to the runner. */
export interface AgentContext {
  readonly plan: Plan;
  /** Holds captures/, logs/ and lab/ (hosts files); absolute. */
  readonly directory: string;
  /** That of the scenario's main file, absolute; absent where nothing of it is served. */
  readonly folder?: string;
  /** The file descriptor, in this process, of a node's network namespace; null is the lab's own segment namespace. */
  namespaceFd(node: string | null): number;
  emit(event: AgentEvent): void;
  /** Of a lab on several machines; absent: the agent makes one of its own. */
  readonly authority?: AuthorityKey;
  /** Absent where nothing asks for any. */
  readonly secrets?: Secrets;
  /** Absent where there are none. */
  readonly containers?: Containers;
}
