// Where a container engine listens on this machine. A container's network stack can only be entered on the machine it
// runs on, so only Unix sockets will do.
import { connect } from 'node:net';
import { getuid } from 'node:process';
import { type Result, fail, ok } from '../base/result.ts';
import { contextHost } from './docker-context.ts';
import type { NoEngine } from './no-engine.ts';

export interface EngineAddress {
  readonly socketPath: string;
  /** Who says so: `DOCKER_HOST`, `Docker context "rootless"`, `the lab itself`, or `the usual place`. */
  readonly source: string;
}

/** How long a socket may take to accept, in milliseconds. */
const CONNECT_MS = 5000;

/**
 * Looks at DOCKER_HOST, then at the current Docker context, then at the places where engines listen by default, where
 * the first that accepts counts.
 */
export async function findEngine(
  environment: NodeJS.ProcessEnv = process.env,
  isRoot: boolean = getuid?.() === 0,
): Promise<Result<EngineAddress, NoEngine>> {
  const host = environment['DOCKER_HOST'];
  if (host) return reachEngine(host, 'DOCKER_HOST');
  const context = await contextHost(environment);
  if (!context.ok) return context;
  if (context.value) return reachEngine(context.value.host, context.value.source);
  return tryUsualPlaces(usualPlaces(environment, isRoot));
}

/** In the order of preference: the system's engine before a user's own for root, Docker before Podman. */
export function usualPlaces(environment: NodeJS.ProcessEnv, isRoot: boolean): string[] {
  const runtime = environment['XDG_RUNTIME_DIR'];
  const docker = ['/var/run/docker.sock', '/run/docker.sock'];
  const podman = ['/run/podman/podman.sock'];
  const ownDocker = runtime ? [`${runtime}/docker.sock`] : [];
  const ownPodman = runtime ? [`${runtime}/podman/podman.sock`] : [];
  return isRoot
    ? [...docker, ...podman, ...ownDocker, ...ownPodman]
    : [...docker, ...ownDocker, ...podman, ...ownPodman];
}

/** The engine at an address such as `unix:///var/run/docker.sock`, when it accepts; `source` is who names it. */
export async function reachEngine(
  host: string,
  source: string,
): Promise<Result<EngineAddress, NoEngine>> {
  const socketPath = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (socketPath === undefined)
    return fail({
      message: `${source} names the engine ${JSON.stringify(host)}, expected one on this machine such as "unix:///var/run/docker.sock"`,
      help: "A container's network stack can only be entered on its own machine: run runner there, or set DOCKER_HOST to the socket of an engine on this one",
    });
  const code = await tryConnect(socketPath);
  if (code === undefined) return ok({ socketPath, source });
  return fail(explainSocket(socketPath, code, source));
}

async function tryUsualPlaces(places: readonly string[]): Promise<Result<EngineAddress, NoEngine>> {
  const refusals: { readonly place: string; readonly code: string }[] = [];
  for (const place of places) {
    const code = await tryConnect(place);
    if (code === undefined) return ok({ socketPath: place, source: 'the usual place' });
    refusals.push({ place, code });
  }
  const telling =
    refusals.find(({ code }) => code === 'EACCES') ??
    refusals.find(({ code }) => code !== 'ENOENT' && code !== 'ENOTDIR');
  if (telling) return fail(explainSocket(telling.place, telling.code, 'the usual place'));
  return fail({
    message: `No container engine listens on this machine: looked for ${places.join(', ')}`,
    help: 'Install one with "sudo apt-get install docker.io", start it with "sudo systemctl start docker", or set DOCKER_HOST to its socket',
  });
}

function explainSocket(socketPath: string, code: string, source: string): NoEngine {
  const where =
    source === 'the usual place'
      ? `The engine's socket ${socketPath}`
      : `The engine's socket ${socketPath}, named by ${source},`;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return {
        message: `${where} refuses this user (${code})`,
        help: 'Run runner with sudo, or use rootless Docker: https://docs.docker.com/engine/security/rootless/',
      };
    case 'ECONNREFUSED':
      return {
        message: `${where} is there, but nobody listens: the engine has stopped`,
        help: 'Start it: "sudo systemctl start docker"',
      };
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        message: `${where} is not there`,
        help: 'Start the engine, or set DOCKER_HOST to the socket of one that runs',
      };
    case 'ETIMEDOUT':
      return {
        message: `${where} did not accept within ${CONNECT_MS / 1000} s`,
        help: 'The engine hangs: look at its log, such as "journalctl -u docker", and restart it',
      };
    default:
      return {
        message: `${where} cannot be used (${code})`,
        help: 'Set DOCKER_HOST to the socket of an engine on this machine',
      };
  }
}

/** The error's code, or undefined when somebody accepts. */
function tryConnect(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (code?: string): void => {
      socket.destroy();
      resolve(code);
    };
    socket.setTimeout(CONNECT_MS, () => {
      settle('ETIMEDOUT');
    });
    socket.on('connect', () => {
      settle();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      settle(error.code ?? error.message);
    });
  });
}
