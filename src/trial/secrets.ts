// The values of a scenario's secrets. They go to the agent and nowhere else: no plan, result or message holds one.
import { type Environment, type SecretRef, machinePath, secretKey } from '../model/container.ts';
import { Fault } from '../base/fault.ts';
import type { Plan } from '../model/plan.ts';
import { containerNodes } from '../model/plan-containers.ts';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';

/** Where a secret is asked for. */
interface Asked {
  /** `container "web"`, `flow "login"`. */
  readonly who: string;
  readonly variable: string;
  readonly reference: SecretRef;
}

/**
 * Every secret of the plans by `secretKey`; files are relative to `folder`. Throws one usage fault that names each that is
 * missing and who asks for it.
 */
export async function readSecrets(
  plans: readonly Plan[],
  folder: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  const missing = new Map<string, string>();
  for (const asked of plans.flatMap(secretsOf)) {
    const key = secretKey(asked.reference);
    if (key in secrets || missing.has(key)) continue;
    const value = await readSecret(asked.reference, folder, environment);
    if ('value' in value) secrets[key] = value.value;
    else missing.set(key, `${asked.who} wants a secret in ${asked.variable}: ${value.reason}`);
  }
  if (missing.size === 0) return secrets;
  const text = [...missing.values()].join('; ');
  throw new Fault('usage', text.charAt(0).toUpperCase() + text.slice(1), {
    help: helpFor([...missing.keys()]),
  });
}

function secretsOf(plan: Plan): Asked[] {
  return [
    ...containerNodes(plan).flatMap(({ name, container }) =>
      askedBy(`container "${name}"`, container.environment),
    ),
    ...plan.flows.flatMap(({ name, probe }) =>
      probe.kind === 'run' ? askedBy(`flow "${name}"`, probe.environment) : [],
    ),
    ...(plan.mirrors ?? []).flatMap(({ name, hook }) =>
      (hook?.passwords ?? []).map(({ user, variable }) => ({
        who: `mirror "${name}"`,
        variable: `hook.postgres.passwords.${user}`,
        reference: { secret: { env: variable } },
      })),
    ),
  ];
}

const askedBy = (who: string, environment: Environment): Asked[] =>
  Object.entries(environment).flatMap(([variable, value]) =>
    typeof value === 'string' ? [] : [{ who, variable, reference: value }],
  );

async function readSecret(
  { secret }: SecretRef,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly value: string } | { readonly reason: string }> {
  if ('env' in secret) {
    const value = environment[secret.env];
    return value === undefined
      ? { reason: `the environment has no variable "${secret.env}"` }
      : { value };
  }
  const path = machinePath(secret.file, folder, homedir());
  try {
    return { value: (await readFile(path, 'utf8')).replace(/\r?\n$/, '') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { reason: `the file "${path}" cannot be read (${why})` };
  }
}

function helpFor(keys: readonly string[]): string {
  const variables = keys.flatMap((key) => (key.startsWith('env:') ? [key.slice(4)] : []));
  return variables.length > 0
    ? `Set it before the run: export ${variables.map((name) => `${name}=…`).join(' ')}`
    : 'Write the file: its whole text is the value, but for one line end at its end';
}
