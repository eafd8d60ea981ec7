/** What host and worker say to each other. Payloads cross as JSON text, as on AWS. */
export type Start = { readonly file: string; readonly exportName: string; readonly clock: SharedArrayBuffer };

export type ToWorker = {
  readonly requestId: string;
  readonly payload: string;
  /** Real milliseconds. */
  readonly remainingMs: number;
  readonly arn: string;
  readonly traceId: string;
};

export type Failure = { readonly errorType: string; readonly errorMessage: string; readonly trace: readonly string[] };

export type FromWorker =
  | { readonly type: 'ready' }
  | ({ readonly type: 'unusable' } & Failure)
  | { readonly type: 'answer'; readonly requestId: string; readonly payload: string }
  | ({ readonly type: 'error'; readonly requestId: string } & Failure);
