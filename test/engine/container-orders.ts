import type { ContainerOrder } from '../../src/engine/engine.ts';
import type { ContainerSpec } from '../../src/model/container.ts';

/** A container that asks for nothing in particular. */
export const PLAIN_SPEC: ContainerSpec = {
  image: { name: 'unused', pull: 'never', build: null },
  command: null,
  entrypoint: null,
  environment: {},
  mounts: [],
  user: null,
  workingDir: null,
  hostname: 'node',
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

export const orderOf = (
  labId: string,
  node: string,
  changes: Partial<ContainerOrder> = {},
): ContainerOrder => ({
  name: `${labId}-${node}`,
  labels: {
    'runner.lab': labId,
    'runner.node': node,
    'runner.scenario': 'test',
    'runner.directory': '/results',
  },
  image: 'unused',
  spec: PLAIN_SPEC,
  entrypoint: ['/bin/sh', '-c'],
  command: ['exec sleep 1000'],
  environment: {},
  network: 'none',
  binds: [],
  volumes: [],
  ...changes,
});
