/** How well a classifier that knows the sites tells from one path which was visited. */
export interface PathCheck {
  readonly path: string;
  readonly sites: number;
  readonly traces: number;
  /** Parts of the traces, each of which was judged by the others. */
  readonly folds: number;
  /** k-NN over the features of CUMUL. */
  readonly cumul: Accuracy;
  /** k-NN over the leaves that the features of k-fingerprinting reach in a random forest. */
  readonly kfp: Accuracy;
  /** What is right of always naming the site that has most traces. */
  readonly chance: number;
  /** What was left out and why, one sentence each. */
  readonly notes: readonly string[];
}

export interface Accuracy {
  readonly right: number;
  /** Of all traces. */
  readonly share: number;
  /** Wilson's interval of 95 %. */
  readonly low: number;
  readonly high: number;
}
