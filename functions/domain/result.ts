/** Outcome of an operation that can fail in a way the caller must handle. Errors are values of a closed union, never thrown. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error });

/** Marks a branch the types say cannot be reached; fails loudly when data from outside proves them wrong. */
export const unreachable = (value: never): never => {
  throw new Error(`UnreachableState: ${typeof value}`);
};
