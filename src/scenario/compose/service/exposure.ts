// Variables that others had better not read, in values that a scenario can only have in the clear.
import { type Tree, childOf } from '../../source/tree.ts';
import type { Faults } from '../../faults.ts';
import type { ProjectLoader } from '../load-project.ts';
import type { ServiceContext } from './context.ts';
import { isLeftOut } from './keys.ts';
import { isSecretName } from '../secrets.ts';

/** What a service hands its program: whatever is of the environment is told here, elsewhere what is called like a secret. */
const OF_THE_PROGRAM = new Set(['command', 'entrypoint', 'healthcheck']);
/** Told variable by variable, or no value that comes into the scenario. */
const TOLD = new Set(['environment', 'env_file', 'profiles', 'extends']);

export function reportExposed({ service, loader, notes }: ServiceContext): void {
  const { faults } = notes;
  for (const [key, { value }] of service.entries)
    if (!TOLD.has(key) && !isLeftOut(key) && !key.startsWith('x-'))
      reportIn(value, OF_THE_PROGRAM.has(key), loader, faults);
  const build = childOf(service, 'build');
  const args = build && childOf(build, 'args');
  if (args === undefined) return;
  reportIn(args, true, loader, faults);
  // An argument without a value has that of the variable of its name.
  const names =
    args.kind === 'list'
      ? args.items
      : args.kind === 'map'
        ? Array.from(args.entries).flatMap(([value, { keySpan: span, value: given }]) =>
            given.kind === 'scalar' && given.value === null
              ? [{ kind: 'scalar', span, value } as const]
              : [],
          )
        : [];
  for (const item of names) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
    const known = loader.variablesAt(item.span);
    const sensitive = known.lookUp(item.value) === undefined ? [] : known.sensitiveIn(item.value);
    tell(sensitive.filter(isSecretName), item, faults);
  }
}

/** Every text of the tree; `all`: whatever the variables are called. */
export function reportIn(tree: Tree, all: boolean, loader: ProjectLoader, faults: Faults): void {
  const seen = new Set<Tree>();
  const walk = (part: Tree): void => {
    if (seen.has(part)) return;
    seen.add(part);
    if (part.kind === 'list') part.items.forEach(walk);
    else if (part.kind === 'map') for (const { value } of part.entries.values()) walk(value);
    else {
      const sensitive = loader.sensitive.get(part.span) ?? [];
      tell(all ? sensitive : sensitive.filter(isSecretName), part, faults);
    }
  };
  walk(tree);
}

function tell(variables: readonly string[], { span }: Tree, faults: Faults): void {
  const [first] = variables;
  if (first === undefined) return;
  faults.add(
    'C029',
    span,
    `The value of ${variables.map((name) => `"${name}"`).join(', ')} stands in the scenario for all to read`,
    {
      severity: 'warning',
      help: `If it is a secret, let the program read it from a variable: environment: { ${first}: { secret: { env: ${first} } } }`,
    },
  );
}
