// Visits of web pages: what is to be visited, in which order, and what is known of each visit afterwards.

/** What visits: a browser with all that belongs to a page, or curl with the document alone. */
export type Visitor = 'chromium' | 'curl';

/** The visits of one flow, each of which is one attempt of it. Times are in milliseconds. */
export interface VisitSpec {
  readonly kind: 'visit';
  readonly with: Visitor;
  /** Each as a browser shows it: with a path, the host in lower case. */
  readonly urls: readonly string[];
  /** Visits of each URL. */
  readonly repeat: number;
  readonly order: 'interleaved' | 'sequential';
  /** That a page may take to load. */
  readonly timeout: number;
  /** Of quiet before each visit, in which the browser starts. */
  readonly settle: number;
  /** After each visit, in which what is still under way comes. */
  readonly drain: number;
  /** Failed visits in a row after which a URL is dropped. */
  readonly failures: number;
  /** Bytes that a document must have at least. */
  readonly minimum: number;
  readonly har: VisitHar | null;
  /** Hosts with their ports that are spoken to by QUIC from the first packet on, as CoMPS's flags have it; none: QUIC is off. */
  readonly quic: readonly string[];
}

export interface VisitHar {
  /** `minimal`: what it takes to serve the responses again, without sizes and times. */
  readonly mode: 'full' | 'minimal';
  /** Whether it holds the bodies of responses. */
  readonly bodies: boolean;
}

/** Milliseconds in which a browser must have started, and once more for its first page. */
export const START_LIMIT = 20_000;
/** Milliseconds for what is to be read of a page and for the browser's end. */
const END_LIMIT = 20_000;

/** Milliseconds after which a visit is ended from outside: above all bounds that it has itself. */
export const visitLimit = ({
  settle,
  timeout,
  drain,
}: Pick<VisitSpec, 'settle' | 'timeout' | 'drain'>): number =>
  Math.max(settle, 2 * START_LIMIT) + timeout + drain + END_LIMIT;

export interface PlannedVisit {
  readonly url: string;
  /** From 1, of this URL. */
  readonly repetition: number;
}

/** The visit that is an attempt of the flow, from 1. */
export function plannedVisit(
  { urls, repeat, order }: Pick<VisitSpec, 'urls' | 'repeat' | 'order'>,
  attempt: number,
): PlannedVisit {
  const index = attempt - 1;
  const [place, round] =
    order === 'interleaved'
      ? [index % urls.length, Math.floor(index / urls.length)]
      : [Math.floor(index / repeat), index % repeat];
  return { url: urls[place] ?? '', repetition: round + 1 };
}

/** Host (with its port, unless it is the scheme's own) and path: what traces call the site. */
export const siteOf = (url: string): string =>
  url.replace(/^[a-z]+:\/\//, '').replace(/[?#].*$/, '');

/** The folder of a visit, relative to that of its arm. */
export const visitFolder = (flow: string, attempt: number, url: string): string =>
  `visits/${flow}/${attempt}-${siteOf(url)
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/-+$/, '')
    .slice(0, 60)}`;

/** What the visitor itself saw of a visit. */
export interface VisitOutcome {
  readonly url: string;
  readonly with: Visitor;
  readonly status: 'success' | 'timeout' | 'failure';
  /** After redirects; null where no document came. */
  readonly finalUrl: string | null;
  /** Of the document, decoded; null where none came. */
  readonly bytes: number | null;
  /** `HTTP/1.1`, `HTTP/2.0`, `h3`; null where it is not known. */
  readonly protocol: string | null;
}

/**
 * One visit of a run, in run.json and in `visit.json` of its folder. Visits that were not made are there as well: `dropped`, after too many
 * failures of their URL, and `carried`, which an earlier run has finished.
 */
export interface VisitRecord {
  readonly flow: string;
  /** The attempt of the flow, from 1. */
  readonly visit: number;
  readonly node: string;
  readonly url: string;
  readonly site: string;
  /** From 1, of this URL. */
  readonly repetition: number;
  readonly with: Visitor;
  readonly status: VisitOutcome['status'] | 'dropped' | 'carried';
  /** OONI failure string; null for success, and where it was not made. */
  readonly failure: string | null;
  readonly detail?: string;
  /** From the request for the document until all was loaded, microseconds since the epoch on the controller's clock; null where it was not made. */
  readonly begin: number | null;
  readonly end: number | null;
  /** Milliseconds until all was loaded; null where it was not. */
  readonly loadTime: number | null;
  readonly finalUrl: string | null;
  readonly httpStatus: number | null;
  /** Of the document, decoded. */
  readonly bytes: number | null;
  readonly protocol: string | null;
  /** Where its files are, relative to the folder of its arm; null where it was not made. */
  readonly folder: string | null;
}
