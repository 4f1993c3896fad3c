/** The code of a job cannot be loaded (a broken installation): no fault of any file. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded'
}

/** @throws NotLoaded */
export async function load<Module>(module: Promise<Module>): Promise<Module> {
  try {
    return await module
  } catch (error) {
    throw new NotLoaded(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
