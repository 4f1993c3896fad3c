/**
 * Script that makes a page of its own of the one it runs in: a scroller as high as the timeline's may be, on which one
 * picture is repeated. It shows as many pixels as the timeline and does nothing else: what a browser without a GPU
 * can at most.
 * @param picture its address
 */
export const bareScroller = (picture: string): string => `(() => {
  document.body.innerHTML = '';
  document.body.style.margin = '0';
  const scroller = document.createElement('div');
  scroller.style.cssText = 'height: 100vh; overflow: hidden scroll';
  const canvas = document.createElement('div');
  canvas.style.cssText = 'height: 12000000px; background: url(' + JSON.stringify(${JSON.stringify(picture)}) + ') 0 0 / 192px 144px repeat';
  scroller.append(canvas);
  document.body.append(scroller);
})()`;
