/** Put in by infra/build.js from package.json. */
declare const RUNNER_VERSION: string | undefined;

export const VERSION: string =
  typeof RUNNER_VERSION === 'string' ? RUNNER_VERSION : '0.0.0-unbuilt';
