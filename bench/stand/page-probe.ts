/**
 * What a page measures of itself, as script text: it runs in the browser, before the app. `probe.first` is the
 * time of the first photo on screen, from the beginning of the navigation.
 *
 * A frame is blank where the rows of the timeline are not there for half of its height, or where most of the
 * photos that are there show neither themselves nor a placeholder, which at first, and in fast motion, is
 * its mean colour. What is empty by its layout is not blank: the strips of the days' labels, and the end
 * of a row that few photos fill. It is looked for every 50 ms: a look takes some milliseconds itself.
 */
export const probe = `(() => {
  const probe = { first: null, frames: [], blankMs: 0, longestBlankMs: 0, running: false };
  const paints = (cell) => cell !== null && (cell.querySelector('img[data-here]') !== null || (cell.style.backgroundImage !== '' && cell.style.backgroundImage !== 'none') || cell.style.backgroundColor !== '');
  const HEIGHTS = 12;
  const isBlank = () => {
    const box = document.querySelector('.scroller')?.getBoundingClientRect();
    if (box === undefined) return true;
    let [rows, photos, seen] = [0, 0, 0];
    for (let down = 0; down < HEIGHTS; down += 1) {
      // The bar above the timeline covers some of it. Each row begins at the left with a photo.
      const y = box.top + box.height * (0.1 + (0.88 * down) / HEIGHTS);
      for (const across of [0.04, 0.3, 0.55, 0.8]) {
        const at = document.elementFromPoint(box.left + box.width * across, y);
        if (across === 0.04 && at?.closest('.grid-row')) rows += 1;
        const cell = at?.closest('.cell, .fast-cell') ?? null;
        if (cell === null) continue;
        photos += 1;
        if (paints(cell)) seen += 1;
      }
    }
    return rows < HEIGHTS / 2 || seen < photos / 2;
  };
  let last = null;
  let blankSince = null;
  let lookedAt = 0;
  const frame = (now) => {
    if (probe.first === null && document.querySelector('.cell img[data-here]') !== null) probe.first = performance.now();
    if (probe.running) {
      if (last !== null) probe.frames.push(now - last);
      last = now;
      if (now - lookedAt < 50) return void requestAnimationFrame(frame);
      lookedAt = now;
      const blank = isBlank();
      if (blank) blankSince ??= now;
      // Until the look that finds something again.
      if (blankSince !== null) probe.longestBlankMs = Math.max(probe.longestBlankMs, now - blankSince);
      if (!blank) blankSince = null;
    } else {
      last = null;
      blankSince = null;
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  probe.begin = () => { probe.frames = []; probe.longestBlankMs = 0; probe.running = true; };
  probe.end = () => {
    probe.running = false;
    return { frames: probe.frames, longestBlankMs: probe.longestBlankMs };
  };
  globalThis.probe = probe;
})()`;

/** What `probe.end()` gives. */
export interface Probed {
  /** Milliseconds from each frame to the next. */
  readonly frames: readonly number[];
  readonly longestBlankMs: number;
}
