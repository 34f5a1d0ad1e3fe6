import { encodeBase64 } from '../../../base/base64.ts';
import type { CensorModel } from '../../../model/censor.ts';
import type { Context } from '../../context.ts';
import { resolvePath } from '../../source/resolve-path.ts';
import type { Path } from '../../source/tree.ts';

/** The models that one censor asks, each once. */
export class ModelFiles {
  readonly #context: Context;
  readonly #places = new Map<string, number>();
  readonly #models: CensorModel[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  get models(): readonly CensorModel[] {
    return this.#models;
  }

  /** The place of a file's model; undefined, with a report, when it cannot be read. */
  place(file: string, path: Path): number | undefined {
    const name = resolvePath(this.#context.spanOf(path).file, file);
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const content = this.#context.readBytes(file, path);
    if (!content.ok) {
      this.#context.report('S020', path, `Cannot read "${file}": ${content.error}`, {
        help: 'It is looked for beside the file that names it',
      });
      return undefined;
    }
    this.#places.set(name, this.#models.length);
    this.#models.push({ file, content: encodeBase64(content.value) });
    return this.#models.length - 1;
  }
}
