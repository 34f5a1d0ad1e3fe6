// A mirror that copied, for tests of reports.
import type { CompareStatistics } from '../../src/model/mirror-compare.ts';
import type { MirrorRecord, MirrorStatistics } from '../../src/model/mirror-record.ts';

export const STATISTICS: MirrorStatistics = {
  sessions: { seen: 22, open: 0, refused: { 'not-sampled': 2 } },
  copies: { begun: 20, whole: 20, short: 0, endings: { finished: 20 } },
  bytes: { copied: 1_500_000, sent: 1_500_000, short: 0, waiting: 0, mostWaiting: 3000 },
  packets: { captured: 90, sent: 80, retransmitted: 3, answers: 70, strays: 0, leaked: 0 },
  ...{ reopened: 0, unanswered: 0 },
};

export const RECORD: MirrorRecord = {
  ...{ name: 'shadow', online: 'web', target: 'copy', assistant: 'third' },
  statistics: STATISTICS,
  comparison: null,
};

const LATENCY = { count: 40, p50: 2.1, p90: 3, p99: 8 };
export const COMPARISON: CompareStatistics = {
  ...{ pairs: 40, different: 1, missing: 0, extra: 0, unread: 0, faults: 0 },
  differences: [
    {
      ...{ session: 3, copy: 4, request: 2, asked: 'GET /<b>', what: 'status' },
      detail: 'status 200, not 500',
      online: { status: '200', bytes: 1500, firstByte: 2, lastByte: 3 },
      target: { status: '500', bytes: 20, firstByte: 5, lastByte: 5 },
    },
  ],
  latency: {
    online: {
      ...LATENCY,
      buckets: [
        { below: 1.5, count: 10 },
        { below: 2, count: 20 },
        { below: 8, count: 10 },
      ],
    },
    target: { ...LATENCY, p50: 4.2, buckets: [{ below: 8, count: 40 }] },
  },
};
