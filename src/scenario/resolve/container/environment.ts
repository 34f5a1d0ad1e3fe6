// `environment` of containers and programs: plain values as texts, secrets as where they are read.
import type { Environment, SecretRef } from '../../../model/container.ts';
import type { Environment as Written, Secret } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';

export function resolveEnvironment(
  context: Context,
  written: Written | undefined,
  path: Path,
): Environment {
  return Object.fromEntries(
    Object.entries(written ?? {}).map(([name, value]) => [
      name,
      typeof value === 'object'
        ? secretOf(context, value.secret, [...path, name, 'secret'])
        : context.textAt([...path, name], value),
    ]),
  );
}

/** The schema has seen to it that one of the two is there. */
const secretOf = (context: Context, { env, file = '' }: Secret, path: Path): SecretRef => ({
  secret: env === undefined ? { file: context.filePath(file, [...path, 'file']) } : { env },
});
