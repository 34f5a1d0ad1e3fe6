// Which keys of a service are understood, which have no counterpart in a scenario, and which nobody knows.
import { didYouMean } from '../../suggest.ts';
import type { ServiceContext } from './context.ts';

const UNDERSTOOD = new Set(
  (
    'image pull_policy build command entrypoint environment env_file volumes volumes_from tmpfs configs secrets user ' +
    'working_dir hostname cap_add cap_drop privileged devices security_opt sysctls ulimits mem_limit cpus cpu_quota ' +
    'cpu_period pids_limit shm_size read_only init tty stdin_open healthcheck depends_on links stop_signal ' +
    'stop_grace_period networks network_mode ports expose container_name profiles scale deploy mac_address'
  ).split(' '),
);

/** With what to do about it, where there is something. */
const LEFT_OUT: Readonly<Record<string, string | undefined>> = {
  annotations: undefined,
  attach: undefined,
  blkio_config: undefined,
  cgroup: undefined,
  cgroup_parent: undefined,
  cpu_count: undefined,
  cpu_percent: undefined,
  cpu_rt_period: undefined,
  cpu_rt_runtime: undefined,
  cpu_shares: undefined,
  cpuset: undefined,
  credential_spec: undefined,
  develop: undefined,
  device_cgroup_rules: undefined,
  dns: 'A lab has DNS servers of its own: traffic: [{ on: HOST, serve: { dns: {} } }]',
  dns_opt: undefined,
  dns_search: undefined,
  domainname: 'Write the whole name under "hostname"',
  external_links: undefined,
  extra_hosts: 'Make it a host of the scenario, or let a DNS server of the lab answer for it',
  gpus: undefined,
  group_add: undefined,
  ipc: undefined,
  isolation: undefined,
  label_file: undefined,
  labels: undefined,
  log_driver: undefined,
  log_opt: undefined,
  logging: 'What it writes is in logs/ of the results',
  mem_reservation: undefined,
  mem_swappiness: undefined,
  memswap_limit: undefined,
  models: undefined,
  oom_kill_disable: undefined,
  oom_score_adj: undefined,
  pid: undefined,
  platform: 'The image is of the platform of the machine',
  post_start: 'Write it as traffic: [{ from: CONTAINER, run: [program] }]',
  pre_stop: undefined,
  provider: undefined,
  restart: 'A container of a lab is never restarted: its end is an observation',
  runtime: undefined,
  storage_opt: undefined,
  use_api_socket: undefined,
  userns_mode: undefined,
  uts: undefined,
  volume_driver: undefined,
};

export const isLeftOut = (key: string): boolean => Object.hasOwn(LEFT_OUT, key);

const DEPLOY = new Set(['replicas', 'resources', 'mode']);

export function checkKeys(context: ServiceContext): void {
  const { notes, service, reader } = context;
  for (const [key, { keySpan }] of service.entries) {
    if (UNDERSTOOD.has(key) || key.startsWith('x-')) continue;
    if (isLeftOut(key)) notes.leaveOut(key, keySpan, LEFT_OUT[key]);
    else
      notes.warn('C009', keySpan, `The service "${context.name}" has an unknown key "${key}"`, {
        comment: `unknown key left out: ${key}`,
        help: didYouMean(key, [...UNDERSTOOD, ...Object.keys(LEFT_OUT)]),
      });
  }
  for (const [key, { keySpan }] of reader.map(context.at('deploy'), 'deploy'))
    if (!DEPLOY.has(key) && !key.startsWith('x-')) notes.leaveOut(`deploy.${key}`, keySpan);
  for (const [key, { keySpan }] of reader.map(
    context.at('deploy', 'resources'),
    'deploy.resources',
  ))
    if (key !== 'limits') notes.leaveOut(`deploy.resources.${key}`, keySpan);
}
