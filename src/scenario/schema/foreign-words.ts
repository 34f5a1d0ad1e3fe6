// Keys and words that people know from elsewhere: what to write here instead.
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
  links: 'Leave it out: every container knows the nodes of the lab by name',
  labels: 'Leave it out: containers of a lab have the labels of the lab alone',
  logging: 'Leave it out: what a container prints is in the results',
  dns: 'Leave it out: the names of the lab are in /etc/hosts, and "serve: { dns: … }" is a server of its own',
  platform: 'Leave it out: images are those of the machine they run on',
  env_file:
    'Write "environment" with the variables themselves; the value of a secret may be in a file',
  deploy: 'Write "memory", "cpus" and "pids"; for more containers, write each by a name of its own',
  secrets: 'Write "environment: { TOKEN: { secret: { file: ./token } } }"',
};

/** Help for a word of docker-compose's in a container; undefined when it is none. */
export const foreignWord = (definition: string, key: string): string | undefined =>
  definition === 'container' && Object.hasOwn(COMPOSE, key) ? COMPOSE[key] : undefined;

/** Words of docker-compose's and Docker's, by the key that they are written at. */
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  network: {
    host: 'Write "network: machine"',
    bridge: 'Write "network: docker"',
    none: 'Leave it out: a container that no network has as a member is on none',
  },
  dependsOn: {
    service_started: 'Write "started"',
    service_healthy: 'Write "healthy"',
    service_completed_successfully: 'Write "completed"',
  },
};

const CONTAINER_KEY = /^\/containers\/[^/]+\/(network|dependsOn|stopSignal)(?:\/[^/]+)?$/;

/** Help for a word of docker-compose's where only some words are allowed; undefined when it is none. */
export function foreignValue(path: string, value: string): string | undefined {
  const key = CONTAINER_KEY.exec(path)?.[1];
  if (key === undefined) return undefined;
  if (key === 'stopSignal')
    return /^(TERM|INT|QUIT|HUP|KILL|USR[12]|ALRM|WINCH|PWR|CONT|RTMIN\+3)$/i.test(value)
      ? `Write "SIG${value.toUpperCase()}"`
      : undefined;
  const words = VALUES[key] ?? {};
  return Object.hasOwn(words, value) ? words[value] : undefined;
}
