// Plans with containers, for tests that need no engine.
import type { ContainerSpec } from '../../src/model/container.ts';
import type { Plan, PlanNode } from '../../src/model/plan.ts';
import { REPORT } from '../report/fixture.ts';

const SPEC: ContainerSpec = {
  image: { name: 'bb:1', pull: 'missing', build: null },
  command: null,
  entrypoint: null,
  environment: {},
  mounts: [],
  user: null,
  workingDir: null,
  hostname: 'web',
  capabilities: { add: [], drop: [] },
  privileged: false,
  devices: [],
  securityOptions: [],
  sysctls: {},
  ulimits: [],
  memory: null,
  cpus: null,
  pids: null,
  shmSize: null,
  readOnly: false,
  init: false,
  tty: false,
  healthcheck: 'none',
  dependsOn: [],
  startTimeout: 1000,
  stopSignal: null,
  stopGrace: 0,
  copies: [],
  censor: false,
  idle: false,
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
