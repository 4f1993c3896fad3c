/** `2024-05-01T13:05:09`: what the clock on the wall showed, at an offset from UTC. */
export function wallClock(capturedAt: number, offsetMinutes: number): string {
  return new Date(capturedAt + offsetMinutes * 60_000).toISOString().slice(0, 19)
}

/** `+02:00` */
export function offsetText(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes)
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

const two = (value: number): string => String(value).padStart(2, '0')
