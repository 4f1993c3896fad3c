/** What needs neither files nor Node: for devices that hold their bytes otherwise, such as a browser. */
export { budgetedSource } from './bytes/source.ts'
export type { MediaFacts } from './facts.ts'
export { factsOf, isMedia, readSource } from './read-source.ts'
export { isMediaName } from './recognise/media-names.ts'
