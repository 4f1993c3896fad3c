/**
 * What a page measures of itself, as script text: it runs in the browser, before the app. `probe.first` is the
 * time of the first photo on screen, from the beginning of the navigation.
 *
 * A frame is blank where most of some points across the timeline show neither a photo nor its placeholder, which
 * in fast motion is the photo's mean colour. It is looked for every 50 ms: a look takes some milliseconds itself.
 */
export const probe = `(() => {
  const probe = { first: null, frames: [], blankMs: 0, longestBlankMs: 0, running: false };
  const paints = (cell) => cell !== null && (cell.querySelector('img[data-here]') !== null || (cell.style.backgroundImage !== '' && cell.style.backgroundImage !== 'none') || cell.style.backgroundColor !== '');
  const isBlank = () => {
    const box = document.querySelector('.scroller')?.getBoundingClientRect();
    if (box === undefined) return true;
    let seen = 0;
    for (const [x, y] of [[0.2, 0.3], [0.5, 0.3], [0.8, 0.3], [0.2, 0.7], [0.5, 0.7], [0.8, 0.7]]) {
      if (paints(document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)?.closest('.cell, .fast-cell') ?? null)) seen += 1;
    }
    return seen < 2;
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
