/** Why a job ended without an outcome of its own, out of the line that the pool logs. */
export function causeOf(line: string): string {
  const message = line.replace(/^\w+: /, '')
  if (/^took longer|^made no progress/.test(message)) return 'time limit'
  if (/^took .* of memory/.test(message)) return 'memory limit'
  const signal = /^the worker process was ended by (\w+)/.exec(message)?.[1]
  if (signal !== undefined) return signal
  const code = /^the worker process ended with code (\w+)/.exec(message)?.[1]
  if (code !== undefined) return `code ${code}`
  return `threw: ${message.slice(0, 120)}`
}

/** The worker lived on: it was no death, but a defect of ours all the same. */
export const isThrown = (cause: string): boolean => cause.startsWith('threw: ')
