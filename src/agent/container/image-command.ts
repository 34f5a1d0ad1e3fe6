// What a container runs: the scenario's wishes over its image's own, as Docker merges them (moby, daemon/commit.go). Pure.
import type { ContainerSpec } from '../../model/container.ts';

interface Command {
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
}

/**
 * The whole argument vector; empty when neither says anything. An entrypoint that is given does away with the image's
 * command; one that is given as nothing, `[]`, only with its entrypoint.
 */
export function resolveCommand(
  spec: Pick<ContainerSpec, keyof Command>,
  image: { readonly entrypoint: readonly string[]; readonly command: readonly string[] },
): string[] {
  const own = spec.entrypoint ?? [];
  const command = spec.command ?? [];
  const rest = own.length === 0 && command.length === 0 ? image.command : command;
  // Docker's way to say "no entrypoint and no command of the image's" on a command line.
  const isNone = own.length === 1 && own[0] === '';
  return [...(isNone ? [] : (spec.entrypoint ?? image.entrypoint)), ...rest];
}
