// One visit by a real browser, started for it and ended after it.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, BrowserType, Page, Response } from 'playwright-core';
import { START_LIMIT } from '../../model/visit.ts';
import { within } from '../container/bounded.ts';
import { nowMicros } from '../endpoint/clock.ts';
import type { VisitOrder, VisitReport } from './protocol.ts';

/** Milliseconds to read something of a page that is there. */
const READ_LIMIT = 2000;
/** Milliseconds for the HAR to be written, and for the browser's end. */
const CLOSE_LIMIT = 5000;

export async function browse(order: VisitOrder, chromium: BrowserType): Promise<VisitReport> {
  const settled = delay(order.settle);
  const started: Started = { home: await mkdtemp(join(tmpdir(), 'home-')) };
  let report: Omit<VisitReport, 'isClosed'>;
  try {
    const page = await within(start(started, order, chromium), 2 * START_LIMIT, hangs);
    await settled;
    report = await visit(started, page, order);
  } catch (error) {
    report = { ...NOTHING, begin: nowMicros(), end: nowMicros(), error: reasonOf(error, started) };
  }
  return { ...report, isClosed: await close(started) };
}

interface Started {
  /** New, and gone after the visit. */
  readonly home: string;
  browser?: Browser;
  /** Rejects when the browser ends: not everything that waits for it does. */
  gone?: Promise<never>;
  context?: BrowserContext;
}

const NOTHING = {
  isOutOfTime: false,
  firstByte: null,
  finalUrl: null,
  httpStatus: null,
  bytes: null,
  protocol: null,
};

async function start(
  started: Started,
  { browser, home, quic, har }: VisitOrder,
  chromium: BrowserType,
): Promise<Page> {
  await cp(home, started.home, { recursive: true });
  started.browser = await chromium.launch({
    executablePath: browser,
    // Chromium refuses to run as root with one.
    chromiumSandbox: process.geteuid?.() !== 0,
    args: [
      '--no-proxy-server',
      ...(quic.length === 0
        ? ['--disable-quic']
        : ['--enable-quic', `--origin-to-force-quic-on=${quic.join(',')}`]),
    ],
    env: { ...process.env, HOME: started.home },
    timeout: START_LIMIT,
  });
  const gone = endOf(started.browser);
  started.gone = gone;
  const opened = started.browser.newContext({
    ...(har && {
      recordHar: { path: har.path, mode: har.mode, content: har.bodies ? 'embed' : 'omit' },
    }),
  });
  started.context = await Promise.race([opened, gone]);
  return Promise.race([started.context.newPage(), gone]);
}

function endOf(browser: Browser): Promise<never> {
  const gone = new Promise<never>((_, reject) => {
    browser.once('disconnected', () => reject(new Error(ENDED)));
  });
  // It always ends, and nobody may be waiting by then.
  gone.catch(() => undefined);
  return gone;
}

const ENDED = 'the browser ended';

const hangs = (): never => {
  throw new Error(`the browser did not start within ${2 * START_LIMIT} ms`);
};

async function visit(
  started: Started,
  page: Page,
  order: VisitOrder,
): Promise<Omit<VisitReport, 'isClosed'>> {
  let response: Response | undefined;
  let firstByte: number | null = null;
  const begin = nowMicros();
  page.on('response', (one) => {
    if (!one.request().isNavigationRequest() || one.frame() !== page.mainFrame()) return;
    response = one;
    firstByte = (nowMicros() - begin) / 1000;
  });
  const loaded = page.goto(order.url, { timeout: order.timeout, waitUntil: 'load' });
  const failure = await Promise.race([loaded, started.gone ?? loaded]).then(
    () => null,
    (error: unknown) => error,
  );
  const end = nowMicros();
  // Of the document that was loaded: a page may go to another by itself while it drains.
  const seen = {
    firstByte,
    finalUrl: response === undefined ? null : page.url(),
    httpStatus: response?.status() ?? null,
  };
  const [bytes, protocol] = await Promise.all([
    known(response?.body().then(({ length }) => length)),
    known(response?.httpVersion()),
  ]);
  await delay(order.drain);
  return {
    begin,
    end,
    error: failure === null ? null : reasonOf(failure, started),
    isOutOfTime: failure instanceof Error && failure.name === 'TimeoutError',
    ...seen,
    bytes,
    protocol,
  };
}

/** Null where a browser does not say, or not in time. */
const known = <T>(asked: Promise<T> | undefined): Promise<T | null> =>
  asked === undefined
    ? Promise.resolve(null)
    : within<T | null>(
        asked.catch(() => null),
        READ_LIMIT,
        () => null,
      );

async function close({ context, browser, home }: Started): Promise<boolean> {
  const closed = (work: Promise<void> | undefined): Promise<boolean> =>
    within(
      (work ?? Promise.resolve()).then(
        () => true,
        () => false,
      ),
      CLOSE_LIMIT,
      () => false,
    );
  // The HAR is written when its context closes.
  const isWritten = await closed(context?.close());
  const isClosed = await closed(browser?.close());
  await rm(home, { recursive: true, force: true });
  return isWritten && isClosed;
}

/** Its first line: what follows is a log of calls, with the colours of a terminal. */
const reasonOf = (error: unknown, { browser }: Started): string =>
  browser?.isConnected() === false
    ? ENDED
    : ((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '');
