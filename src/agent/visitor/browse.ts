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
    const page = await start(started, order, chromium);
    await settled;
    report = await visit(page, order);
  } catch (error) {
    report = { ...NOTHING, begin: nowMicros(), end: nowMicros(), error: firstLine(error) };
  }
  return { ...report, isClosed: await close(started) };
}

interface Started {
  /** New, and gone after the visit. */
  readonly home: string;
  browser?: Browser;
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
  started.context = await started.browser.newContext({
    ...(har && {
      recordHar: { path: har.path, mode: har.mode, content: har.bodies ? 'embed' : 'omit' },
    }),
  });
  return started.context.newPage();
}

async function visit(page: Page, order: VisitOrder): Promise<Omit<VisitReport, 'isClosed'>> {
  let response: Response | undefined;
  let firstByte: number | null = null;
  const begin = nowMicros();
  page.on('response', (one) => {
    if (!one.request().isNavigationRequest() || one.frame() !== page.mainFrame()) return;
    response = one;
    firstByte = (nowMicros() - begin) / 1000;
  });
  const failure = await page.goto(order.url, { timeout: order.timeout, waitUntil: 'load' }).then(
    () => null,
    (error: unknown) => error,
  );
  const end = nowMicros();
  const [bytes, protocol] = await Promise.all([
    known(response?.body().then(({ length }) => length)),
    known(response?.httpVersion()),
  ]);
  await delay(order.drain);
  return {
    begin,
    end,
    error: failure === null ? null : firstLine(failure),
    isOutOfTime: failure instanceof Error && failure.name === 'TimeoutError',
    firstByte,
    finalUrl: response === undefined ? null : page.url(),
    httpStatus: response?.status() ?? null,
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

/** What follows is a log of calls, with the colours of a terminal. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
