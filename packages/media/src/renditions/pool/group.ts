/** Windows has no process groups; there a worker ends alone. */
export const hasGroups = process.platform !== 'win32'

/** Ends this worker process, all its threads and every process it started, whatever they are doing. */
export function endGroup(): void {
  process.kill(hasGroups ? -process.pid : process.pid, 'SIGKILL')
}
