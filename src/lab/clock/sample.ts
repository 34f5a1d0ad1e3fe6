// One exchange with a machine about the time, as NTP has it (RFC 5905 section 8).

/** Microseconds since the epoch: `told` on the machine's clock, the others on the controller's. */
export interface ClockSample {
  /** Before the question left: no later than the moment that `told` is about. */
  readonly sent: number;
  readonly told: number;
  /** After the answer came: no earlier than that moment. */
  readonly received: number;
}

/** What a sample proves: microseconds to add to what the machine told, at the least and at the most. */
export interface OffsetBounds {
  /** Seconds on the controller's clock, and on the machine's, since the first sample. */
  readonly elapsed: number;
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** Microseconds: what rounding may have taken from a time. Beyond 2^50 a double counts quarters of them. */
const ROUNDING = 1;

export function boundsOf(samples: readonly ClockSample[]): OffsetBounds[] {
  const [first] = samples;
  if (!first) return [];
  return samples.map(({ sent, told, received }) => ({
    elapsed: (sent - first.sent) / 1e6,
    at: (told - first.told) / 1e6,
    low: sent - told - ROUNDING,
    high: received - told + ROUNDING,
  }));
}

const roundTrip = ({ sent, received }: ClockSample): number => received - sent;

/** Of each two neighbours the one with the shorter round trip: the other adds little. */
export const thinned = (samples: readonly ClockSample[]): ClockSample[] =>
  samples.flatMap((sample, index) => {
    if (index % 2 === 1) return [];
    const next = samples[index + 1];
    return [next && roundTrip(next) < roundTrip(sample) ? next : sample];
  });
