// Names of images: `[registry/]repository[:tag][@digest]` (distribution/reference).

const HUB = 'docker.io';

export interface ImageName {
  /** `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  /** As it was written, without tag and digest. */
  readonly repository: string;
  /** `latest` unless it says otherwise; empty with a digest. */
  readonly tag: string;
  /** `sha256:…`, or empty. */
  readonly digest: string;
}

export function parseImageName(name: string): ImageName {
  const [tagged = '', digest = ''] = name.split('@', 2);
  const slash = tagged.lastIndexOf('/');
  const colon = tagged.indexOf(':', slash + 1);
  const repository = colon < 0 ? tagged : tagged.slice(0, colon);
  const tag = colon < 0 ? '' : tagged.slice(colon + 1);
  const first = repository.split('/', 1)[0] ?? '';
  const isHost = repository.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const registry = isHost && first !== 'index.docker.io' ? first : HUB;
  return { registry, repository, tag: digest ? '' : tag || 'latest', digest };
}

/** The name without tag and digest, written out in full, so that two spellings of one compare as equal. */
export function repositoryOf(name: string): string {
  const { registry, repository } = parseImageName(name);
  const path = repository.replace(/^(index\.)?docker\.io\//, '');
  if (registry !== HUB) return path;
  return `${HUB}/${path.includes('/') ? path : `library/${path}`}`;
}
