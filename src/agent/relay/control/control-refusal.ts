/** What was asked of a relay's control cannot be done: an HTTP status, and why. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
  readonly status: number;
  /** The methods that there are, where it was another. */
  readonly allow: string;

  constructor(status: number, message: string, allow = '') {
    super(message);
    this.status = status;
    this.allow = allow;
  }
}
