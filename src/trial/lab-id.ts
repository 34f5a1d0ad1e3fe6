import { randomBytes } from 'node:crypto';

/** Eight hexadecimal digits: short enough to type, and two labs of one machine do not meet. */
export const newLabId = (): string => randomBytes(4).toString('hex');
