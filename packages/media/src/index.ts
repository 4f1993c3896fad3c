export type { CaptureDetails, MediaFacts, MediaKind, Place } from './facts.ts'
export { isMedia, NotAFileError, readFacts } from './read-facts.ts'
export { isMediaName } from './recognise/media-names.ts'
