import { ChevronLeft, ChevronRight, Pause, Play, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { prefersStillness } from '../app/media-query.ts';
import { useDevice } from '../app/device-context.tsx';
import { type Face, type Memory, RowFlag } from '../device/contract.ts';
import { formatLongDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import '../ui/full-screen.css';
import { useWakeLock } from '../uploads/wake-lock.ts';

/** Long enough to look, short enough not to wait. */
const EACH_MS = 5000;

/** The photos of a memory one after the other, without haste. */
export function Slideshow({ memory, onClose }: { readonly memory: Memory; readonly onClose: () => void }): ReactNode {
  const words = strings.memories;
  const faces = useFaces(memory);
  const [at, setAt] = useState(0);
  const [isShown, setShown] = useState(false);
  // Who likes no motion goes on by themselves.
  const [isPlaying, setPlaying] = useState(() => !prefersStillness());
  const last = faces.length - 1;
  const face = faces[Math.min(at, last)];
  const next = faces[Math.min(at, last) + 1];
  const step = (by: 1 | -1): void => {
    setShown(false);
    setAt(Math.max(0, Math.min(last, at + by)));
  };
  useWakeLock(isPlaying);
  useEffect(() => {
    // The time begins when the picture is there, whatever the network needs.
    if (!isPlaying || !isShown) return;
    const timer = setTimeout(() => (at < last ? step(1) : setPlaying(false)), EACH_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a step is made of these
  }, [isPlaying, isShown, at, last]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const isRtl = document.dir === 'rtl';
    const keys: Readonly<Record<string, () => void>> = { ArrowRight: () => step(isRtl ? -1 : 1), ArrowLeft: () => step(isRtl ? 1 : -1), p: () => setPlaying(!isPlaying) };
    keys[event.key]?.();
  };
  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className="full-screen">
      <Modal className="full-screen-modal">
        <Dialog aria-label={words.play(formatLongDay(memory.day))} className="slideshow">
          {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys for the whole show; each has a button */}
          <div className="show" onKeyDown={onKeyDown}>
            {face && (
              <div key={face.id} className="slide" {...(isPlaying && { 'data-playing': '' })}>
                {(face.flags & RowFlag.noPicture) === 0 && <Picture id={face.id} shown={face.shown} rendition="preview" onlyHere={(face.flags & RowFlag.onlyHere) !== 0} alt={words.photo(at + 1, faces.length)} onShown={() => setShown(true)} onFail={() => setShown(true)} />}
              </div>
            )}
            {next && (
              <div className="ahead" aria-hidden="true">
                <Picture key={next.id} id={next.id} shown={next.shown} rendition="preview" onlyHere={(next.flags & RowFlag.onlyHere) !== 0} alt="" />
              </div>
            )}
            <ol className="marks" aria-hidden="true">
              {faces.map(({ id }, place) => (
                <li key={id} {...(place <= at && { 'data-seen': '' })} />
              ))}
            </ol>
            <header>
              <p>
                <strong>{strings.timeline.yearsAgo(memory.yearsAgo)}</strong>
                <span>{[formatLongDay(memory.day), memory.place].filter((part) => part !== null).join(' · ')}</span>
              </p>
              <IconButton label={strings.actions.close} onPress={onClose}>
                <X />
              </IconButton>
            </header>
            <div className="controls">
              <IconButton label={strings.viewer.previous} isDisabled={at === 0} onPress={() => step(-1)}>
                <ChevronLeft />
              </IconButton>
              <IconButton
                label={isPlaying ? words.pause : words.goOn}
                autoFocus
                onPress={() => {
                  if (!isPlaying && at >= last) setAt(0);
                  setPlaying(!isPlaying);
                }}
              >
                {isPlaying ? <Pause fill="currentColor" /> : <Play fill="currentColor" />}
              </IconButton>
              <IconButton label={strings.viewer.next} isDisabled={at >= last} onPress={() => step(1)}>
                <ChevronRight />
              </IconButton>
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function useFaces({ assets: ids }: Memory): readonly Face[] {
  const { assets } = useDevice();
  const [faces, setFaces] = useState<readonly Face[]>([]);
  useEffect(() => {
    let isHere = true;
    void assets.faces(ids).then((found) => isHere && setFaces(found));
    return () => {
      isHere = false;
    };
  }, [assets, ids]);
  return faces;
}
