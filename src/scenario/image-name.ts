// Names of images: https://github.com/distribution/reference, regexp.go.
const LABEL = '(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])';
const REGISTRY = `(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?`;
const COMPONENT = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';

const NAME = new RegExp(
  `^((?:${REGISTRY}/)?${COMPONENT}(?:/${COMPONENT})*)(?::(${TAG}))?(?:@(${DIGEST}))?$`,
);

/** The longest name that engines take, tag and digest aside. */
const LONGEST = 255;

export interface ImageName {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Undefined when it is no name of an image. */
export function parseImageName(text: string): ImageName | undefined {
  const [, repository, tag, digest] = NAME.exec(text) ?? [];
  if (repository === undefined || repository.length > LONGEST) return undefined;
  return {
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
