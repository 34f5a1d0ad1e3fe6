/** What computes the models of a censor: whoever runs it brings one, and without it no condition over a model is true. */
export interface ModelEvaluator {
  /** The output of `CensorSpec.models[model]` for these inputs; null when it has none, which makes the condition unknown. */
  evaluate(model: number, features: Float32Array): Float32Array | null;
}
