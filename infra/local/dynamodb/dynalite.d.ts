// The parts of dynalite 4.0.0 that the embedded cloud composes; the package has no types.
declare module 'dynalite/db/index.js' {
  type Callback<T = void> = (error?: Error | null, value?: T) => void;
  export type Operation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
  type SubDb = {
    put(key: string, value: unknown, callback: Callback): void;
    del(key: string, callback: Callback): void;
    get(key: string, callback: Callback<unknown>): void;
    createValueStream(options: object): NodeJS.ReadableStream;
    lock: unknown;
  };
  export type TableCallback = Callback<unknown>;
  export type Store = {
    getTable(name: string, checkStatus: boolean | TableCallback, callback?: TableCallback): void;
    db: {
      batch(operations: Operation[], callback: Callback): void;
      close(): Promise<void>;
      getSync(key: string): unknown;
      open(): Promise<void>;
    };
    getItemDb(table: string): SubDb;
    getIndexDb(kind: string, table: string, index: string): SubDb;
    tableDb: SubDb & { awsAccountId: string; awsRegion: string };
  };
  const db: { create(options: object): Store };
  export default db;
}
declare module 'dynalite/validations/index.js' {
  type Types = Record<string, unknown>;
  const validations: {
    checkTypes(data: object, types: Types): Record<string, unknown>;
    checkValidations(data: object, types: Types, custom: unknown, store: unknown): void;
  };
  export default validations;
}
