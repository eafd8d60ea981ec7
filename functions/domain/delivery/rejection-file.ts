import type { ObjectStore } from '../ports.ts';
import type { RowRejection } from './delivery.ts';
import { CSV } from './places.ts';
import type { FileLayout } from './reading.ts';
import { rejectionHeader, rejectionRows, type SenderWords } from './rejection.ts';

/** What is held before it is handed on: memory does not grow with the file. */
const PIECE = 64 * 1024;

/**
 * A rejection file that is written while the rows come: `add` waits for the store when that is slower. Without a refused
 * row there is no file. A file that is stopped is not written at all.
 */
export class RejectionFile {
  /** Bytes so far, header included. */
  bytes = 0;
  private readonly write: (body: AsyncIterable<Uint8Array>) => Promise<void>;
  private readonly words: SenderWords;
  private readonly encoder = new TextEncoder();
  private header: readonly string[] = [];
  private rowOf: (rejection: RowRejection) => string = rejectionRows();
  private writing: Promise<void> | undefined;
  private failed: { readonly error: unknown } | undefined;
  private piece = new Uint8Array(PIECE);
  private filled = 0;
  private full: Uint8Array | undefined;
  private state: 'open' | 'closed' | 'stopped' = 'open';
  private wakeWriter: () => void = () => undefined;
  private wakeAdder: () => void = () => undefined;

  /** `words`: how the sender writes, for what we say to it. */
  constructor(objects: Pick<ObjectStore, 'write'>, bucket: string, key: string, words: SenderWords = {}) {
    this.write = (body) => objects.write(bucket, key, body, CSV);
    this.words = words;
  }

  open({ header }: Pick<FileLayout, 'header'>): void {
    this.header = header;
    this.rowOf = rejectionRows(this.words, header);
  }

  /** Answers how many bytes the row takes. */
  async add(rejection: RowRejection): Promise<number> {
    if (this.writing === undefined) {
      this.writing = this.write(this.pieces()).catch((error: unknown) => {
        this.failed = { error };
        this.wakeAdder();
      });
      await this.put(rejectionHeader(this.header));
    }
    return this.put(this.rowOf(rejection));
  }

  /** After the last row: resolves once the file is there; 0 = there is none. */
  async close(): Promise<number> {
    await this.end('closed');
    if (this.failed) throw this.failed.error;
    return this.bytes;
  }

  /** Leaves what was begun unwritten: the file was refused, or reading it failed. */
  async stop(): Promise<void> {
    await this.end('stopped');
  }

  private async end(state: 'closed' | 'stopped'): Promise<void> {
    this.state = state;
    this.wakeWriter();
    await this.writing;
  }

  private async put(text: string): Promise<number> {
    const before = this.bytes;
    for (let rest = text; rest !== ''; ) {
      const { read, written } = this.encoder.encodeInto(rest, this.piece.subarray(this.filled));
      this.filled += written;
      this.bytes += written;
      rest = rest.slice(read);
      // A sign of several bytes may not fit any more.
      if (rest !== '') await this.handOn();
    }
    return this.bytes - before;
  }

  private async handOn(): Promise<void> {
    while (this.full !== undefined && this.failed === undefined)
      await new Promise<void>((resolve) => {
        this.wakeAdder = resolve;
      });
    if (this.failed) throw this.failed.error;
    this.full = this.piece.subarray(0, this.filled);
    this.piece = new Uint8Array(PIECE);
    this.filled = 0;
    this.wakeWriter();
  }

  private async *pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.state === 'stopped') throw new Error('RejectionFileStopped');
      if (this.full !== undefined) {
        const piece = this.full;
        this.full = undefined;
        this.wakeAdder();
        yield piece;
      } else if (this.state === 'closed') {
        yield this.piece.subarray(0, this.filled);
        return;
      } else
        await new Promise<void>((resolve) => {
          this.wakeWriter = resolve;
        });
    }
  }
}
