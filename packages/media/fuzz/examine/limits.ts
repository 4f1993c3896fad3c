import { defaultLimits } from '../../src/renditions/job.ts'
import type { RenderLimits } from '../../src/renditions/job.ts'

/** The server's own, but for the time: a third of it, so that a run over thousands of bombs ends. */
export const renderLimits: RenderLimits = { ...defaultLimits, milliseconds: 20_000 }
export const videoStallMilliseconds = 20_000
export const videoMilliseconds = 40_000

/** The pool looks at a worker's memory 20 times a second and promises to overrun by 250 MB at most; a busy machine looks later. */
export const memoryOverrunBytes = 300 * 1024 ** 2

/** Waiting for a worker to start and to be killed, on a busy machine. */
export const lateMilliseconds = 60_000

/** Processor time in which a file is recognised and all its headers are read. A camera's takes some 1 ms; the readers' budget of steps bounds the worst. */
export const readerCpuMilliseconds = 1500
/** The readers read 8 MiB at most, twice, and check for wholeness in pieces. */
export const readerMemoryBytes = 128 * 1024 ** 2
/** No reader waits for anything but the disk. */
export const readerMilliseconds = 60_000

/** After so many files all code is loaded and compiled, and every cache has been filled once. */
export const warmFiles = 400
/** By so much the process may have grown at the end: a byte kept of each of many files would show. */
export const growthBytes = 16 * 1024 ** 2
