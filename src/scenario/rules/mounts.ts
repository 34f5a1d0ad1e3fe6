import { CONTAINER_FOLDER } from '../../model/container.ts';
import type { Context } from '../context.ts';
import type { ResolvedMount } from '../resolve/container/mounts.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Mounts have places of their own in the container, and volumes names that engines take. */
export const mounts: Rule = (context, { containers }) => {
  for (const container of containers.values()) {
    const taken = new Map<string, Path>();
    for (const item of container.mounts) {
      checkTarget(context, item);
      checkVolume(context, item);
      const first = taken.get(item.mount.to);
      if (first === undefined) taken.set(item.mount.to, item.path);
      else
        context.report('S124', item.path, `Two mounts have the place "${item.mount.to}"`, {
          related: [{ message: 'The other one', span: context.spanOf(first) }],
        });
    }
  }
};

function checkTarget(context: Context, { mount: { to }, path }: ResolvedMount): void {
  if (!to.startsWith('/'))
    context.report('S124', path, `Expected an absolute path in the container, found "${to}"`, {
      help: `Write "/${to.replace(/^(\.\.?\/)+/, '')}"`,
    });
  else if (to === '/')
    context.report('S124', path, 'Nothing can be mounted over the root of a container', {
      help: 'Name a folder below it',
    });
  else if (to === CONTAINER_FOLDER || to.startsWith(`${CONTAINER_FOLDER}/`))
    context.report('S124', path, `The place "${to}" is the lab's own`, {
      help: 'Choose another one',
    });
  else if (KERNELS_OWN.test(to))
    context.report('S124', path, `The place "${to}" is the kernel's own`, {
      help: 'Choose another one; kernel settings are for "sysctls", devices for "devices"',
    });
}

/** Engines mount these themselves, and refuse or break what is mounted over them. Cgroups are at /sys/fs/cgroup. */
const KERNELS_OWN = /^(\/(proc|sys|dev)|\/proc\/.*|\/sys\/(?!fs\/).*)$/;

/** As the engines say: https://github.com/moby/moby, volume names. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

function checkVolume(context: Context, { mount, path }: ResolvedMount): void {
  if (mount.kind !== 'volume' || VOLUME_NAME.test(mount.name)) return;
  context.report('S124', path, `Expected a name for the volume, found "${mount.name}"`, {
    help: mount.name.includes('/')
      ? `For a folder of the machine, write "./${mount.name}:${mount.to}"`
      : 'Letters, digits, ".", "_" and "-", beginning with a letter or digit',
  });
}
