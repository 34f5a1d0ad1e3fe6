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

/** Words that other tools have for the keys of a step. */
const STEP: Readonly<Record<string, string>> = {
  receive: 'Write "expect: { bytes: 40 }"',
  recv: 'Write "expect: { bytes: 40 }"',
  sleep: 'Write "wait: 10ms"',
  delay: 'Write "after: 10ms"',
  timeout: 'Write "within: 1s"',
  sequence: 'Write "seq"',
  seqno: 'Write "seq"',
  ackno: 'Write "ackNumber"',
  payload: 'Write "send"',
  data: 'Write "send"',
  rst: 'Write "close: reset", or "flags: RST" with raw-tcp',
  fin: 'Write "close: fin", or "flags: FIN+ACK" with raw-tcp',
  syn: 'Write "flags: SYN" with raw-tcp',
  loop: 'A party repeats its own steps by "repeat: { times: 5, steps: [ … ] }"',
  while: 'Write "repeat: { times: 100, until: { … }, steps: [ … ] }"',
  urg: 'Write "urgent"',
  hopLimit: 'Write "ttl"',
};

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  container: COMPOSE,
  scriptAction: STEP,
};

/** Help for a word of another tool's, by the definition that it is a key of; undefined when it is none. */
export function foreignWord(definition: string, key: string): string | undefined {
  const words = WORDS[definition] ?? {};
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

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

/** Words of other tools at keys of scripts. */
const SCRIPT_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  transport: {
    'tcp-raw': 'Write "raw-tcp"',
    raw: 'Write "raw-tcp", "raw-udp" or "raw-ip"',
    'udp-raw': 'Write "raw-udp"',
    ip: 'Write "raw-ip"',
    ssl: 'Write "tls"',
    https: 'Write "tls"',
    dtls: 'Write "udp" and send the bytes yourself',
  },
  close: {
    rst: 'Write "reset"',
    RST: 'Write "reset"',
    abort: 'Write "reset"',
    FIN: 'Write "fin"',
    graceful: 'Write "fin"',
    shutdown: 'Write "half", after which what comes is still read',
  },
  ack: { immediate: 'Write "now"', quick: 'Write "now"', off: 'Write "none"' },
  level: { application: 'Write "payload"', raw: 'Write "packet"', ip: 'Write "packet"' },
};

const SCRIPT_KEY = /^\/traffic\/\d+\/(?:.*\/)?(transport|close|ack|level)$/;

const CONTAINER_KEY = /^\/containers\/[^/]+\/(network|dependsOn|stopSignal)(?:\/[^/]+)?$/;

/** Help for a word of docker-compose's where only some words are allowed; undefined when it is none. */
export function foreignValue(path: string, value: string): string | undefined {
  const own = SCRIPT_VALUES[SCRIPT_KEY.exec(path)?.[1] ?? ''] ?? {};
  if (Object.hasOwn(own, value)) return own[value];
  const key = CONTAINER_KEY.exec(path)?.[1];
  if (key === undefined) return undefined;
  if (key === 'stopSignal')
    return /^(TERM|INT|QUIT|HUP|KILL|USR[12]|ALRM|WINCH|PWR|CONT|RTMIN\+3)$/i.test(value)
      ? `Write "SIG${value.toUpperCase()}"`
      : undefined;
  const words = VALUES[key] ?? {};
  return Object.hasOwn(words, value) ? words[value] : undefined;
}
