/** How a job ended. */
export type Ended<Value> =
  | { readonly how: 'value'; readonly value: Value }
  /** The job threw. `system`: the operating system refused something (disk full, file gone) or the job's own code cannot be loaded: no fault of its content. */
  | { readonly how: 'threw'; readonly message: string; readonly system: boolean }
  /** It broke a limit, or crashed its process. */
  | { readonly how: 'broke'; readonly message: string }
  /** Someone else ended the process: a system short of memory, a person. */
  | { readonly how: 'killed'; readonly message: string }
  | { readonly how: 'cancelled' }
  /** It was not tried: no process could be started, or the pool is closed or full. */
  | { readonly how: 'not_run'; readonly message: string }
