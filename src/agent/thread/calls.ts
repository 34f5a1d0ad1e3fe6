/** Questions that wait for their answers, by number. */
export class Calls<T> {
  readonly #open = new Map<number, Call<T>>();
  #last = 0;

  open(): { readonly id: number; readonly answer: Promise<T> } {
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<T>((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
    });
    return { id, answer };
  }

  resolve(id: number, answer: T): void {
    this.#take(id)?.resolve(answer);
  }

  reject(id: number, reason: Error): void {
    this.#take(id)?.reject(reason);
  }

  /** There will be no more answers. */
  rejectAll(reason: Error): void {
    for (const id of [...this.#open.keys()]) this.reject(id, reason);
  }

  #take(id: number): Call<T> | undefined {
    const call = this.#open.get(id);
    this.#open.delete(id);
    return call;
  }
}

interface Call<T> {
  resolve(answer: T): void;
  reject(reason: Error): void;
}
