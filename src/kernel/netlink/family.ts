import type { IpAddress } from '../../base/addresses.ts';

/** The address family number of an IP version. */
export const addressFamily = (family: IpAddress['family']): number => (family === 4 ? 2 : 10);
