/** Builds the web app where a source of it is newer, as `npm start` does. */
export async function builtApp(): Promise<void> {
  const { buildWebApp } = (await import(new URL('../../scripts/web-app.mjs', import.meta.url).href)) as { readonly buildWebApp: () => void };
  buildWebApp();
}
