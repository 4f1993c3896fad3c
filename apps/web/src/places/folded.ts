/** As people type it: `zurich` finds Zürich. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();
}

/** Whether a word of the text begins with what is wanted; both are folded. */
export function beginsIn(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) if (at === 0 || /[\s\-'’/(]/.test(text[at - 1] ?? '')) return true;
  return false;
}
