// Plans with containers, for tests that need no engine.
import type { ContainerSpec } from '../../src/model/container.ts';
import type { Plan, PlanNode } from '../../src/model/plan.ts';
import { PLAIN_SPEC } from '../engine/container-orders.ts';
import { REPORT } from '../report/fixture.ts';

const SPEC: ContainerSpec = {
  ...PLAIN_SPEC,
  image: { name: 'bb:1', pull: 'missing', build: null },
};

const node = ({ name, ...changes }: { name: string } & Partial<ContainerSpec>): PlanNode => ({
  name,
  kind: 'container',
  container: { ...SPEC, hostname: name, ...changes },
  machine: 'local',
  stack: 'namespace',
  forwarding: false,
  path: 'kernel',
  interfaces: [],
  routes: [],
  rules: [],
  nat: [],
  names: [],
  resolvers: [],
});

/** A plan of these containers alone. */
export const containerPlan = (
  containers: readonly ({ name: string } & Partial<ContainerSpec>)[],
): Plan => ({ ...REPORT.plan, nodes: containers.map(node) });
