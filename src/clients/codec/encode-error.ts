/** Why a key or value could not be written in its format; `place` is a JSON pointer inside it, `#` for the whole. */
export class EncodeError extends Error {
  readonly place: string;

  constructor(place: string, reason: string) {
    super(reason);
    this.place = place;
  }
}
