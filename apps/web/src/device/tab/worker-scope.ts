/** What a dedicated worker uses of its scope: the DOM's types know the page's alone. */
export interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

export const workerScope = self as unknown as WorkerScope;
