import type { FileRejection } from './delivery.ts';

/** A whole file that cannot be read on: thrown inside the reading of a stream, caught where the verdict is given. */
export class FileRefused extends Error {
  readonly rejection: FileRejection;
  constructor(rejection: FileRejection) {
    super('FileRefused');
    this.name = 'FileRefused';
    this.rejection = rejection;
  }
}
