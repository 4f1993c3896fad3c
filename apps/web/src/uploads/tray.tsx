import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useDevice, useWatched } from '../app/device-context.tsx';
import type { UploadSummary } from '../device/contract.ts';
import { formatBytes, formatTimeLeft } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Bar } from '../ui/progress.tsx';
import { UploadList } from './upload-list.tsx';
import { useWakeLock } from './wake-lock.ts';
import './uploads.css';

/** What is being added: how far, how fast, and what became of each file. */
export function Tray(): ReactNode {
  const { uploads } = useDevice();
  const summary = useWatched(uploads.summary);
  const [isOpen, setOpen] = useState(false);
  const isMoving = summary !== undefined && summary.byState.copying + summary.byState.uploading > 0;
  useWakeLock(isMoving);
  if (summary === undefined || summary.total === 0) return null;
  const { byState } = summary;
  const isFinished = byState.copying + byState.waiting + byState.uploading === 0;
  return (
    <section className="tray" aria-label={strings.uploads.title}>
      <header>
        <h2>{heading(summary, isFinished)}</h2>
        <p className="figures" role="status">
          {isFinished ? strings.uploads.progress(byState.verified, summary.total) : motion(summary)}
        </p>
        <IconButton label={isOpen ? strings.uploads.hide : strings.uploads.show} onPress={() => setOpen(!isOpen)}>
          {isOpen ? <ChevronDown /> : <ChevronUp />}
        </IconButton>
        {isFinished && (
          <IconButton label={strings.uploads.clear} onPress={() => void uploads.clearFinished()}>
            <X />
          </IconButton>
        )}
      </header>
      {!isFinished && <Bar label={strings.uploads.title} fraction={summary.totalBytes === 0 ? null : summary.doneBytes / summary.totalBytes} />}
      {isOpen && <UploadList version={summary.version} total={summary.total} />}
      {isOpen && (
        <footer>
          <span>{isFinished ? '' : strings.uploads.keepOpen}</span>
          {byState.failed > 0 && (
            <Button size="small" onPress={() => void uploads.retry()}>
              {strings.uploads.retry}
            </Button>
          )}
          {!isFinished && (
            <Button size="small" onPress={() => void uploads.cancel()}>
              {strings.uploads.stop}
            </Button>
          )}
        </footer>
      )}
    </section>
  );
}

function heading({ byState, total }: UploadSummary, isFinished: boolean): string {
  if (byState.failed > 0) return strings.uploads.someFailed(byState.failed);
  return isFinished && byState.verified === total ? strings.uploads.allDone(total) : strings.uploads.title;
}

function motion({ byState, total, bytesPerSecond, secondsLeft }: UploadSummary): string {
  const parts = [strings.uploads.progress(byState.verified, total)];
  if (bytesPerSecond > 0) parts.push(strings.uploads.speed(formatBytes(bytesPerSecond)));
  if (secondsLeft !== null) parts.push(strings.uploads.left(formatTimeLeft(secondsLeft * 1000)));
  return parts.join(' · ');
}
