import type { Page } from 'playwright-core';

/** More than any page has places that take the focus. */
const TABS_MAX = 120;

/** What the element that has the focus is called, as far as it says so itself. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return '';
    const label = element.labels?.[0]?.innerText;
    return (element.getAttribute('aria-label') || label || element.innerText || element.className).trim();
  })()`);

/** Presses Tab until something of that name has the focus, as a person without a pointer does. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    if (name.test(here)) return;
    passed.push(here.split('\n', 1)[0] ?? '');
  }
  throw new Error(`Tab never comes to ${String(name)}; it came to ${[...new Set(passed)].join(' | ')}`);
}
