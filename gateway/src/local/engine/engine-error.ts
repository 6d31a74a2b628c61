/** A task that cannot go on for a reason that a retry would not change. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  /** `input`, `condition`, `loop`, `importer`, `platform`, `output`. */
  readonly code: string;

  constructor(message: string, code = 'input') {
    super(message);
    this.code = code;
  }
}
