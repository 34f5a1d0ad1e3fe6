import { parseImageName } from '../image-name.ts';
import type { Context } from '../context.ts';
import type { ResolvedContainer } from '../resolve/container/spec.ts';
import { normalizePath } from '../source/resolve-path.ts';
import type { Rule } from './rule.ts';

/** Images have names that engines take, and what is built is built from files that the build can see. */
export const images: Rule = (context, { containers }) => {
  for (const container of containers.values()) {
    checkName(context, container);
    if (container.written.build !== undefined) checkBuild(context, container);
  }
};

function checkName(context: Context, { path, written }: ResolvedContainer): void {
  const { image, build } = written;
  if (image === undefined) return;
  const at = [...path, 'image'];
  const name = parseImageName(image);
  if (name === undefined)
    context.report(
      'S121',
      at,
      `Expected the name of an image such as "nginx:1.27", found "${image}"`,
      {
        help: nameHelp(image),
      },
    );
  else if (build !== undefined && name.digest !== undefined)
    context.report('S121', at, 'What is built cannot be given a digest', {
      help: `Write "${image.slice(0, image.indexOf('@'))}"`,
    });
}

function nameHelp(image: string): string {
  if (/(^|\/)scratch(:|@|$)/.test(image)) return 'Only a Dockerfile can begin with "scratch"';
  if (/^[0-9a-f]{64}$/.test(image)) return 'An id is no name: give the image one with "docker tag"';
  const mended = image.trim().toLowerCase();
  if (mended !== image && parseImageName(mended) !== undefined) return `Write "${mended}"`;
  if (/^[./~]/.test(image)) return `To build it from a folder, write build: ${image}`;
  return 'Lower-case letters and digits, joined by ".", "_", "-" and "/", then perhaps ":tag" or "@sha256:…"';
}

/** `https://…` and `git@host:…`, which Docker's own "build" would fetch. */
const ADDRESS = /^([a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:)/i;

function checkBuild(context: Context, { path, written, spec }: ResolvedContainer): void {
  const isFolder = typeof written.build === 'string';
  const folder = typeof written.build === 'string' ? written.build : (written.build?.context ?? '');
  if (ADDRESS.test(folder))
    context.report(
      'S121',
      [...path, 'build', ...(isFolder ? [] : ['context'])],
      `Expected a folder of the machine, found the address "${folder}"`,
      { help: 'Fetch what is there first, and name the folder that it is in' },
    );
  if (written.pull !== undefined)
    context.report('S098', [...path, 'pull'], 'The key "pull" does not go with "build"', {
      key: true,
      help: 'Remove "pull": the image is built, and found in no registry',
    });
  const file = spec.image.build?.dockerfile ?? '';
  if (file.startsWith('/') || /^\.\.(\/|$)/.test(normalizePath(file)))
    context.report(
      'S121',
      [...path, 'build', 'dockerfile'],
      `Expected a Dockerfile within the context, found "${file}"`,
      { help: 'Choose a "context" that holds both, and write the path from there' },
    );
}
