/** A file as it is now. */
export interface OpenFile {
  /** Another one for other contents. */
  readonly edition: string;
  /** Epoch milliseconds when it was last written. */
  readonly writtenAt: number;
  /** Whether it can be there in parts: an object of S3 is there as a whole, or not at all. */
  readonly mayGrow: boolean;
  /** Its bytes from a place on. Rejects with a FetchError once it is another file. */
  read(from: number): AsyncIterable<Uint8Array>;
}

/** The bytes behind the last one. */
export async function* nothing(): AsyncGenerator<Uint8Array> {}
