/** What packets of a flow may betray, whether or not it explains how the flow ended. */
export const SIGNALS = [
  'injected-rst',
  'injected-dns',
  'block-page',
  'silent-drop',
  'policing',
  'shaping',
  'residual-blocking',
  'tampering',
  'retransmission',
  'conflicting-segments',
] as const;
export type SignalKind = (typeof SIGNALS)[number];
