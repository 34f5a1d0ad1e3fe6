import { type Trace, totalsOf } from '../../../model/trace.ts';

/** Points of the curve. */
const POINTS = 100;

/**
 * CUMUL (Panchenko et al., "Website Fingerprinting at Internet Scale", NDSS 2016): packets and bytes of both directions, and 100 points in equal
 * steps of the curve that goes up by each packet to the client and down by each from it. Knows no times.
 */
export function cumulFeatures(trace: Pick<Trace, 'times' | 'sizes'>): number[] {
  const { packetsIn, packetsOut, bytesIn, bytesOut } = totalsOf(trace);
  // How far along both ways, and how high there.
  const along = [0];
  const height = [0];
  for (const size of trace.sizes) {
    along.push((along.at(-1) ?? 0) + Math.abs(size));
    height.push((height.at(-1) ?? 0) - size);
  }
  const end = along.at(-1) ?? 0;
  const curve: number[] = [];
  let at = 0;
  for (let point = 1; point <= POINTS; point += 1) {
    const place = (end * point) / POINTS;
    while (at + 2 < along.length && (along[at + 1] ?? 0) < place) at += 1;
    const [from, to] = [along[at] ?? 0, along[at + 1] ?? 0];
    const [low, high] = [height[at] ?? 0, height[at + 1] ?? 0];
    curve.push(to > from ? low + ((high - low) * (place - from)) / (to - from) : low);
  }
  return [packetsIn, packetsOut, bytesIn, bytesOut, ...curve];
}
