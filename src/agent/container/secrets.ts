// Values of secrets: in this process's memory, in the environment of those programs that ask for them, and nowhere else.
import { Fault } from '../../base/fault.ts';
import { type Environment, secretKey } from '../../model/container.ts';
import { type Mask, createMask } from './mask.ts';

export interface Secrets {
  /** The variables with the secrets among them filled in. Throws a Fault when the value of one was never handed over. */
  fill(environment: Environment): Record<string, string>;
  /** A mask for one stream of bytes. */
  mask(): Mask;
  /** The text with every secret in it masked. */
  hide(text: string): string;
}

/** Characters of the shortest secret that is masked: a shorter one would turn up everywhere, and its marks would tell it. */
const LEAST_MASKED = 4;
/** Characters from which on a single line of a secret, such as one of a key file, is a secret as well. */
const TELLING_LINE = 8;

/** `values` by `secretKey`. */
export function createSecrets(values: Readonly<Record<string, string>>): Secrets {
  const needles = Object.values(values).flatMap((value) => [
    ...(value.length >= LEAST_MASKED ? [value] : []),
    ...value.split(/\r?\n/).filter((line) => line.length >= TELLING_LINE),
  ]);
  const mask = (): Mask => createMask(needles);
  return {
    fill: (environment) =>
      Object.fromEntries(
        Object.entries(environment).map(([name, value]) => {
          if (typeof value === 'string') return [name, value];
          const key = secretKey(value);
          const secret = Object.hasOwn(values, key) ? values[key] : undefined;
          if (secret === undefined)
            throw new Fault(
              'run',
              `Variable "${name}" asks for the secret "${key}", which has no value`,
              {
                help: 'Run it again: secrets are read when the lab is prepared',
              },
            );
          return [name, secret];
        }),
      ),
    mask,
    hide: (text) => {
      const once = mask();
      const shown = once.push(Buffer.from(text));
      return Buffer.concat([shown, once.rest()]).toString();
    },
  };
}
