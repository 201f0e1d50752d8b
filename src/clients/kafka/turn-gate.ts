/**
 * Keeps the pulls of a consumer and the actions that must not run beside one (assignments, seeks) apart: an action waits
 * for the pull in flight, pulls wait until no action is left. Actions run one at a time, in the order they came.
 */
export class TurnGate {
  readonly #onFree: () => void;
  #isPulling = false;
  #actions = 0;
  #lastAction: Promise<void> = Promise.resolve();
  #pullEnded: (() => void) | undefined;

  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  /** Whether a pull may begin. */
  get isFree(): boolean {
    return !this.#isPulling && this.#actions === 0;
  }

  beginPull(): void {
    this.#isPulling = true;
  }

  endPull(): void {
    this.#isPulling = false;
    this.#pullEnded?.();
    this.#pullEnded = undefined;
  }

  run<T>(action: () => T | Promise<T>): Promise<T> {
    this.#actions++;
    const result = this.#lastAction.then(() => this.#withoutPull()).then(action);
    this.#lastAction = result.then(
      () => this.#ended(),
      () => this.#ended(),
    );
    return result;
  }

  /** Resolves when neither a pull nor an action is under way. */
  async idle(): Promise<void> {
    await this.#lastAction;
    await this.#withoutPull();
  }

  #withoutPull(): Promise<void> | undefined {
    if (!this.#isPulling) return undefined;
    return new Promise((resolve) => {
      const earlier = this.#pullEnded;
      this.#pullEnded = () => {
        earlier?.();
        resolve();
      };
    });
  }

  #ended(): void {
    this.#actions--;
    if (this.#actions === 0) this.#onFree();
  }
}
