// Keys that people know from elsewhere, by the schema definition they are written in: what to write here instead.
const COMPOSE: Readonly<Record<string, string>> = {
  volumes: 'Write "mounts"',
  volume: 'Write "mounts"',
  env: 'Write "environment"',
  ports:
    'Leave it out: on the networks of the lab every port of a container is reached at its own address',
  expose:
    'Leave it out: on the networks of the lab every port of a container is reached at its own address',
  restart: 'Leave it out: a container is never restarted, and "expect" may say how it must end',
  networks: 'Name the container among the "members" of a network',
  network_mode: 'Write "network: own", "network: docker" or "network: machine"',
  depends_on: 'Write "dependsOn"',
  working_dir: 'Write "workingDir"',
  container_name: 'Leave it out: the key above is its name',
  cap_add: 'Write "capabilities: [NET_ADMIN]"',
  cap_drop: 'Write "capabilities: { drop: [ALL] }"',
  security_opt: 'Write "securityOptions"',
  mem_limit: 'Write "memory: 256MiB"',
  pids_limit: 'Write "pids"',
  shm_size: 'Write "shmSize: 256MiB"',
  read_only: 'Write "readOnly"',
  stop_signal: 'Write "stopSignal"',
  stop_grace_period: 'Write "stopGrace"',
  stdin_open: 'Write "tty: true"',
  extra_hosts: 'Leave it out: every container knows the nodes of the lab by name',
  pull_policy: 'Write "pull"',
  secrets: 'Write "environment: { TOKEN: { secret: { file: ./token } } }"',
};

/** Help for a word of docker-compose's in a container; undefined when it is none. */
export const foreignWord = (definition: string, key: string): string | undefined =>
  definition === 'container' && Object.hasOwn(COMPOSE, key) ? COMPOSE[key] : undefined;
