// How programs are started in a container: by the one program that the lab lends it (kernel/launch/launch.c). Pure.
import { CONTAINER_FOLDER } from '../../model/container.ts';

const LAUNCH = `${CONTAINER_FOLDER}/launch`;

/** The folder of gates in the folder that is lent. */
export const GATES = 'gates';

/** Where a container finds its gate. */
export const gatePath = (node: string): string => `${CONTAINER_FOLDER}/${GATES}/${node}`;

/** Waits at the node's gate, then becomes `argv`. */
export const waitArgv = (node: string, argv: readonly string[]): string[] => [
  ...[LAUNCH, 'wait', gatePath(node), '--'],
  ...argv,
];

/** Runs `argv` until it ends or its own standard input does. */
export const superviseArgv = (argv: readonly string[]): string[] => [
  ...[LAUNCH, 'supervise', '--'],
  ...argv,
];
