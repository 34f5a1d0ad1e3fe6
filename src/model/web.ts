// What a web server of the lab has to give: files of folders, and answers of recordings (HAR).

/** A web server over HTTP, over HTTPS or over both, in HTTP/1.1 and HTTP/2: many sites by their names. */
export interface WebSpec {
  readonly kind: 'web';
  /** The first of `ports`. */
  readonly port: number;
  /** Null where it does not listen. */
  readonly ports: { readonly http: number | null; readonly https: number | null };
  readonly sites: readonly FolderSite[];
  readonly recordings: readonly WebRecording[];
  /** `recorded`: answers of recordings wait as long as their server took then. */
  readonly timing: 'none' | 'recorded';
}

export interface FolderSite {
  /** The name it answers to, lower case; `*` any other. */
  readonly host: string;
  /** On the machine: absolute, in the home folder (`~/`), or relative to the folder of the scenario's main file. */
  readonly folder: string;
  /** All there is in it, by path; nothing else is served. */
  readonly files: readonly SiteFile[];
}

export interface SiteFile {
  /** From the folder of the site, such as `css/main.css`. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A folder, all the way down. */
export interface FolderListing {
  /** By path. */
  readonly files: readonly SiteFile[];
  /** Paths of what is no file of the folder: links out of it, sockets, devices. */
  readonly astray: readonly string[];
}

export interface WebRecording {
  /** On the machine, as the folder of a site is. */
  readonly file: string;
  readonly sha256: string;
  /** Names of hosts in its order, lower case; those that are addresses are left out. */
  readonly hosts: readonly string[];
}

/** The names that a web server answers to, each once. */
export const webNames = ({
  sites,
  recordings,
}: Pick<WebSpec, 'sites' | 'recordings'>): string[] => [
  ...new Set([
    ...sites.flatMap(({ host }) => (host === '*' ? [] : [host])),
    ...recordings.flatMap(({ hosts }) => hosts),
  ]),
];
