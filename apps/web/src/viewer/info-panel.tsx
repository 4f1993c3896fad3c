import { CircleCheck, Clock, MapPin, Pencil, X } from 'lucide-react';
import { reasons } from '@everroll/protocol';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link } from 'wouter';
import type { AssetView } from '../device/contract.ts';
import { formatBytes, formatClock, formatDuration, formatExposure, formatOffset, formatWallDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Caption } from './caption.tsx';
import { Looks } from './looks.tsx';
import './info-panel.css';

const DateDialog = lazy(async () => ({ default: (await import('../correct/date-dialog.tsx')).DateDialog }));
const PlaceDialog = lazy(async () => ({ default: (await import('../correct/place-dialog.tsx')).PlaceDialog }));
const PlaceMap = lazy(async () => import('./place-map.tsx'));

/** What is known of a photo, and where its bytes are. */
export function InfoPanel({ view, onClose }: { readonly view: AssetView; readonly onClose: () => void }): ReactNode {
  const { asset } = view;
  const words = strings.viewer;
  const [correcting, setCorrecting] = useState<'date' | 'place' | null>(null);
  const wallMs = asset.capture.at + (asset.capture.offsetMinutes ?? 0) * 60_000;
  return (
    <aside className="info" aria-label={words.info}>
      <header>
        <h2>{words.info}</h2>
        <IconButton label={strings.actions.close} onPress={onClose}>
          <X />
        </IconButton>
      </header>
      <Caption key={asset.id} asset={asset} />
      <section className="taken">
        <IconButton label={strings.correct.changeDate} onPress={() => setCorrecting('date')}>
          <Pencil />
        </IconButton>
        <p className="strong">{formatWallDay(wallMs)}</p>
        <p className="quiet figures">
          {formatClock(wallMs)}
          {asset.capture.offsetMinutes !== null && ` ${formatOffset(asset.capture.offsetMinutes)}`}
          {asset.details?.zone !== undefined && ` · ${asset.details.zone}`}
        </p>
      </section>
      <Looks view={view} />
      <CameraFacts view={view} />
      <section>
        <h3>{words.place}</h3>
        {asset.place && (
          <Suspense fallback={null}>
            <PlaceMap latitude={asset.place.latitude} longitude={asset.place.longitude} />
          </Suspense>
        )}
        <Button size="small" look="plain" onPress={() => setCorrecting('place')}>
          <MapPin />
          {asset.place === null ? strings.correct.addPlace : strings.correct.changePlace}
        </Button>
      </section>
      {view.albums.length > 0 && (
        <section>
          <h3>{words.albums}</h3>
          <div className="albums">
            {view.albums.map(({ id, name }) => (
              <Link key={id} href={`/albums/${id}`}>
                {name}
              </Link>
            ))}
          </div>
        </section>
      )}
      <WhereTheBytesAre view={view} />
      <Suspense fallback={null}>
        {correcting === 'date' && <DateDialog assets={[asset.id]} onClose={() => setCorrecting(null)} />}
        {correcting === 'place' && <PlaceDialog assets={[asset.id]} onClose={() => setCorrecting(null)} />}
      </Suspense>
    </aside>
  );
}

function CameraFacts({ view: { asset } }: { readonly view: AssetView }): ReactNode {
  const { details } = asset;
  if (details === null) return null;
  const { camera, exposure } = details;
  const make = camera?.make !== undefined && camera.model?.startsWith(camera.make) !== true ? `${camera.make} ` : '';
  const name = camera?.model === undefined ? camera?.make : `${make}${camera.model}`;
  const size = details.width !== undefined && details.height !== undefined ? `${details.width} × ${details.height}` : null;
  const megapixels = details.width !== undefined && details.height !== undefined && details.width * details.height >= 100_000 ? strings.viewer.megapixels(String(Number(((details.width * details.height) / 1e6).toFixed(1)))) : null;
  const facts = [
    exposure?.focalLength35mm !== undefined ? `${Math.round(exposure.focalLength35mm)} mm` : exposure?.focalLengthMm !== undefined ? `${exposure.focalLengthMm} mm` : null,
    exposure?.fNumber === undefined ? null : `ƒ/${Number(exposure.fNumber.toFixed(1))}`,
    exposure?.seconds === undefined ? null : formatExposure(exposure.seconds),
    exposure?.iso === undefined ? null : `ISO ${exposure.iso}`,
    exposure?.biasEv === undefined || exposure.biasEv === 0 ? null : `${exposure.biasEv > 0 ? '+' : '−'}${Math.abs(Number(exposure.biasEv.toFixed(1)))} EV`,
    exposure?.flashFired === true ? strings.viewer.flash : null,
    details.hdr === undefined ? null : strings.viewer.hdr[details.hdr],
    details.codec === undefined ? null : details.codec.toUpperCase(),
    details.frameRate === undefined ? null : `${Math.round(details.frameRate)} fps`,
    details.durationMs === undefined || details.durationMs === 0 ? null : formatDuration(details.durationMs),
    ...(details.marks ?? []).map((mark) => strings.viewer.marks[mark]),
  ].filter((fact) => fact !== null);
  return (
    <section>
      <h3>{strings.viewer.camera}</h3>
      {name !== undefined && <p className="strong">{name}</p>}
      {camera?.lens !== undefined && <p className="quiet">{camera.lens}</p>}
      <p className="quiet figures">{[size, asset.mediaKind === 'video' ? null : megapixels].filter((part) => part !== null).join(' · ')}</p>
      <div className="facts figures">
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </div>
      {details.keywords !== undefined && <p className="quiet">{details.keywords.join(', ')}</p>}
    </section>
  );
}

function WhereTheBytesAre({ view }: { readonly view: AssetView }): ReactNode {
  const words = strings.viewer;
  return (
    <section>
      <h3>{words.where}</h3>
      {view.where.map((file) => {
        const why = view.here.find(({ sha256 }) => sha256 === file.sha256)?.reason ?? file.wanted?.reason ?? null;
        return (
          <div key={file.sha256 + file.role} className="file">
            {file.onServer ? <CircleCheck className="good" aria-hidden="true" /> : <Clock className="waiting" aria-hidden="true" />}
            <span className="name">{file.name}</span>
            <span className="quiet figures">
              {words.roles[file.role]} · {formatBytes(file.bytes)}
            </span>
            <span className="quiet">{file.onServer ? words.verified : words.notYet}</span>
            {!file.onServer && why && <span className="quiet">{reasons[why.code].sentence}</span>}
            {file.here.length > 0 && <span className="quiet">{words.inBrowser}</span>}
            <span className="quiet hash" title={words.verifiedText}>
              SHA-256 {file.sha256.slice(0, 16)}…{file.sha256.slice(-8)}
            </span>
          </div>
        );
      })}
    </section>
  );
}
