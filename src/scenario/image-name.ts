// Names of images: https://github.com/distribution/reference, regexp.go.
const LABEL = '(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])';
const REGISTRY = `(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::([0-9]{1,5}))?`;
const COMPONENT = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
/** Of the digests that there could be, those that registries and engines compute. */
const DIGEST = 'sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}';

const NAME = new RegExp(
  `^((?:${REGISTRY}/)?${COMPONENT}(?:/${COMPONENT})*)(?::(${TAG}))?(?:@(${DIGEST}))?$`,
);

/** The longest name that engines take, tag and digest aside. */
const LONGEST = 255;
const HIGHEST_PORT = 65_535;
/** Engines take it for the id of an image. */
const ID = /^[0-9a-f]{64}$/;
/** The empty image that builds begin with: it can be neither pulled nor run. */
const SCRATCH = /^(?:docker\.io\/)?(?:library\/)?scratch$/;

export interface ImageName {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Undefined when it is no name of an image. */
export function parseImageName(text: string): ImageName | undefined {
  const [, repository, port = '0', tag, digest] = NAME.exec(text) ?? [];
  if (repository === undefined || repository.length > LONGEST) return undefined;
  if (Number(port) > HIGHEST_PORT || ID.test(text) || SCRATCH.test(repository)) return undefined;
  return {
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
